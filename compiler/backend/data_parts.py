"""What of a graph depends on data alone: it is taken out, and computed once when data are bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .arrays import (
    Array,
    CallOutput,
    Constant,
    Elementwise,
    Reindex,
    Reshape,
    Source,
    Update,
    in_order,
    operands_of,
    variable,
)
from .columns import by_columns
from .schedule import LONG_LOOP, UNROLL_SUMS


@dataclass
class Split:
    """Array expressions with their data-only parts replaced by prepared arrays."""

    roots: list[Array]
    prepared: list[tuple[Array, Source]]
    transposed: dict[str, Source]  # prepared arrays, by buffer, that are transposes of these


def split_off_data(
    roots: Sequence[Array], arguments: set[str], also: Sequence[Array] = ()
) -> tuple[Split, list[Source]]:
    """Replace what does not depend on the argument buffers; `also` is prepared in any case and returned."""
    order = in_order(list(roots))
    parts = _DataParts(_varying(order, arguments))
    for array in order:
        if id(array) in parts.varying:
            parts.replace_operands(array)
    split = Split([parts.settled(root) for root in roots], parts.prepared, parts.transposed)
    return split, [parts.prepare(array) for array in also]


def _varying(order: Sequence[Array], arguments: set[str]) -> set[int]:
    """The arrays that depend on the argument buffers."""
    varying: set[int] = set()
    for array in order:
        if isinstance(array, Source):
            if array.buffer in arguments:
                varying.add(id(array))
        elif any(id(operand) in varying for operand in operands_of(array)):
            varying.add(id(array))
    return varying


@dataclass
class _DataParts:
    """What takes the place of arrays that do not vary, each made once."""

    varying: set[int]
    prepared: list[tuple[Array, Source]] = field(default_factory=list)
    replaced: dict[int, Array] = field(default_factory=dict)
    columns: dict[tuple[str, int, tuple[int, ...]], Source] = field(default_factory=dict)
    transposed: dict[str, Source] = field(default_factory=dict)

    def prepare(self, array: Array) -> Source:
        """The memory in which the array is when data are bound."""
        found = self.replaced.get(id(array))
        if not isinstance(found, Source):
            found = Source(array.shape, "float" if array.kind == "float" else "int", f"p{len(self.prepared)}")
            self.prepared.append((array, found))
            self.replaced[id(array)] = found
        return found

    def settled(self, array: Array) -> Array:
        """The array, or what takes its place; what is cheap to read off prepared memory is not prepared itself."""
        if id(array) in self.replaced:
            return self.replaced[id(array)]
        if isinstance(array, Source) and _is_tall(array) and id(array) not in self.varying:
            row, column = _long_axes(array)
            turned = Reindex(array.shape, array.kind, self._turned(array), (variable(column), variable(row)))
            self.replaced[id(array)] = turned
            return turned
        if id(array) in self.varying or isinstance(array, Source | Constant):
            return array
        match array:
            case Reindex(operand=operand, index=index):
                result: Array = Reindex(array.shape, array.kind, self.settled(operand), index)
            case Reshape(operand=operand):
                inner = self.settled(operand)
                if isinstance(inner, Source):
                    result = Source(array.shape, inner.kind, inner.buffer, inner.offset)
                else:
                    result = Reshape(array.shape, array.kind, inner)
            case Elementwise(operands=operands, cost=cost) if cost <= 1 and array.size > 4 * max(
                (operand.size for operand in operands), default=0
            ):
                result = Elementwise(array.shape, array.kind, array.template, tuple(map(self.settled, operands)), cost)
            case _:
                return self.prepare(array)
        self.replaced[id(array)] = result
        return result

    def _turned(self, array: Source) -> Source:
        """The copy of a matrix in which columns are contiguous, one for all that look at its memory."""
        shape = tuple(array.shape[axis] for axis in _long_axes(array))
        place = (array.buffer, array.offset, shape)
        if place not in self.columns:
            matrix = Source(shape, array.kind, array.buffer, array.offset)
            copy = self.prepare(Reindex(shape[::-1], array.kind, matrix, (variable(1), variable(0))))
            self.columns[place] = copy
            self.transposed[copy.buffer] = matrix
        return self.columns[place]

    def _in_memory(self, array: Array) -> Array:
        """An operand of a call: data as they are, or made ready once."""
        if id(array) in self.varying or isinstance(array, Source | Constant):
            return array
        if isinstance(array, Reindex) and isinstance(array.operand, Source) and by_columns(array):
            return self._turned(array.operand)
        return self.prepare(array)

    def replace_operands(self, array: Array) -> None:
        """Put into an array that varies what takes the place of its operands."""
        match array:
            case Elementwise():
                array.operands = tuple(map(self.settled, array.operands))
            case Update():
                array.base = None if array.base is None else self.settled(array.base)
                for part in array.parts:
                    part.value = self.settled(part.value)
                    part.index = tuple((self.settled(e[0]), e[1]) if isinstance(e, tuple) else e for e in part.index)
            case CallOutput(call=call):
                call.operands = tuple(map(self._in_memory, call.operands))
            case Source() | Constant():
                pass
            case _:
                array.operand = self.settled(array.operand)
                if hasattr(array, "index") and not isinstance(array, Reindex):
                    array.index = tuple((self.settled(e[0]), e[1]) if isinstance(e, tuple) else e for e in array.index)


def _long_axes(array: Array) -> list[int]:
    """The axes that are not of length 1."""
    return [axis for axis, size in enumerate(array.shape) if size != 1]


def _is_tall(array: Source) -> bool:
    """A matrix with few columns: loops over its rows vectorise when each column is contiguous.

    Axes of length 1 do not matter; a product of matrices has one, over which the vector is stretched.
    """
    shape = [array.shape[axis] for axis in _long_axes(array)]
    return len(shape) == 2 and 0 < shape[1] <= UNROLL_SUMS and shape[0] >= LONG_LOOP
