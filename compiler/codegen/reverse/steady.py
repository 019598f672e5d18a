"""Variables declared in a loop whose sizes are the same each time: they have their memory before the loop.

Then neither pass keeps sizes, and where these are numbers LLVM knows them in all that the loop calls.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ... import ir
from ...walk import nodes, written
from ..context import Context
from ..expressions import evaluate, stored
from ..values import only
from ..writer import Writer

STEADY = ("add", "subtract", "multiply", "rows", "cols", "size", "num_elements")


def steady_sizes(body: Sequence[ir.Statement], context: Context) -> dict[ir.Variable, tuple[str, ...]]:
    """The sizes of such variables, as texts that may be evaluated before the body; none is negative."""
    changed = written(tuple(body))
    found = {}
    for node in _declared_in_loops(body):
        if isinstance(node.sized, ir.Sized):
            sizes = [_text(size, changed, context) for size in (*node.sized.array_sizes, *node.sized.inner_sizes)]
            if sizes and all(sizes):
                found[node.variable] = tuple(size if size.isdigit() else f"max({size}, 0)" for size in sizes)
    return found


def _declared_in_loops(body: Sequence[ir.Statement]) -> Iterator[ir.Declare]:
    loops = (node for node in nodes(tuple(body)) if isinstance(node, ir.For | ir.ForEach | ir.While))
    return (node for loop in loops for node in nodes(loop) if isinstance(node, ir.Declare))


def _text(size: ir.Expression, changed: frozenset[ir.Variable], context: Context) -> str:
    """What the expression is in the code, or nothing where it may change or fail."""
    for node in nodes(size):
        match node:
            case ir.IntegerLiteral():
                pass
            case ir.LibraryCall(name) if name in STEADY:
                pass
            case ir.Reference(variable) if variable in context.variables and variable not in changed:
                pass
            case _:
                return ""
    with context.elsewhere(Writer()) as out:
        text = only(stored(evaluate(size, context))).text
    return "" if out.lines else text
