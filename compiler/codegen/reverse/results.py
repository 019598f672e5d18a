"""Results of costly functions in loops are kept for the sweep, which would compute them again: powers, exponentials.

A derivative often is a product with the result itself, and what the result is multiplied with is another. Kept are
results that the sweep mentions, of functions of numbers that are evaluated whenever their statement is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ... import ir
from ...types import Int, Real
from ...walk import children, mentioned
from .. import in_language, kernels, structural, tape
from ..context import Context
from ..values import Leaf, Slot
from ..writer import Writer

CHEAP = ("sqrt", "fabs", "float", "int", "maximum", "minimum", "floor", "ceil", "trunc", "rint", "isnan", "copysign")
REAL = Slot("f", 0)


def with_results_kept(
    node: ir.Statement, context: Context, statement: Callable[[ir.Statement, Context], list[str]]
) -> list[str]:
    """The statement's lines backwards, before which stand those that take back the results of its calls."""
    match node:
        case ir.Assign(_, ir.Node() as value) | ir.Declare(_, _, ir.Node() as value) if context.depth:
            calls = list(_costly(value, context))
        case _:
            calls = []
    if not calls:
        return statement(node, context)
    context.results = {id(call): "" for call in calls}
    backwards = statement(node, context)
    names, context.results = context.results.values(), {}
    text = "\n".join(backwards)
    kept = [name for name in names if re.search(rf"\b{name}\b", text)]
    for name in kept:
        tape.keep(Leaf(name, REAL), name, REAL, context)
    with context.elsewhere(Writer()) as out:
        for name in reversed(kept):
            tape.take_back(name, REAL, context)
    return [*out.lines, *backwards]


def _costly(expression: ir.Node, context: Context) -> Iterator[ir.LibraryCall]:
    """Calls whose arguments depend on parameters, innermost first; not those of which a condition decides."""
    match expression:
        case ir.Conditional() | ir.And() | ir.Or() | ir.FunctionReference():
            return
        case ir.LibraryCall() if any(isinstance(argument, ir.FunctionReference) for argument in expression.arguments):
            return
        case _:
            for child in children(expression):
                yield from _costly(child, context)
    is_active = mentioned(expression) & context.active_variables
    if isinstance(expression, ir.LibraryCall) and is_active and _is_costly(expression):
        yield expression


def _is_costly(call: ir.LibraryCall) -> bool:
    arguments = tuple(argument.type for argument in call.arguments)
    if not isinstance(call.type, Real) or not all(isinstance(type, Real | Int) for type in arguments):
        return False
    if call.name in structural.TABLE or in_language.function(call.name, arguments, call.type) is not None:
        return False
    kernel = kernels.value_kernel(call.name, arguments)
    text = kernel.source or " ".join(kernel.results)
    return bool(set(re.findall(r"\b([a-z]\w*)\(", text)) - set(CHEAP))
