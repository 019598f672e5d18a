"""Slices, gathers, and the writes through slices and index arrays that are their gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
from pytensor.graph.basic import Apply, Variable
from pytensor.tensor.subtensor import (
    AdvancedIncSubtensor,
    AdvancedSubtensor,
    IncSubtensor,
    Subtensor,
    indices_from_subtensor,
)

from ..arrays import (
    Array,
    Constant,
    Elementwise,
    Index,
    Part,
    Reindex,
    Source,
    Take,
    Update,
    is_zero,
    linear,
    strides,
    variable,
)
from ..columns import SWAP, by_columns, transposed
from .copies import added_in_copies, worth_copies
from .elementwise import elementwise, reindex
from .registry import Converter, Unsupported, convert
from .shapes import stretch

type Entry = Index | tuple[Array, tuple[Index, ...]]


class Selection:
    """Which elements of an array an indexing expression selects.

    `shape` is that of the result, `index` maps it to the array; `valid` are conditions, one array each with
    the result's axes it depends on, under which the index lies inside the array.
    """

    def __init__(self, target: tuple[int, ...], entries: list[Any], converter: Converter) -> None:
        self.converter = converter
        entries = [*entries, *([slice(None)] * (len(target) - len(entries)))]
        arrays = {
            axis: converter.array(entry)
            for axis, entry in enumerate(entries)
            if (isinstance(entry, Variable) and converter.static(entry) is None) or _is_array(entry, converter)
        }
        numbers = {
            axis: _static_number(entry, converter)
            for axis, entry in enumerate(entries)
            if axis not in arrays and not isinstance(entry, slice)
        }
        if any(array.kind == "bool" for array in arrays.values()):
            raise Unsupported("indexing by booleans")
        rank = max((len(array.shape) for array in arrays.values()), default=0)
        common = _broadcast([array.shape for array in arrays.values()])
        advanced = [axis for axis in range(len(target)) if axis in arrays or (arrays and axis in numbers)]
        adjacent = bool(advanced) and advanced == list(range(advanced[0], advanced[-1] + 1))
        shape: list[int] = []
        index: dict[int, Entry] = {}
        start = 0
        if advanced and not adjacent:
            shape += common
        for axis, size in enumerate(target):
            entry = entries[axis]
            if axis in numbers:
                number = numbers[axis]
                if not -size <= number < size:
                    raise IndexError(f"index {number} is out of bounds for axis of size {size}")
                index[axis] = Index(number % size)
            if advanced and adjacent and axis == advanced[0]:
                start = len(shape)
                shape += common
            if isinstance(entry, slice):
                first, last, step = slice(
                    *(_bound(part, converter) for part in (entry.start, entry.stop, entry.step))
                ).indices(size)
                index[axis] = Index(first, ((len(shape), step),))
                shape.append(len(range(first, last, step)))
        self.shape = tuple(shape)
        self.valid: list[tuple[Array, tuple[Index, ...]]] = []
        for axis, array in arrays.items():
            offset = start + rank - len(array.shape)
            map = tuple(Index() if n == 1 else variable(offset + a) for a, n in enumerate(array.shape))
            index[axis] = (self.checked(entries[axis], array, target[axis], map), map)
        self.index = tuple(index[axis] for axis in range(len(target)))
        self.index = tuple(
            Index(entry.constant) if isinstance(entry, Index) and _single(entry, self.shape) else entry
            for entry in self.index
        )

    def checked(self, entry: object, array: Array, size: int, map: tuple[Index, ...]) -> Array:
        """The index array with negative indices counted from the end, never outside the array."""
        value = self.converter.static(entry) if isinstance(entry, Variable) else None
        key = (entry, size)
        if value is None and key in self.converter.checked:
            index, inside = self.converter.checked[key]
            if inside is not None:
                self.valid.append((inside, map))
            return index
        if value is not None:
            if value.size and not (value.min() >= -size and value.max() < size):
                raise IndexError(f"index is out of bounds for axis of size {size}")
            return self.converter.constant(np.where(value < 0, value + size, value).astype("int64"))
        wrapped = Elementwise(array.shape, "int", f"{{0}} + {size} if {{0}} < 0 else {{0}}", (array,), 2)
        if entry not in self.converter.varying:
            self.converter.checks.append((wrapped, size))
            safe = f"{{0}} if {{0}} >= 0 and {{0}} < {size} else 0"
            index = Elementwise(array.shape, "int", safe, (wrapped,), 2)
            self.converter.checked[key] = index, None
            return index
        inside = Elementwise(array.shape, "bool", f"{{0}} >= 0 and {{0}} < {size}", (wrapped,), 2)
        self.valid.append((inside, map))
        index = Elementwise(array.shape, "int", "{0} if {1} else 0", (wrapped, inside), 2)
        self.converter.checked[key] = index, inside
        return index

    @property
    def plain(self) -> bool:
        return all(isinstance(entry, Index) for entry in self.index)

    def poisoned(self, value: Array) -> Array:
        """nan where the index lies outside the array."""
        for valid, map in self.valid:
            mask = Reindex(value.shape, "bool", valid, map)
            value = Elementwise(value.shape, value.kind, "{0} if {1} else nan", (value, mask), 1)
        return value


def _single(entry: Index, shape: tuple[int, ...]) -> bool:
    return bool(entry.terms) and all(isinstance(axis, int) and shape[axis] == 1 for axis, _ in entry.terms)


def _is_array(entry: object, converter: Converter) -> bool:
    return isinstance(entry, Variable) and getattr(entry.type, "ndim", 0) > 0


def _static_number(entry: object, converter: Converter) -> int:
    return converter.integer(entry) if isinstance(entry, Variable) else int(entry)  # type: ignore[call-overload]


def _bound(part: object, converter: Converter) -> int | None:
    if part is None or isinstance(part, int):
        return part
    assert isinstance(part, Variable)
    if getattr(part.type, "dtype", "") == "" and getattr(part, "data", 0) is None:
        return None
    return converter.integer(part)


def _broadcast(shapes: list[tuple[int, ...]]) -> list[int]:
    return list(np.broadcast_shapes(*shapes)) if shapes else []


@convert.register(Subtensor)
@convert.register(AdvancedSubtensor)
def convert_selection(op: Subtensor, node: Apply, converter: Converter) -> list[Array | None]:
    operand = converter.array(node.inputs[0])
    selection = Selection(operand.shape, list(indices_from_subtensor(node.inputs[1:], op.idx_list)), converter)
    return [select(operand, selection)]


def select(operand: Array, selection: Selection) -> Array:
    """The selected elements."""
    if isinstance(operand, Constant):
        return selection.poisoned(Constant(selection.shape, operand.kind, operand.value))
    if selection.plain:
        index = tuple(entry for entry in selection.index if isinstance(entry, Index))
        if by_columns(operand) and len(selection.shape) == 2:
            turned = tuple(entry.substitute(SWAP) for entry in reversed(index))
            return transposed(Reindex(selection.shape[::-1], operand.kind, transposed(operand), turned))
        return _piece_of_source(operand, selection.shape, index) or Reindex(
            selection.shape, operand.kind, operand, index
        )
    if 0 in selection.shape:
        return Constant(selection.shape, operand.kind, 0)
    if 0 in operand.shape:
        raise IndexError("index into an empty array")
    return selection.poisoned(Take(selection.shape, operand.kind, operand, selection.index))


def _piece_of_source(operand: Array, shape: tuple[int, ...], index: tuple[Index, ...]) -> Source | None:
    """A contiguous piece of memory is memory again."""
    if not isinstance(operand, Source) or 0 in shape:
        return None
    offset = linear(index, operand.shape)
    expected = {axis: stride for axis, (stride, size) in enumerate(zip(strides(shape), shape, strict=True)) if size > 1}
    if dict(offset.terms) != expected:
        return None
    return Source(shape, operand.kind, operand.buffer, operand.offset + offset.constant)


@convert.register(IncSubtensor)
@convert.register(AdvancedIncSubtensor)
def convert_update(op: IncSubtensor, node: Apply, converter: Converter) -> list[Array | None]:
    base, value = (converter.array(variable) for variable in node.inputs[:2])
    selection = Selection(base.shape, list(indices_from_subtensor(node.inputs[2:], op.idx_list)), converter)
    add = not op.set_instead_of_inc
    if add and getattr(op, "ignore_duplicates", False):
        old = select(base, selection)
        padded = reindex(
            value,
            (1,) * (len(old.shape) - len(value.shape)) + value.shape,
            {a: a + len(old.shape) - len(value.shape) for a in range(len(value.shape))},
        )
        value, add = elementwise("{0} + {1}", base.kind, 1, old, padded), False
    value = selection.poisoned(stretch(value, selection.shape))
    if value.size == 0:
        return [base]
    if by_columns(base):
        turned = Part(value, selection.index[::-1], add)
        return [transposed(_updated(transposed(base), turned, converter.uses[node.inputs[0]] == 1))]
    return [_updated(base, Part(value, selection.index, add), converter.uses[node.inputs[0]] == 1)]


def _updated(base: Array, part: Part, alone: bool) -> Array:
    """The base with a part written to it; `alone`: nothing else reads the base."""
    if worth_copies(base.shape, part):
        return added_in_copies(base, part)
    plain = all(isinstance(entry, Index) for entry in part.index)
    if (is_zero(base) or not part.add) and plain and part.value.size == base.size:
        return Update(base.shape, base.kind, None, (Part(part.value, part.index, False),))
    if isinstance(base, Update) and alone:
        return Update(base.shape, base.kind, base.base, (*base.parts, part))
    return Update(base.shape, base.kind, base, (part,))
