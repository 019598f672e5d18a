"""The user's function as numerical methods call it: values into an array, derivatives row by row from its adjoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pplc.grammar.source import Span

from ... import ir, synthetic
from ...types import FunctionType
from .. import functions
from ..adjoints import accumulate
from ..complex_parts import from_parts, leaf_in_parts, to_parts
from ..context import Context
from ..elementwise import copy
from ..expressions import evaluate, stored
from ..messages import Site
from ..reverse.calls import adjoint_function
from ..values import Leaf, Slot, flatten, slots
from ..writer import Writer
from . import written_out

if TYPE_CHECKING:
    from ...lower.number_graphs import NumberGraphs


@dataclass(frozen=True, slots=True)
class Callback:
    """A function given to a solver.

    It is called with `own` leaves (one per argument of its own, like the time and the state), then with the
    `forwarded` leaves, of which some are `active`; `span` is where it was given. Where all sizes are known and small
    `graphs` is what it computes. Numerical methods know no complex numbers: they hand on the parts of such leaves.
    """

    function: ir.Function
    own: int
    forwarded: tuple[Leaf, ...]
    active: tuple[bool, ...]
    span: Span
    graphs: NumberGraphs | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the forwarded leaves inside kernels."""
        return tuple(f"_a{number}" for number in range(len(self.forwarded)))

    def given(self, context: Context) -> tuple[str, ...]:
        """What the function is called with for them."""
        return tuple(from_parts(*leaf, context.unit) for leaf in zip(self.names, self._slots, strict=True))

    @property
    def _slots(self) -> tuple[Slot, ...]:
        """The leaves as the function declares them."""
        return tuple(flatten(*(slots(parameter.type) for parameter in self.function.parameters[self.own :])))

    @property
    def active_slots(self) -> list[Slot]:
        return [slot for slot, active in zip(self._slots, self.active, strict=True) if active]

    @property
    def columns(self) -> str:
        """How many numbers the active leaves hold, as text outside kernels."""
        sizes = [f"{leaf}.size" if leaf.rank else "1" for leaf in self.active_leaves]
        return " + ".join(sizes) or "0"

    @property
    def active_leaves(self) -> list[Leaf]:
        return [leaf for leaf, active in zip(self.forwarded, self.active, strict=True) if active]


def function_of(reference: ir.FunctionReference) -> ir.Function:
    """The user's function, or one that calls the library function."""
    if reference.function is not None:
        return reference.function
    assert isinstance(reference.type, FunctionType)
    assert reference.library is not None
    span = reference.span
    parameters = tuple(
        ir.Variable(f"argument{number}", type, ir.Role.ARGUMENT, ir.Level.PARAMETER, span)
        for number, (_, type) in enumerate(reference.type.parameters)
    )
    passed = tuple(synthetic.reference(p, span) for p in parameters)
    result = reference.type.result
    call = ir.LibraryCall(reference.library, passed, type=result, level=ir.Level.PARAMETER, span=span)
    body = ir.Block((ir.Return(call, span=span),), span=span)
    data_only = tuple(data for data, _ in reference.type.parameters)
    return ir.Function(reference.library, parameters, data_only, result, span, body)


def value_adapter(callback: Callback, state: int, context: Context) -> str:
    """`adapter(messages, own..., out, forwarded...)`: out = f(own, forwarded), which is as long as own leaf `state`."""

    def write(name: str) -> str:
        straight = written_out.values(callback)
        if straight is not None:
            return f"@compiled\ndef {name}{straight}"
        own = [f"_o{number}" for number in range(callback.own)]
        function = functions.generated(callback.function, context)
        title = f"`{callback.function.name}` returned {{0}} numbers where the solver has {{1}} unknowns"
        code = context.unit.messages.code(Site("size-mismatch", title, callback.function.span))
        out = Writer()
        out.write("@compiled")
        with out.block(f"def {name}(_messages, {', '.join([*own, '_out', *callback.names])}):"):
            out.write(f"_r = {function}({', '.join(['_messages', *own, *callback.given(context)])})")
            with out.block("if _messages[0] == 0 and _r.shape[0] != _out.shape[0]:"):
                out.write(f"fail(_messages, {code}, float(_r.shape[0]), float(_out.shape[0]))")
            with out.block("if _messages[0] == 0:"):
                out.write(copy(context.unit, 1, "_out", "_r"))
            with out.block("else:"), out.block("for _i in range(_out.shape[0]):"):
                out.write("_out[_i] = np.nan")
        return out.text

    key = ("value adapter", callback.function, len(callback.forwarded), callback.graphs)
    return context.unit.define(key, f"{callback.function.name}_values", write)


