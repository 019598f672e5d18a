"""Loops over blocks of a matrix along its columns, and the copies of matrices that have each block by columns.

Blocks are whole vectors of rows. What is left over goes row by row, as it does without a copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..arrays import Index, Reduction, Source, variable
from ..schedule import Blocks, Group, Statement

if TYPE_CHECKING:
    from .writer import Writer

TOGETHER = 4  # columns that share what is read for a row
LANES = 8  # numbers in a vector


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


class Columns:
    """Writes the loops; while it does, elements of matrices are those of their copies."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.copies: dict[object, Turned] = {}
        self.sums: dict[Statement, str] = {}  # where those by column are while the loops over blocks run
        self.open: tuple[Blocks, Index, int] | None = None  # the blocks, which one, and how many rows it has

    def turned(self, array: Source, index: tuple[Index, ...]) -> tuple[Source, tuple[Index, ...]]:
        """Where an element is read: in the copy, if it is one of a matrix over which the loops go."""
        used = [one for one, size in zip(index, array.shape, strict=True) if size != 1]
        if self.open is None or used != self.writer.position[:2]:
            return array, index
        blocks, block, rows = self.open
        width = array.size // blocks.size
        copy = self._copy(Source((blocks.size, width), array.kind, array.buffer, array.offset), blocks.rows)
        [row, column] = used
        inside = column * rows + row + block * -blocks.rows
        return copy, (block * (blocks.rows * width) + inside,)

    def _copy(self, matrix: Source, rows: int) -> Source:
        """The copy of a matrix, one for all that look at its memory."""
        place = (matrix.buffer, matrix.offset, matrix.shape, rows)
        if place not in self.copies:
            copy = Source((matrix.size,), matrix.kind, f"pt{len(self.copies)}")
            self.copies[place] = Turned(matrix, rows, copy)
        return self.copies[place].copy

    @contextmanager
    def lanes(self, blocks: Blocks) -> Iterator[None]:
        """Memory for the sums by column of all blocks: eight each, of every eighth row, so that they are vectors."""
        lines, buffers = self.writer.lines, self.writer.buffers
        if not blocks.turned:
            yield
            return
        self.sums = {s: lines.fresh("g") for loop in blocks.loops for s in loop.statements if _adds_columns(s)}
        for statement, name in self.sums.items():
            buffers.locals[name] = ("floats", LANES * statement.sizes[1])
            with lines.inside("i1", f"range({LANES * statement.sizes[1]})"):
                lines.write(f"{name}[i1] = 0.0")
        yield
        for statement, name in self.sums.items():
            with lines.inside("i1", f"range({statement.sizes[1]})"):
                place = self._place(statement, variable("i1"))
                with lines.inside("i0", f"range({LANES})"):
                    lines.write(f"{place} = {place} + {name}[{LANES} * i1 + i0]")
        self.sums = {}

    def write(self, blocks: Blocks, loop: Group, block: Index, rows: int) -> None:
        """A loop over some rows, the columns outside."""
        self.open = blocks, block, rows
        for group in loop.children:
            assert isinstance(group, Group)
            by_row = [statement for statement in group.statements if not _adds_columns(statement)]
            if by_row:
                self._sums_by_row(by_row, block * blocks.rows, rows)
            by_column = [statement for statement in group.statements if _adds_columns(statement)]
            if by_column:
                self._sums_by_column(by_column, block * blocks.rows, rows)
        self.open = None

    def _sums_by_row(self, statements: list[Statement], start: Index, rows: int) -> None:
        """They grow in memory by some columns at once."""
        lines, row = self.writer.lines, variable("i0") + start
        with lines.inside("i0", f"range({rows})"):
            for statement in statements:
                lines.write(f"{self._place(statement, row)} = 0.0")
        for columns in self._some_columns(statements):
            with lines.inside("i0", f"range({rows})"):
                for statement in statements:
                    place = self._place(statement, row)
                    values = [self._value(statement, row, column) for column in columns]
                    lines.write(f"{place} = {place} + {_sum(values)}")

    def _sums_by_column(self, statements: list[Statement], start: Index, rows: int) -> None:
        """Whole vectors of rows are added to a vector of sums."""
        lines, column = self.writer.lines, variable("i1")
        with lines.inside("i1", f"range({statements[0].sizes[1]})"), lines.inside("i0", f"range({LANES})"):
            for statement in statements:
                vectors = [variable("i0") + Index(first) + start for first in range(0, rows, LANES)]
                place = f"{self.sums[statement]}[{LANES} * i1 + i0]"
                lines.write(f"{place} = {place} + {_sum([self._value(statement, row, column) for row in vectors])}")

    def _some_columns(self, statements: list[Statement]) -> Iterator[list[Index]]:
        """Columns that go side by side, in a loop over them where there are more."""
        rounds, rest = divmod(statements[0].sizes[1], TOGETHER)
        if rounds:
            with self.writer.lines.inside("i1", f"range({rounds})"):
                yield [variable("i1") * TOGETHER + Index(number) for number in range(TOGETHER)]
        if rest:
            yield [Index(rounds * TOGETHER + number) for number in range(rest)]

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
        axis = statement.output_axes[_adds_columns(statement)]
        return self.writer.element(array, tuple(index if a == axis else Index() for a in range(len(array.shape))))


def _adds_columns(statement: Statement) -> bool:
    """Whether it adds up by column, over the rows."""
    return len(statement.sizes) > 1 and statement.output_axes[0] is None and statement.output_axes[1] is not None


def _sum(terms: list[str]) -> str:
    """A sum by halves: it waits for fewer additions than one from left to right."""
    if len(terms) == 1:
        return terms[0]
    half = len(terms) // 2
    return f"({_sum(terms[:half])} + {_sum(terms[half:])})"
