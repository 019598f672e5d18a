"""Which rows of a matrix go through the loops over its columns side by side."""

from __future__ import annotations

from .elements import loop_variable
from .tree import Group
from .unrolling import written_out

LONG_ROW = 32
TOGETHER = 4
TOGETHER_LONG = 9  # rows so long that the cache, not the number of registers, is the limit
TOGETHER_IN_A_SET = 6  # rows whose columns are all kept in the same set of the cache, which has eight places or more
SET_DISTANCE = 512  # numbers from one place of memory to the next that is kept in the same set
FEWEST_ROWS = 16
BLOCK = 256


def choose_together(group: Group) -> None:
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
    very_long = very_long and all(written_out(child) == child.size for child in inner)
    longest = TOGETHER_IN_A_SET if any(_rows_share_a_set(child) for child in inner) else TOGETHER_LONG
    numbers = range(longest if very_long else TOGETHER, TOGETHER - 1, -1)
    group.together = min(numbers, key=lambda rows: group.size // rows + group.size % rows)
    for child in inner[1::2] if very_long else ():
        child.backwards = _block(child.size)


def _rows_share_a_set(group: Group) -> bool:
    """Whether it goes along rows of a matrix of data that are as far apart as what a set of the cache keeps."""
    row, column = loop_variable(group.depth - 1), loop_variable(group.depth)
    return any(
        index[-2:] == (row, column) and source.shape[-1] % SET_DISTANCE == 0
        for statement in group.statements
        for source, index in statement.sources
    )


def _block(size: int) -> int:
    """About `BLOCK` iterations; better none left over, and whole vectors."""
    return min(range(BLOCK, 2 * BLOCK), key=lambda number: (size % number > 0, number % 8))
