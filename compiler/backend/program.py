"""A compiled program: loops over a table of data, split into what depends on the arguments and what does not.

What depends on data only is computed once, when data is bound: `prepare()` fills *prepared* arrays, which
the main function then reads like data. Code depends on shapes alone, so new data needs no compilation.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from . import asides, llvm, machine, whole_arrays
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
from .llvm import Signature, translate
from .loops import Body, write
from .machine import Linked, assemble, machine_name
from .mathlib import texts
from .memory import aligned, aligned_empty
from .schedule import LONG_LOOP, UNROLL_SUMS


@dataclass(frozen=True)
class Slot:
    """An entry of the data table: given data (`d`), a constant (`c`) or a prepared array (`p`)."""

    name: str
    type: str  # "floats" or "ints"
    size: int


@cache
def translator() -> str:
    """Identifies how text becomes machine code."""
    files = [*sorted(Path(llvm.__file__).parent.glob("*.py")), Path(whole_arrays.__file__), Path(machine.__file__)]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def digest(value: Any) -> str:
    """Identifies the content of an array."""
    array = np.ascontiguousarray(value)
    return hashlib.sha256(f"{array.dtype}{array.shape}".encode() + array.tobytes()).hexdigest()


@dataclass(frozen=True)
class Text:
    """A program before compilation: source, table layout, and index arrays to be checked against their limits."""

    source: str
    exported: tuple[str, ...]
    slots: tuple[Slot, ...]
    checks: tuple[tuple[str, int], ...] = ()
    externals: tuple[Signature, ...] = ()

    @property
    def key(self) -> str:
        """Identifies the machine code."""
        parts = [self.source, *self.exported, machine_name(), json.dumps([s.name for s in self.slots]), translator()]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@dataclass
class Split:
    """Array expressions with their data-only parts replaced by prepared arrays."""

    roots: list[Array]
    prepared: list[tuple[Array, Source]] = field(default_factory=list)


def split_off_data(
    roots: Sequence[Array], arguments: set[str], also: Sequence[Array] = ()
) -> tuple[Split, list[Source]]:
    """Replace what does not depend on the argument buffers; `also` is prepared in any case and returned."""
    order = in_order(list(roots))
    varying: set[int] = set()
    for array in order:
        if isinstance(array, Source):
            if array.buffer in arguments:
                varying.add(id(array))
        elif any(id(operand) in varying for operand in operands_of(array)):
            varying.add(id(array))
    split = Split([])
    replaced: dict[int, Array] = {}
    columns: dict[tuple[str, int, tuple[int, ...]], Source] = {}

    def prepare(array: Array) -> Source:
        found = replaced.get(id(array))
        if not isinstance(found, Source):
            found = Source(array.shape, "float" if array.kind == "float" else "int", f"p{len(split.prepared)}")
            split.prepared.append((array, found))
            replaced[id(array)] = found
        return found

    def turned(array: Source) -> Source:
        """The copy of a matrix in which columns are contiguous, one for all that look at its memory."""
        shape = tuple(array.shape[axis] for axis in _long_axes(array))
        place = (array.buffer, array.offset, shape)
        if place not in columns:
            matrix = Source(shape, array.kind, array.buffer, array.offset)
            columns[place] = prepare(Reindex(shape[::-1], array.kind, matrix, (variable(1), variable(0))))
        return columns[place]

    def settled(array: Array) -> Array:
        if id(array) in replaced:
            return replaced[id(array)]
        if isinstance(array, Source) and _is_tall(array) and id(array) not in varying:
            row, column = _long_axes(array)
            replaced[id(array)] = Reindex(array.shape, array.kind, turned(array), (variable(column), variable(row)))
            return replaced[id(array)]
        if id(array) in varying or isinstance(array, Source | Constant):
            return array
        match array:
            case Reindex(operand=operand, index=index):
                result: Array = Reindex(array.shape, array.kind, settled(operand), index)
            case Reshape(operand=operand):
                inner = settled(operand)
                if isinstance(inner, Source):
                    result = Source(array.shape, inner.kind, inner.buffer, inner.offset)
                else:
                    result = Reshape(array.shape, array.kind, inner)
            case Elementwise(operands=operands, cost=cost) if cost <= 1 and array.size > 4 * max(
                (operand.size for operand in operands), default=0
            ):
                result = Elementwise(array.shape, array.kind, array.template, tuple(map(settled, operands)), cost)
            case _:
                return prepare(array)
        replaced[id(array)] = result
        return result

    def in_memory(array: Array) -> Array:
        """An operand of a call: data as they are, or made ready once."""
        if id(array) in varying or isinstance(array, Source | Constant):
            return array
        if isinstance(array, Reindex) and isinstance(array.operand, Source) and by_columns(array):
            return turned(array.operand)
        return prepare(array)

    for array in order:
        if id(array) in varying:
            _replace_operands(array, settled, in_memory)
    split.roots = [settled(root) for root in roots]
    return split, [prepare(array) for array in also]


def _long_axes(array: Array) -> list[int]:
    """The axes that are not of length 1."""
    return [axis for axis, size in enumerate(array.shape) if size != 1]


def _is_tall(array: Source) -> bool:
    """A matrix with few columns: loops over its rows vectorise when each column is contiguous.

    Axes of length 1 do not matter; a product of matrices has one, over which the vector is stretched.
    """
    shape = [array.shape[axis] for axis in _long_axes(array)]
    return len(shape) == 2 and 0 < shape[1] <= UNROLL_SUMS and shape[0] >= LONG_LOOP


def _replace_operands(array: Array, settled: Any, in_memory: Any) -> None:
    match array:
        case Elementwise():
            array.operands = tuple(map(settled, array.operands))
        case Update():
            array.base = None if array.base is None else settled(array.base)
            for part in array.parts:
                part.value = settled(part.value)
                part.index = tuple((settled(e[0]), e[1]) if isinstance(e, tuple) else e for e in part.index)
        case CallOutput(call=call):
            call.operands = tuple(map(in_memory, call.operands))
        case Source() | Constant():
            pass
        case _:
            array.operand = settled(array.operand)
            if hasattr(array, "index") and not isinstance(array, Reindex):
                array.index = tuple((settled(e[0]), e[1]) if isinstance(e, tuple) else e for e in array.index)


def function_text(head: str, body: Body, slots: Sequence[Slot], result: str = "") -> str:
    """A loop-language function: table entries and local arrays it uses, then the body."""
    lines = ["@fast", head]
    used = body.names | set(body.scalars)
    for number, slot in enumerate(slots):
        if slot.name in used:
            lines.append(f"    {slot.name} = table_{slot.type}({number})")
    for name, (type, size) in body.locals.items():
        lines.append(f"    {name} = {type}({size})")
    lines += [f"    {line}" for line in body.lines]
    lines.append(f"    return {result}".rstrip())
    return "\n".join(lines) + "\n"


def assemble_text(functions: Sequence[str], names: set[str]) -> str:
    """The functions with the helpers they use."""
    return "\n\n".join([*(f"{text}\n" for text in texts(names)), *functions])


class Bound:
    """A program linked with its data: addresses of its functions, alive as long as this object.

    `arrays` are data and constants by slot; `data_names` are the caller's names of the data slots; `assumed` are
    digests of data by name, for which alone the program is right.
    """

    def __init__(
        self,
        text: Text,
        code: bytes,
        arrays: Mapping[str, np.ndarray],
        symbols: Mapping[str, int],
        data_names: Mapping[str, str],
        keep_alive: object = None,
        assumed: Mapping[str, str] | None = None,
    ) -> None:
        self.text = text
        self.code = code
        self.data_names = dict(data_names)
        self.assumed = dict(assumed or {})
        self.data_shapes = {slot: np.shape(arrays[slot]) for slot in data_names}
        self.constants = {slot: value for slot, value in arrays.items() if slot not in data_names}
        self._keep_alive = keep_alive
        self._arrays: list[np.ndarray] = []
        by_name: dict[str, np.ndarray] = {}
        for slot in text.slots:
            dtype = "float64" if slot.type == "floats" else "int64"
            if slot.name.startswith("p"):
                array = aligned_empty(max(slot.size, 1), dtype)
            else:
                array = aligned(np.ascontiguousarray(arrays[slot.name], dtype=dtype))
            if array.size != slot.size and not slot.name.startswith("p"):
                raise ValueError(f"data of size {array.size} where the program expects {slot.size}")
            by_name[slot.name] = array[: slot.size] if slot.name.startswith("p") else array
            self._arrays.append(array)
        self._table = np.array([array.ctypes.data for array in self._arrays] or [0], dtype=np.uint64)
        found = {"data_table": self._table.ctypes.data, **asides.addresses(text.source), **symbols}
        self._linked = Linked(code, text.exported, found)
        self.addresses = self._linked.addresses
        if "prepare" in self.addresses:
            import ctypes

            ctypes.CFUNCTYPE(None)(self.addresses["prepare"])()
        for name, size in text.checks:
            index = by_name[name]
            if index.size and not (index.min() >= 0 and index.max() < size):
                wrong = index[(index < 0) | (index >= size)][0]
                raise IndexError(f"index {wrong} is out of bounds for an axis of size {size}")


def compile_text(text: Text) -> bytes:
    """Machine code of a program."""
    return assemble(translate(text.source, text.exported, text.externals))


__all__ = [
    "Bound",
    "Slot",
    "Split",
    "Text",
    "assemble_text",
    "compile_text",
    "function_text",
    "split_off_data",
    "write",
]
