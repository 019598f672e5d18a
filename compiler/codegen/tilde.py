"""`outcome ~ distribution(arguments) T[lower, upper]` as the target increments that it stands for."""

from __future__ import annotations

from collections.abc import Iterator

from .. import ir, types
from ..library.expand import is_library_name
from .context import unsupported


def statements(node: ir.Tilde) -> Iterator[ir.Statement]:
    """The density of the outcome, as a statement."""
    if node.truncation is not None:
        raise unsupported("a truncation here", node.span)
    arguments = (node.outcome, *node.arguments)
    level = ir.Level(max(argument.level for argument in arguments))
    value: ir.Expression
    if node.function is not None:
        value = ir.UserCall(node.function, arguments, type=types.Real(), level=level, span=node.span)
    else:
        suffix = "_lpdf" if is_library_name(f"{node.distribution}_lpdf") else "_lpmf"
        name = node.distribution + suffix
        value = ir.LibraryCall(name, arguments, type=types.Real(), level=level, span=node.span)
    yield ir.TargetIncrement(value, span=node.span)
