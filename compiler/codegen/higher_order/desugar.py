"""`reduce_sum` as the call of its function on all slices at once, which is what it means."""

from __future__ import annotations

from ... import ir, types
from .adapters import function_of


def as_user_call(call: ir.LibraryCall) -> ir.Expression | None:
    """The call that stands for a sum of calls on slices; None for other functions."""
    if call.name not in ("reduce_sum", "reduce_sum_static"):
        return None
    reference, slices, _, *rest = call.arguments
    assert isinstance(reference, ir.FunctionReference)
    whole = {"type": types.Int(), "level": ir.Level.DATA, "span": call.span}
    first = ir.IntegerLiteral(1, **whole)
    last = ir.LibraryCall("size", (slices,), **whole)
    called = ir.UserCall(
        function_of(reference), (slices, first, last, *rest), type=call.type, level=call.level, span=call.span
    )
    nothing = ir.LibraryCall("logical_eq", (last, ir.IntegerLiteral(0, **whole)), **whole)
    zero = ir.RealLiteral(0.0, type=types.Real(), level=ir.Level.DATA, span=call.span)
    return ir.Conditional(nothing, zero, called, type=call.type, level=call.level, span=call.span)
