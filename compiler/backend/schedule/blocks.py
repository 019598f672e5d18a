"""Long loops that go block by block: rows of a matrix are still in the cache when what follows needs them again.

A regression reads its matrix twice, X b for the means of the observations and X' r for the gradient, and between them
computes much for each observation. In one loop over the rows the arithmetic between would be scalar; in loops of their
own the matrix would come from memory twice. So the loops over rows stay apart, but each does a few rows at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod

from ..arrays import Index
from .statements import Statement
from .unrolling import CHEAP, LONG_LOOP, UNROLL_SUMS

LONGEST_ROW = 512  # from here on a row outweighs the arithmetic between
CACHED = 4096  # numbers of a matrix that stay in the first level of the cache
VECTOR = 8

type Reads = Mapping[int, Mapping[int, list[tuple[Index, ...]]]]


def has_long_row(statement: Statement) -> bool:
    """Whether one iteration of the outermost loop is a loop that is not written out, and no longer than counts."""
    inner = prod(statement.sizes[1:])
    return bool(statement.sizes) and statement.sizes[0] >= LONG_LOOP and UNROLL_SUMS < inner < LONGEST_ROW


def is_expensive(statement: Statement) -> bool:
    """Whether much is computed per iteration, and nothing but the loop around it could become vectors."""
    inner = prod(statement.sizes[1:])
    return inner <= UNROLL_SUMS and statement.cost * inner > CHEAP


def parts(statements: list[Statement], reads: Reads) -> list[list[Statement]]:
    """Statements of one loop as several that follow each other: long rows in some, the arithmetic between in others."""
    if not any(map(has_long_row, statements)) or not any(map(is_expensive, statements)):
        return [statements]
    found: list[list[Statement]] = []
    place: dict[int, int] = {}
    for statement in statements:
        earliest = max((place[producer] for producer in reads[id(statement)] if producer in place), default=0)
        alike = (n for n in range(earliest, len(found)) if has_long_row(found[n][0]) == has_long_row(statement))
        place[id(statement)] = number = next(alike, len(found))
        if number == len(found):
            found.append([])
        found[number].append(statement)
    return found


def rows_of_a_block(statements: list[Statement]) -> int:
    """How many rows go together: whole vectors of them, that the cache holds, and rather none left over."""
    size = statements[0].sizes[0]
    longest = max((prod(statement.sizes[1:]) for statement in statements if has_long_row(statement)), default=1)
    wanted = max(CACHED // longest // VECTOR, 1) * VECTOR
    if size <= wanted:
        return size
    return min(_around(wanted), key=lambda rows: (size % rows > 0, abs(rows - wanted)))


def _around(wanted: int) -> Iterator[int]:
    return iter(range(max(wanted // 2 // VECTOR, 1) * VECTOR, wanted + wanted // 2 + 1, VECTOR))
