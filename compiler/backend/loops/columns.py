"""Loops over blocks of a matrix along its columns, and the copies of matrices that have each block by columns.

The inner loops go over the rows of a block, for some columns side by side: what they add up by row stays in memory, by
column in variables, and each vector that is read serves several columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..arrays import Index, Reduction, Source, variable
from ..schedule import Group, Statement, is_beyond_cache

if TYPE_CHECKING:
    from .writer import Writer

ADDED = range(8, 4, -1)  # columns that are added to a row's sum at once: their factors and the sum fit in registers
ADDED_FROM_MEMORY = range(2, 1, -1)  # fewer of a matrix that no cache holds, so that it is read nearly in its order
SUMMED = range(6, 2, -1)  # columns that are added up side by side


@dataclass(frozen=True)
class Turned:
    """A copy of a matrix: block by block of `rows` rows (fewer in the last), each by columns."""

    matrix: Source
    rows: int
    copy: Source

    def lines(self) -> Iterator[str]:
        """The loops that make it."""
        rows = self.rows
        number, rest = divmod(self.matrix.shape[0], rows)
        yield f"for b in range({number}):"
        yield from (f"    {line}" for line in self._block("b", rows))
        if rest:
            yield from self._block(str(number), rest)

    def _block(self, block: str, rows: int) -> Iterator[str]:
        width, start = self.matrix.shape[1], self.matrix.offset
        yield f"for i1 in range({width}):"
        yield f"    for i0 in range({rows}):"
        there = f"{self.copy.buffer}[{block} * {self.rows * width} + i1 * {rows} + i0]"
        yield f"        {there} = {self.matrix.buffer}[{start} + ({block} * {self.rows} + i0) * {width} + i1]"


@dataclass(frozen=True)
class Block:
    """The rows that loops are at: the first of them, which may depend on a loop, and how many; `most` in others."""

    first: Index
    rows: int
    most: int


class Columns:
    """Writes the loops; while it does, elements of matrices are those of their copies."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.copies: dict[object, Turned] = {}
        self.open: Block | None = None

    def turned(self, array: Source, index: tuple[Index, ...]) -> tuple[Source, tuple[Index, ...]]:
        """Where an element is read: in the copy, if it is one of a matrix over which the loops go."""
        if self.open is None:
            return array, index
        matrix, at = self.writer.data.upright(array, index)
        used = [(one, size) for one, size in zip(at, matrix.shape, strict=True) if size != 1]
        if [one for one, _ in used] != self.writer.position[:2]:
            return array, index
        [(row, height), (column, width)] = used
        copy = self._copy(Source((height, width), matrix.kind, matrix.buffer, matrix.offset), self.open.most)
        return copy, (self.open.first * (width - 1) + column * self.open.rows + row,)

    def _copy(self, matrix: Source, rows: int) -> Source:
        """The copy of a matrix, one for all that look at its memory."""
        place = (matrix.buffer, matrix.offset, matrix.shape, rows)
        if place not in self.copies:
            copy = Source((matrix.size,), matrix.kind, f"pt{len(self.copies)}")
            self.copies[place] = Turned(matrix, rows, copy)
        return self.copies[place].copy

    def write(self, loop: Group, block: Block) -> None:
        """A loop over some rows, the columns outside, one statement after the other."""
        self.open = block
        for statement in loop.statements:
            if statement.output_axes[0] is None:
                self._sum_by_column(statement, block)
            else:
                self._sum_by_row(statement, block)
        self.open = None

    def _sum_by_row(self, statement: Statement, block: Block) -> None:
        """Sums grow in memory."""
        lines, row = self.writer.lines, variable("i0") + block.first
        numbers = ADDED_FROM_MEMORY if is_beyond_cache(statement) else ADDED
        for columns in self._side_by_side(statement, numbers, apart=True):
            with lines.inside("i0", f"range({block.rows})"):
                place = self._place(statement, row)
                total = _sum([self._value(statement, row, column) for column in columns])
                first = columns[0] == Index()
                lines.write(f"{place} = {total}" if first else f"{place} = {place} + {total}")

    def _sum_by_column(self, statement: Statement, block: Block) -> None:
        lines, row = self.writer.lines, variable("i0") + block.first
        for columns in self._side_by_side(statement, SUMMED):
            sums = [lines.fresh("s") for _ in columns]
            for name in sums:
                lines.write(f"{name} = 0.0")
            with lines.inside("i0", f"range({block.rows})"):
                for name, column in zip(sums, columns, strict=True):
                    lines.write(f"{name} = {name} + {self._value(statement, row, column)}")
            for name, column in zip(sums, columns, strict=True):
                place = self._place(statement, column)
                lines.write(f"{place} = {place} + {name}")

    def _side_by_side(self, statement: Statement, numbers: range, apart: bool = False) -> Iterator[list[Index]]:
        """Columns that go side by side, first those that are left over, then the others in a loop.

        The first ones are `apart` if they are in no loop, whatever their number.
        """
        size = statement.sizes[1]
        number = min(numbers, key=lambda number: -(-size // number))
        rounds, first = divmod(size, number)
        if not first and apart:
            rounds, first = rounds - 1, number
        if first:
            yield [Index(column) for column in range(first)]
        if rounds:
            with self.writer.lines.inside("i1", f"range({rounds})"):
                yield [variable("i1") * number + Index(first + column) for column in range(number)]

    def _value(self, statement: Statement, row: Index, column: Index) -> str:
        """What is added up at a row and a column."""
        assert isinstance(statement.array, Reduction)
        order = statement.array.order
        at = self.writer.position = [row, column, *(Index() for _ in statement.sizes[2:])]
        index = tuple(at[order.index(axis)] for axis in range(len(order)))
        value = self.writer.value(statement.array.operand, index)
        self.writer.position = []
        return value.text

    def _place(self, statement: Statement, index: Index) -> str:
        """The number in memory that a sum by row, or by column, is added to."""
        array, buffers = statement.array, self.writer.buffers
        buffers.read.add(buffers.of(array).buffer)
        axis = statement.output_axes[statement.output_axes[0] is None]
        return self.writer.element(array, tuple(index if a == axis else Index() for a in range(len(array.shape))))


def _sum(terms: list[str]) -> str:
    """A sum by halves: it waits for fewer additions than one from left to right."""
    if len(terms) == 1:
        return terms[0]
    half = len(terms) // 2
    return f"({_sum(terms[:half])} + {_sum(terms[half:])})"
