"""Which inner loops are written out."""

from __future__ import annotations

from math import prod

from ..arrays import Array, Elementwise, Reduction
from .elements import loop_variable
from .statements import Statement
from .tree import Group

UNROLL_INNER = 8  # inner loops up to this length are written out, so that the loop around them vectorises
UNROLL_OUTER = 4
UNROLL_TOTAL = 64
UNROLL_SUMS = 32  # cheap sums inside a long loop: with the data turned (see `data_parts`), the long loop vectorises
LONG_LOOP = 64
CHEAP = 12.0
ONE_VECTOR = 4  # iterations
COSTLY = 45.0  # more than a logarithm of the gamma function


def choose_unrolling(group: Group, outer: int) -> None:
    """Decide for a loop whose inner loops are decided; `outer` is the length of the loop around it."""
    if group.size <= 1:  # whatever is inside: an index along such an axis is 0, so nothing tells that the loop is open
        group.unrolled = True
        return
    inner = [child for child in group.children if isinstance(child, Group)]
    if not all(child.unrolled for child in inner):
        return
    leaves = prod([group.size, *(written_out(child) for child in inner)])
    limit = UNROLL_INNER if group.depth else UNROLL_OUTER
    long = bool(group.depth) and outer >= LONG_LOOP
    if long and all(_is_cheap_sum(s) and not _runs_along(s, group.depth) for s in group.statements):
        limit = UNROLL_SUMS
    group.unrolled = group.size <= limit and leaves <= UNROLL_TOTAL and not _is_costly_vector(group)


def _is_costly_vector(group: Group) -> bool:
    """Whether an outermost loop is one vector of long functions: LLVM sees it in a loop, not in what is written out."""
    return not group.depth and group.size == ONE_VECTOR and any(s.cost >= COSTLY for s in group.statements)


def _is_cheap_sum(statement: Statement) -> bool:
    array = statement.array
    return isinstance(array, Reduction) and array.operation == "sum" and _innermost_cost(array.operand) <= CHEAP


def _runs_along(statement: Statement, depth: int) -> bool:
    """Whether the loop at `depth` reads neighbours in memory where the loop around it would stride."""
    inner, outer = loop_variable(depth), loop_variable(depth - 1)
    return any(len(index) > 1 and index[-1] == inner and outer in index[:-1] for _, index in statement.reads)


def _innermost_cost(array: Array) -> float:
    """The cost of what changes in the innermost loop: operands with as many elements as the whole."""
    if not isinstance(array, Elementwise):
        return 1.0
    inner = (operand for operand in array.operands if operand.size == array.size)
    return array.cost + sum(map(_innermost_cost, inner))


def written_out(group: Group) -> int:
    """How many copies of what is inside writing a loop out makes, with the loops inside it."""
    inner = [written_out(child) for child in group.children if isinstance(child, Group)]
    return max(group.size, 1) * max(sum(inner), 1)
