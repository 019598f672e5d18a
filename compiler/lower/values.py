"""Lowered values: NumPy arrays where only data matters, PyTensor graphs where parameters do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytensor.tensor as pt
from numpy.typing import NDArray
from pytensor.tensor.variable import TensorVariable

from ..types import Type, core_dimensions, is_complex
from .frames import ROOT, Frame

type Numbers = NDArray[Any] | TensorVariable


@dataclass(frozen=True, slots=True)
class Value:
    """A number or container: the axes of `frame` in front (length 1 where nothing varies), then its own.

    A complex number has an axis of its own, the last, with the real and the imaginary part (see library/definitions).
    `literal` marks values that follow from the program's text alone; they may stand in compiled code as
    constants, whereas data enters it as an argument.
    """

    numbers: Numbers
    type: Type
    frame: Frame = ROOT
    literal: bool = False

    @property
    def concrete(self) -> bool:
        """Whether the value is known now."""
        return isinstance(self.numbers, np.ndarray)

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of the value's own axes (of complex numbers with the last, that of their parts)."""
        shape = shape_of(self.numbers)
        return shape[len(shape) - axes_of(self.type) :]

    @property
    def known(self) -> NDArray[Any]:
        """The numbers of a concrete value."""
        assert isinstance(self.numbers, np.ndarray)
        return self.numbers


@dataclass(frozen=True, slots=True)
class TupleValue:
    """A tuple, or an array of tuples kept as a tuple of arrays."""

    elements: tuple[AnyValue, ...]
    type: Type


def shape_of(numbers: Numbers) -> tuple[int, ...]:
    """All sizes; those of graphs are known, too, wherever a value is used."""
    return tuple(numbers.shape if isinstance(numbers, np.ndarray) else numbers.type.shape)


def axes_of(type: Type) -> int:
    """How many axes a lowered value of this type has."""
    return core_dimensions(type) + is_complex(type)


def in_parts(array: NDArray[np.complex128]) -> NDArray[np.float64]:
    """Complex numbers as lowered values hold them: real and imaginary parts along one more axis."""
    return np.stack([array.real, array.imag], axis=-1)


def from_parts(array: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Complex numbers from their parts along the last axis."""
    return np.asarray(array[..., 0] + 1j * array[..., 1])


type AnyValue = Value | TupleValue


def leaves(value: AnyValue) -> Iterable[Value]:
    """The numeric parts of a value, in order."""
    if isinstance(value, TupleValue):
        for element in value.elements:
            yield from leaves(element)
    else:
        yield value


def only(value: AnyValue) -> Value:
    """The one part of a value without tuples."""
    assert isinstance(value, Value)
    return value


def is_concrete(value: AnyValue) -> bool:
    """Whether every part is known now."""
    return all(leaf.concrete for leaf in leaves(value))


@dataclass
class DataTable:
    """The data that a compiled graph takes as arguments; equal arrays share one input."""

    values: dict[TensorVariable, NDArray[Any]] = field(default_factory=dict)
    _inputs: dict[object, TensorVariable] = field(default_factory=dict)

    def copy(self) -> DataTable:
        """A table that can grow without this one."""
        return DataTable(dict(self.values), dict(self._inputs))

    def tensor(self, value: Value) -> TensorVariable:
        """The graph of a value."""
        if not isinstance(value.numbers, np.ndarray):
            return value.numbers
        return self.constant(value.numbers, literal=value.literal)

    def constant(self, array: NDArray[Any], literal: bool = False) -> TensorVariable:
        """An array as a graph: small integers and literals stand in the code, all else is an argument."""
        if array.ndim == 0 and (literal or array.dtype.kind in "iub" or not np.isfinite(array)):
            return pt.constant(array)
        if array.size > 1 and _uniform(array):
            item = np.asarray(array.flat[0])
            scalar = pt.constant(item) if literal or np.isnan(item) or item in (0, 1) else self.constant(item)
            return pt.full(array.shape, scalar)
        if array.size == 0 or (literal and array.size <= 16):
            return pt.constant(array)
        return self.input(array)

    def input(self, array: NDArray[Any]) -> TensorVariable:
        """An argument that holds this array."""
        array = np.ascontiguousarray(array) if array.ndim else np.asarray(array)
        if array.dtype.kind in "iub":
            array = array.astype(np.int64, copy=False)
        key = (array.dtype.str, array.shape, hashlib.blake2b(array.tobytes(), digest_size=16).digest())
        found = self._inputs.get(key)
        if found is None:
            found = pt.tensor(f"data_{len(self._inputs)}", dtype=array.dtype, shape=array.shape)
            self._inputs[key] = found
            self.values[found] = array
        return found


def _uniform(array: NDArray[Any]) -> bool:
    first = array.flat[0]
    return bool(np.all(array == first)) or (array.dtype.kind == "f" and bool(np.isnan(array).all()))
