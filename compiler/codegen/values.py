"""How Stan values appear in generated code: each is one NumPy value, or a tuple of values known while generating.

Tuples do not exist at run time. A tuple variable is one Python variable per leaf, an array of tuples one array
per leaf, so that generated functions only ever see numbers and arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import types

type Nested[T] = T | tuple[Nested[T], ...]
type Kind = Literal["b", "i", "f", "c"]  # truth value (never stored), integer, real, complex number
_DTYPE: dict[Kind, str] = {"b": "int64", "i": "int64", "f": "float64", "c": "complex128"}


@dataclass(frozen=True, slots=True)
class Slot:
    """What one leaf of a type holds: the kind of number and how many axes."""

    kind: Kind
    rank: int

    @property
    def dtype(self) -> str:
        """The type of its arrays, as text."""
        return f"np.{_DTYPE[self.kind]}"

    @property
    def tensor_dtype(self) -> str:
        """The type of its tensors, in which complex numbers are pairs of reals."""
        return "float64" if self.kind == "c" else _DTYPE[self.kind]

    def array(self, value: ArrayLike) -> NDArray[Any]:
        """The numbers as compiled code takes them, in C order."""
        return np.ascontiguousarray(value, _DTYPE[self.kind])

    def new_array(self, shape: tuple[int, ...]) -> NDArray[Any]:
        """Memory for numbers."""
        return np.empty(shape, _DTYPE[self.kind])

    @property
    def unset(self) -> str:
        """The value of a declared variable before its first assignment."""
        return {"b": "UNSET", "i": "UNSET", "f": "np.nan", "c": "complex(np.nan, np.nan)"}[self.kind]

    @property
    def zero(self) -> str:
        return {"b": "0", "i": "0", "f": "0.0", "c": "0j"}[self.kind]

    @property
    def empty(self) -> str:
        """Any value of this kind and rank: what a function returns when it has failed."""
        return f"np.empty(({'0, ' * self.rank}), {self.dtype})" if self.rank else self.zero


@dataclass(frozen=True, slots=True)
class Leaf:
    """A number or array at run time, as Python text.

    `fresh`: a new array that nothing else refers to. `contiguous`: C-ordered without gaps, which Numba has in
    its type. `name`: the variable or temporary that the text is, where it is one (adjoints belong to names).
    `root`: the variable whose memory a view shows.
    """

    text: str
    slot: Slot
    fresh: bool = False
    contiguous: bool = True
    name: str | None = None
    root: str | None = None

    @property
    def kind(self) -> Kind:
        return self.slot.kind

    @property
    def rank(self) -> int:
        return self.slot.rank

    def size(self, axis: int) -> str:
        """The text of a size; an axis may be counted from the end."""
        return f"{self.text}.shape[{axis % self.rank}]"

    def __str__(self) -> str:
        return self.text


type Value = Nested[Leaf]
type Slots = Nested[Slot]

_KIND: dict[types.Type, Kind] = {
    types.Int(): "i", types.Real(): "f", types.Vector(): "f", types.RowVector(): "f", types.Matrix(): "f",
    types.Complex(): "c", types.ComplexVector(): "c", types.ComplexRowVector(): "c", types.ComplexMatrix(): "c",
}  # fmt: skip


def slots(type: types.Type, dimensions: int = 0) -> Slots:
    """The leaves of a type with `dimensions` axes in front."""
    match type:
        case types.Array(element, deeper):
            return slots(element, dimensions + deeper)
        case types.Tuple(elements):
            return tuple(slots(element, dimensions) for element in elements)
        case types.Void() | types.String() | types.FunctionType():
            return ()
        case _:
            return Slot(_KIND[type], dimensions + types.core_dimensions(type))


def slot(type: types.Type) -> Slot:
    """The one leaf of a type without tuples."""
    found = slots(type)
    assert isinstance(found, Slot), f"{type} has several leaves"
    return found


def flatten[T](*values: Nested[T]) -> Iterator[T]:
    """The leaves of values, in order."""
    for value in values:
        if isinstance(value, tuple):
            yield from flatten(*value)
        else:
            yield value


def unflatten[T](shape: Nested[object], parts: Iterator[T]) -> Nested[T]:
    """The `parts`, one per leaf of `shape`, in the nesting of `shape`."""
    return tuple(unflatten(inner, parts) for inner in shape) if isinstance(shape, tuple) else next(parts)


def each(value: Value, change: Callable[[Leaf], Leaf]) -> Value:
    """The value with every leaf changed."""
    return tuple(each(part, change) for part in value) if isinstance(value, tuple) else change(value)


def contiguous(leaf: Leaf) -> str:
    """The text of the array with C order in its type, copied only where it has to be."""
    return leaf.text if leaf.contiguous or not leaf.rank else f"{leaf}.copy()"


def view_of(leaf: Leaf) -> str | None:
    """The variable whose memory the leaf shows."""
    return leaf.root or (leaf.name if not leaf.fresh else None)


def only(value: Value) -> Leaf:
    """The leaf that a value without tuples is."""
    assert isinstance(value, Leaf)
    return value


def part(value: Value, number: int) -> Value:
    """The element of a tuple, counted from 0."""
    assert isinstance(value, tuple)
    return value[number]


def renamed(leaf: Leaf, text: str) -> Leaf:
    """The same number or array under a name of its own."""
    return replace(leaf, text=text, name=text)