def linear_adapter(callback: Callback, wanted: Sequence[bool], state: int | None, context: Context) -> str:
    """`adapter(messages, own..., matrices of the wanted own leaves..., by_argument, forwarded...)`: derivatives of f.

    One row per element of the own leaf `state`; for None, f is a number and by_argument has one row.
    """
    pattern = (*wanted, *callback.active)

    def write(name: str) -> str:
        straight = written_out.derivatives(callback, wanted) if any(pattern) else None
        if straight is not None:
            return f"@compiled\ndef {name}{straight}"
        own = [f"_o{number}" for number in range(callback.own)]
        matrices = [f"_m{number}" for number, want in enumerate(wanted) if want]
        out = Writer()
        out.write("@compiled")
        parameters = ["_messages", *own, *matrices, "_by_argument", *callback.names]
        with out.block(f"def {name}({', '.join(parameters)}):"):
            if not any(pattern):
                out.write("pass")
                return out.text
            adjoint = adjoint_function(callback.function, pattern, context)
            passed = ["_messages", *own, *callback.given(context)]
            gradients = [f"_g{number}" for number, active in enumerate(pattern) if active]
            if state is None:
                out.write(f"{', '.join(gradients)} = {adjoint}({', '.join([*passed, '1.0'])})")
                spread(gradients, "0", callback, out)
                return out.text
            out.write(f"_seed = np.zeros(_o{state}.shape[0])")
            with out.block(f"for _row in range(_o{state}.shape[0]):"):
                out.write("_seed[_row] = 1.0")
                out.write(f"{', '.join(gradients)} = {adjoint}({', '.join([*passed, '_seed'])})")
                out.write("_seed[_row] = 0.0")
                for matrix, gradient in zip(matrices, gradients, strict=False):
                    out.write(copy(context.unit, 1, f"{matrix}[_row]", gradient))
                spread(gradients[len(matrices) :], "_row", callback, out)
        return out.text

    key = ("linear adapter", callback.function, pattern, callback.graphs)
    return context.unit.define(key, f"{callback.function.name}_derivatives", write)


def slope_adapter(callback: Callback, initial: int, context: Context) -> str | None:
    """`kernels.coupled.slope` in one piece, for a function whose sizes are known and small."""
    text = written_out.slope(callback, initial)
    if text is None:
        return None
    key = ("slope adapter", callback.graphs, callback.active, initial)
    return context.unit.define(key, f"{callback.function.name}_slope", lambda name: f"@compiled\ndef {name}{text}")


def plain_adapter(callback: Callback, context: Context) -> str:
    """`adapter(messages, own..., forwarded...)`: the value of f, a number; f itself where that needs no adapter."""
    straight = written_out.number(callback)
    if straight is not None:
        key = ("written out", callback.graphs)
        return context.unit.define(key, callback.function.name, lambda name: f"@compiled\ndef {name}{straight}")
    function = functions.generated(callback.function, context)
    return _forwarding(callback, function, [], context)


def gradient_adapter(callback: Callback, context: Context) -> str:
    """`adapter(messages, own, forwarded..., adjoint)`: the derivatives of f, a number, by its own argument."""
    pattern = (True, *(False,) * len(callback.forwarded))
    return _forwarding(callback, adjoint_function(callback.function, pattern, context), ["_adjoint"], context)


def _forwarding(callback: Callback, function: str, more: list[str], context: Context) -> str:
    if callback.given(context) == callback.names:
        return function
    own = [f"_o{number}" for number in range(callback.own)]

    def write(name: str) -> str:
        parameters = ", ".join(["_messages", *own, *callback.names, *more])
        passed = ", ".join(["_messages", *own, *callback.given(context), *more])
        return f"@compiled\ndef {name}({parameters}):\n    return {function}({passed})\n"

    return context.unit.define(("forwarding", function), function, write)


def spread(gradients: Sequence[str], row: str, callback: Callback, out: Writer) -> None:
    """Write the adjoints of the active arguments into one row."""
    out.write("_at = 0")
    for gradient, leaf, slot in zip(gradients, callback.active_leaves, callback.active_slots, strict=True):
        if slot.kind == "c":
            out.write(f"{gradient}_parts = {to_parts(gradient, slot)}")
            gradient = f"{gradient}_parts"
        if not leaf.rank:
            out.write(f"_by_argument[{row}, _at] = {gradient}")
            out.write("_at += 1")
            continue
        names = [f"_k{axis}" for axis in range(leaf.rank)]
        before = ""
        for axis, name in enumerate(names):
            out.write(f"{before}for {name} in range({gradient}.shape[{axis}]):")
            before += "    "
        out.write(f"{before}_by_argument[{row}, _at] = {gradient}[{', '.join(names)}]")
        out.write(f"{before}_at += 1")


def pass_back(parts: str, leaves: Sequence[Leaf], context: Context) -> None:
    """Write the lines that add the elements of one array to the adjoints of leaves, one after another."""
    at = "0"
    for leaf in leaves:
        end = context.temporary()
        context.out.write(f"{end} = {at} + {f'{leaf}.size' if leaf.rank else '1'}")
        part = f"{parts}[{at}:{end}]" if leaf.rank else f"{parts}[{at}]"
        if leaf.rank > 1:
            sizes = ", ".join(leaf.size(axis) for axis in range(leaf.rank))
            part = f"{part}.copy().reshape(({sizes}))"
        accumulate(context, leaf, part)
        at = end


def handed_on(arguments: Sequence[ir.Expression], context: Context) -> list[Leaf]:
    """The leaves of arguments that a numerical method passes on to the user's function."""
    leaves = (leaf for argument in arguments for leaf in flatten(stored(evaluate(argument, context))))
    return [context.bind(leaf_in_parts(context.bind(leaf), context)) for leaf in leaves]


def callback_of(
    reference: ir.FunctionReference, own: int, forwarded: Sequence[Leaf], context: Context, active: Sequence[bool],
    graphs: NumberGraphs | None = None,
) -> Callback:  # fmt: skip
    """The function a solver was given, with what it passes on to it."""
    return Callback(function_of(reference), own, tuple(forwarded), tuple(active), reference.span, graphs)
