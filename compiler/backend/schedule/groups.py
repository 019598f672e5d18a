"""Which statements share their loops, and which loops are written out.

Statements of the same extent run in one loop wherever every value that one needs from the other is ready at the same
iteration; inside a common loop the rest of their nests is grouped by the same rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import prod

from ..arrays import (
    Array,
    Elementwise,
    Index,
    Reduction,
)
from .elements import loop_variable
from .statements import Statement

UNROLL_INNER = 8  # inner loops up to this length are written out, so that the loop around them vectorises
UNROLL_OUTER = 4
UNROLL_TOTAL = 64
UNROLL_SUMS = 32  # cheap sums inside a long loop: with the data turned (see `program`), the long loop vectorises
LONG_LOOP = 64
LONG_ROW = 32
TOGETHER = 4
TOGETHER_LONG = 9  # rows so long that the cache, not the number of registers, is the limit
FEWEST_ROWS = 16
BLOCK = 256
LONGEST_INNER = 256
CACHED = 1 << 17  # numbers that stay in the second level of the cache
CHEAP = 12.0


@dataclass(eq=False)
class Group:
    """A loop around some statements; inside it they are grouped again."""

    size: int
    depth: int
    statements: list[Statement]
    children: list[Group | Statement] = field(default_factory=list)
    unrolled: bool = False
    together: int = 1  # iterations that go through the loops inside side by side
    backwards: int = 0  # iterations of a block, if the last block comes first


def ready_at(producer: Statement, reads: list[tuple[Index, ...]], depth: int) -> bool:
    """Whether reading the producer's array at these indices can share the loop at `depth`."""
    if producer.part is not None or producer.whole or depth >= len(producer.sizes):
        return False
    axis = producer.output_axes[depth]
    if axis is None:
        return False
    wanted = loop_variable(depth) if producer.sizes[depth] != 1 else Index()
    return all(len(index) > axis and index[axis] == wanted for index in reads)


def group_loops(
    statements: list[Statement],
    dependencies: dict[int, dict[int, list[tuple[Index, ...]]]],
    depth: int,
    outer: int = 0,
) -> list[Group | Statement]:
    """Group statements, given in dependency order, by the loop at `depth`."""
    tree: list[Group | Statement] = []
    place: dict[int, int] = {}
    for statement in statements:
        size = statement.sizes[depth] if depth < len(statement.sizes) else None
        earliest = 0
        for producer in statements:
            if producer is statement:
                break
            reads = dependencies[id(statement)].get(id(producer))
            if reads is None:
                continue
            shared = (
                size is not None
                and size == (producer.sizes[depth] if depth < len(producer.sizes) else None)
                and ready_at(producer, reads, depth)
            )
            earliest = max(earliest, place[id(producer)] + (0 if shared else 1))
        for number in range(earliest, len(tree)):
            node = tree[number]
            if size is not None and isinstance(node, Group) and node.size == size and not _hinders(statement, node):
                node.statements.append(statement)
                place[id(statement)] = number
                break
        else:
            tree.append(statement if size is None else Group(size, depth, [statement]))
            place[id(statement)] = len(tree) - 1
    for node in tree:
        if isinstance(node, Group):
            node.children = group_loops(node.statements, dependencies, depth + 1, node.size)
            _choose_unrolling(node, outer)
            _choose_together(node)
    return tree


def _hinders(statement: Statement, group: Group) -> bool:
    """Whether one long loop for both would keep what vectorises from doing so."""
    if group.size < LONG_LOOP or group.depth:
        return False
    other = group.statements[0]
    return statement.scatters != other.scatters or (
        _inside(statement) != _inside(other) and (_stays_alone(statement) or any(map(_stays_alone, group.statements)))
    )


def _inside(statement: Statement) -> bool:
    """Whether the loop at depth 0 has a loop inside that is not written out, but not so long that nothing else counts
    or that its data would have to come from main memory twice."""
    inner = prod(statement.sizes[1:])
    return UNROLL_SUMS < inner <= LONGEST_INNER and inner * statement.sizes[0] <= CACHED


def _stays_alone(statement: Statement) -> bool:
    """Whether much is computed per iteration, and nothing but the loop around it could become vectors."""
    inner = prod(statement.sizes[1:])
    return inner <= UNROLL_SUMS and statement.cost * inner > CHEAP


def _choose_unrolling(group: Group, outer: int) -> None:
    if group.size <= 1:  # whatever is inside: an index along such an axis is 0, so nothing tells that the loop is open
        group.unrolled = True
        return
    inner = [child for child in group.children if isinstance(child, Group)]
    if not all(child.unrolled for child in inner):
        return
    leaves = prod([group.size, *(_written_out(child) for child in inner)])
    limit = UNROLL_INNER if group.depth else UNROLL_OUTER
    long = bool(group.depth) and outer >= LONG_LOOP
    if long and all(_is_cheap_sum(s) and not _runs_along(s, group.depth) for s in group.statements):
        limit = UNROLL_SUMS
    group.unrolled = group.size <= limit and leaves <= UNROLL_TOTAL


def _choose_together(group: Group) -> None:
    """Rows that all meet the same long vector: what is read of it, or added to it, serves several of them.

    Where several rows are more than the first level of the cache holds, every other loop inside runs backwards: what
    the one before has read last is still there.
    """
    inner = [child for child in group.children if isinstance(child, Group) and not child.unrolled]
    long = sum(child.size for child in inner if child.size >= LONG_ROW)
    in_order = any(statement.part is not None or statement.whole for statement in group.statements)
    if group.depth or group.size < FEWEST_ROWS or in_order or long <= 0.75 * sum(child.size for child in inner):
        return
    very_long = all(child.size >= 2 * BLOCK and len(child.statements) == 1 for child in inner)
    very_long = very_long and all(_written_out(child) == child.size for child in inner)
    numbers = range(TOGETHER_LONG if very_long else TOGETHER, TOGETHER - 1, -1)
    group.together = min(numbers, key=lambda rows: group.size // rows + group.size % rows)
    for child in inner[1::2] if very_long else ():
        child.backwards = _block(child.size)


def _block(size: int) -> int:
    """About `BLOCK` iterations; better none left over, and whole vectors."""
    return min(range(BLOCK, 2 * BLOCK), key=lambda number: (size % number > 0, number % 8))


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


def _written_out(group: Group) -> int:
    inner = [_written_out(child) for child in group.children if isinstance(child, Group)]
    return max(group.size, 1) * max(sum(inner), 1)


def walk(tree: list[Group | Statement], path: tuple[Group, ...] = ()) -> Iterator[tuple[Statement, tuple[Group, ...]]]:
    """Every statement with the loops around it."""
    for node in tree:
        if isinstance(node, Group):
            yield from walk(node.children, (*path, node))
        else:
            yield node, path
