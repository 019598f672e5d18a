"""Long loops that go block by block: rows of a matrix are still in the cache when what follows needs them again.

A regression reads its matrix twice, X b for the means of the observations and X' r for the gradient, and between them
computes much for each observation. In one loop over the rows the arithmetic between would be scalar; in loops of their
own the matrix would come from memory twice. So the loops over rows stay apart, but each does a few rows at a time.

Where the matrix is data and its rows are not very long, a copy has each block by columns. Then the loops over
it go along columns: what is added up are vectors of rows, whatever the number of columns, and memory is read in its
order. Where the sums of all columns would not fit into registers, that is better than writing them out in one loop.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from math import prod

from ..arrays import Index, Reduction, Source
from .elements import loop_variable, loops_of
from .statements import Statement
from .unrolling import CHEAP, LONG_LOOP, UNROLL_SUMS

LONGEST_ROW = 512  # from here on a row outweighs the arithmetic between
FEWEST_COLUMNS = 6  # that go one after the other: fewer are written out, and their sums are in registers
MOST_COLUMNS = 160  # of which a block in the cache has enough rows
CACHED = 3840  # numbers of a matrix that stay in the first level of the cache
BEYOND_CACHE = 2**19  # numbers of a matrix that comes from memory in each call: it is best read from end to end
FROM_MEMORY = 1024  # numbers of such a matrix that go together
VECTOR = 8
VECTORS = 32  # rows that LLVM makes one step of a loop

type Reads = Mapping[int, Mapping[int, list[tuple[Index, ...]]]]


@dataclass(frozen=True)
class Data:
    """The buffers that are the same in every call, and the matrices of which some of them are the transposes."""

    buffers: Collection[str] = ()
    transposed: Mapping[str, Source] = field(default_factory=dict)

    def upright(self, array: Source, index: tuple[Index, ...]) -> tuple[Source, tuple[Index, ...]]:
        """An element of a transpose as one of the matrix itself."""
        matrix = self.transposed.get(array.buffer)
        return (array, index) if matrix is None or array.shape != matrix.shape[::-1] else (matrix, index[::-1])


def has_long_row(statement: Statement) -> bool:
    """Whether one iteration of the outermost loop is a loop that is not written out, and no longer than counts."""
    inner = prod(statement.sizes[1:])
    return bool(statement.sizes) and statement.sizes[0] >= LONG_LOOP and UNROLL_SUMS < inner < LONGEST_ROW


def is_expensive(statement: Statement) -> bool:
    """Whether much is computed per iteration, and nothing but the loop around it could become vectors."""
    inner = prod(statement.sizes[1:])
    return inner <= UNROLL_SUMS and statement.cost * inner > CHEAP


def goes_by_columns(statement: Statement, data: Data) -> bool:
    """Whether it adds up products with matrices of `data`, by row or by column, and all else is by row or by column."""
    array, sizes = statement.array, statement.sizes
    if not isinstance(array, Reduction) or array.operation != "sum" or len(sizes) < 2 or sizes[1] != prod(sizes[1:]):
        return False
    elements = [data.upright(source, index) for source, index in statement.sources if loops_of(index) == {0, 1}]
    return (
        sizes[0] >= LONG_LOOP
        and FEWEST_COLUMNS <= sizes[1] <= MOST_COLUMNS
        and (statement.output_axes[0] is None) != (statement.output_axes[1] is None)
        and bool(elements)
        and all(source.buffer in data.buffers and is_matrix(source, index, sizes) for source, index in elements)
        and not any(loops_of(index) == {0, 1} for _, index in statement.reads)
    )


def is_matrix(array: Source, index: tuple[Index, ...], sizes: tuple[int, ...]) -> bool:
    """Whether the two outer loops go over a whole matrix in memory; its other axes are of length 1."""
    used = [(one, size) for one, size in zip(index, array.shape, strict=True) if size != 1]
    return used == [(loop_variable(0), sizes[0]), (loop_variable(1), sizes[1])]


def is_beyond_cache(statement: Statement) -> bool:
    """Whether its loops go over more numbers than stay in the cache from one call to the next."""
    return prod(statement.sizes) > BEYOND_CACHE


def parts(statements: list[Statement], reads: Reads, rows: Collection[Statement]) -> list[list[Statement]]:
    """Statements of one loop as several that follow each other: those of `rows` in some, the arithmetic in others."""
    return in_turn(statements, reads, lambda statement, part: (part[0] in rows) == (statement in rows))


def in_turn(
    statements: list[Statement],
    reads: Reads,
    fits: Callable[[Statement, list[Statement]], bool],
    most_open: int | None = None,
) -> list[list[Statement]]:
    """Statements of one loop as those of several that follow each other.

    Each goes into the first that it `fits` and that is no earlier than what it reads, of the last `most_open`.
    """
    found: list[list[Statement]] = []
    place: dict[int, int] = {}
    for statement in statements:
        earliest = max((place[producer] for producer in reads[id(statement)] if producer in place), default=0)
        first = earliest if most_open is None else max(earliest, len(found) - most_open)
        fitting = (n for n in range(first, len(found)) if fits(statement, found[n]))
        place[id(statement)] = number = next(fitting, len(found))
        if number == len(found):
            found.append([])
        found[number].append(statement)
    return found


def rows_of_a_block(rows: Collection[Statement], by_columns: bool) -> int:
    """How many rows go together: whole vectors of them, that the cache holds, and few left over that are no vector.

    By columns, what is left over is a loop of vectors, too.
    """
    size = next(iter(rows)).sizes[0]
    unit = VECTORS if by_columns else VECTOR
    longest = max(prod(statement.sizes[1:]) for statement in rows)
    numbers = FROM_MEMORY if by_columns and any(map(is_beyond_cache, rows)) else CACHED
    wanted = max(min(numbers // longest, size) // unit, 1) * unit
    if by_columns:
        return min(wanted, size)

    def loss(number: int) -> float:
        rest = size % number
        return (rest / size if rest % VECTOR else 0.0) + abs(number - wanted) / wanted / 5

    near = range(max(wanted // 2 // unit, 1) * unit, min(wanted + wanted // 2, size) + 1, unit)
    return min(near, key=loss, default=size)
