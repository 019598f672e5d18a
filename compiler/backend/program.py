"""A compiled program: loops over a table of data, split into what depends on the arguments and what does not.

What depends on data only is computed once, when data is bound: `prepare()` fills *prepared* arrays, which
the main function then reads like data. Code depends on shapes alone, so new data needs no compilation.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from . import asides, llvm, machine, whole_arrays
from .llvm import Signature, translate
from .loops import Body
from .machine import Linked, assemble, machine_name
from .mathlib import texts
from .memory import aligned, aligned_empty


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
