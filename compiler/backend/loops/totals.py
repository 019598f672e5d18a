"""Reductions under way: kept in local variables where their number is known, else in the array's memory."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from ..arrays import REDUCTIONS, Array, Index, Reduction, variable
from ..schedule import Group, Statement, trimmed
from .lines import Scalar

if TYPE_CHECKING:
    from .writer import Writer

type _Key = tuple[int, tuple[Index, ...]]  # an element of an array, by the array's id


class Totals:
    """The totals of the reductions whose loops are open."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.accumulators: dict[_Key, str] = {}
        self.products: dict[str, str] = {}  # accumulators of factors -> the sum of logarithms of those before
        self.pending: list[str] = []  # those with factors whose logarithm has not been added

    def start(self, statement: Statement, depth: int, path: tuple[Group, ...]) -> None:
        """Begin a reduction whose loops are those from `depth` on."""
        array = statement.array
        assert isinstance(array, Reduction)
        at = {axis: self.writer.position[d] for d, axis in enumerate(statement.output_axes[:depth]) if axis is not None}
        groups = {group.depth: group for group in path}
        kept = {
            d: axis for d, axis in enumerate(statement.output_axes[: len(statement.sizes)])
            if d >= depth and axis is not None
        }  # fmt: skip
        if all(groups[d].unrolled for d in kept) and not path[0].by_columns:
            self._start_in_variables(array, at, {axis: statement.sizes[d] for d, axis in kept.items()})
        else:
            self._start_in_memory(array, at, {d: (axis, statement.sizes[d]) for d, axis in kept.items()})

    def _start_in_variables(self, array: Reduction, at: dict[int, Index], sizes: dict[int, int]) -> None:
        """One variable for each element along the axes of these sizes."""
        lines = self.writer.lines
        for numbers in product(*map(range, sizes.values())):
            at |= {axis: Index(number) for axis, number in zip(sizes, numbers, strict=True)}
            name = lines.fresh("s")
            self.accumulators[(id(array), trimmed(array, _in_order(array, at)))] = name
            lines.write(f"{name} = {_identity(array)}")
            if array.operation == "logs":
                self.products[name] = lines.fresh("s")
                lines.write(f"{self.products[name]} = 0.0")

    def _start_in_memory(self, array: Reduction, at: dict[int, Index], loops: dict[int, tuple[int, int]]) -> None:
        """Loops over the array's memory; `loops` has the axis and the size of each, by depth."""
        writer, indent = self.writer, ""
        heads: list[str] = []
        for d, (axis, size) in loops.items():
            name = f"k{d}"
            heads.append(f"{indent}for {name} in range({size}):")
            at[axis] = variable(name)
            writer.lines.levels[name] = 0
            indent += "    "
        place = writer.element(array, _in_order(array, at))
        writer.buffers.read.add(writer.buffers.of(array).buffer)
        for line in (*heads, f"{indent}{place} = {_identity(array)}"):
            writer.lines.write(line)

    def _index(self, statement: Statement) -> tuple[Index, ...]:
        """The element that the present iteration adds to."""
        at = {axis: self.writer.position[d] for d, axis in enumerate(statement.output_axes) if axis is not None}
        return trimmed(statement.array, _in_order(statement.array, at))

    def add(self, statement: Statement, value: Scalar) -> None:
        """What the present iteration adds."""
        array, index = statement.array, self._index(statement)
        assert isinstance(array, Reduction)
        if None not in statement.output_axes:  # nothing to reduce over
            self.writer.store(array, index, value)
            self.writer.lines.remember((id(array), index), value)
            return
        name = self.accumulators.get((id(array), index))
        place = self.writer.element(array, index) if name is None else name
        self.writer.lines.write(f"{place} = {_combine(array).format(place, value.text)}")
        if name in self.products and name not in self.pending:
            self.pending.append(name)

    def take_logs(self) -> None:
        """Add the logarithms of products of factors, and begin products anew."""
        for name in self.pending:
            total = self.products[name]
            self.writer.lines.write(f"{total} = {total} + log({name})")
            self.writer.lines.write(f"{name} = 1.0")
        self.pending.clear()

    def finish(self, statement: Statement) -> None:
        """After the loops: totals in local variables are known here, and stored for those who load them."""
        array, lines = statement.array, self.writer.lines
        self.take_logs()
        for key in [key for key in self.accumulators if key[0] == id(array)]:
            name = self.accumulators.pop(key)
            total = lines.remember(key, Scalar(self.products.get(name, name), array.kind, len(lines.blocks) - 1))
            self.writer.store(array, key[1], total)


def _in_order(array: Array, at: dict[int, Index]) -> tuple[Index, ...]:
    """The index that has these parts along the axes."""
    return tuple(at[axis] for axis in range(len(array.shape)))


def _identity(array: Reduction) -> str:
    text = REDUCTIONS[array.operation][0]
    if array.kind == "float":
        return text if "inf" in text else f"{text}.0"
    limits = {"inf": "9223372036854775807", "-inf": "-9223372036854775807"}
    return limits.get(text, text)


def _combine(array: Reduction) -> str:
    if array.kind != "float" and array.operation in ("max", "min"):
        return "{1} if {1} " + (">" if array.operation == "max" else "<") + " {0} else {0}"
    return REDUCTIONS[array.operation][1]
