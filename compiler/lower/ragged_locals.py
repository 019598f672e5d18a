"""Vectors that a loop's body declares, whose length differs between iterations: all of them, one after the other.

    vector[n[i]] mu;

An element is one of that single vector; the whole is known as one only where all lanes in force have equally many.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import ir
from ..types import Array, Int, Real, RowVector, Type, Vector, is_discrete
from . import expressions
from .accesses import Access
from .declarations import SMALLEST_INT
from .frames import Lanes
from .indexing import PerLane, Selector, Several, Whole
from .scope import Binding, Ragged, Scope
from .values import Value

_LINES: tuple[Type, ...] = (Vector(), RowVector(), Array(Int()), Array(Real()))


def has_one_axis(type: Type) -> bool:
    """Whether variables of this type can be kept so."""
    return type in _LINES


def declared(type: Type, lengths: Lanes, scope: Scope) -> Binding:
    """A variable without values yet, of these lengths in the lanes in force."""
    fill = np.asarray(SMALLEST_INT) if is_discrete(type) else np.asarray(np.nan)
    value = Value(np.broadcast_to(fill, (int(lengths.sum()),)), type, literal=True)
    return Binding(value, scope.lanes, lengths=lengths)


def read(variable: ir.Variable, indices: tuple[ir.Index, ...], type: Any, scope: Scope) -> Value:
    """A part of such a variable, or the whole."""
    binding = scope.bindings[variable]
    assert isinstance(binding.value, Value)
    own = selectors(binding, indices, variable.name, scope)
    scope.record(Access.READ, variable, own, binding.value.shape)
    return expressions.select(binding.value, own, type, scope)


def selectors(binding: Binding, indices: tuple[ir.Index, ...], name: str, scope: Scope) -> list[Selector]:
    """The positions that indices of a lane's vector have in the single one, over the lanes in force."""
    assert binding.lengths is not None
    lengths = in_force(binding, scope)
    own = _own(indices, lengths, name, scope)
    ends = np.cumsum(binding.lengths).reshape(binding.lengths.shape)
    before = _in_lanes(ends - binding.lengths, binding, scope)
    match own:
        case PerLane(positions):
            _check(positions, lengths, scope)
            return [PerLane(positions + before)]
        case Several(positions):
            _check(positions, lengths, scope)
            return [Several(positions + before[..., None])]
        case Whole(length):
            return [Several(before[..., None] + np.arange(length))]


def in_force(binding: Binding, scope: Scope) -> Lanes:
    """The lengths over the lanes in force."""
    assert binding.lengths is not None
    return _in_lanes(binding.lengths, binding, scope)


def _in_lanes(numbers: Lanes, binding: Binding, scope: Scope) -> Lanes:
    return np.asarray(numbers[scope.lanes.coordinates(binding.home)])


def _own(indices: tuple[ir.Index, ...], lengths: Lanes, name: str, scope: Scope) -> Selector:
    """What is selected of a lane's vector."""
    match indices:
        case () | (ir.All(),) | (ir.Between(upper=None),) if np.ptp(lengths):
            raise Ragged(scope.lanes, np.broadcast_to(lengths, scope.lanes.axes))
    [selector] = expressions.selectors(indices, (int(lengths.max(initial=0)),), name, scope)
    return selector


def _check(positions: Lanes, lengths: Lanes, scope: Scope) -> None:
    """A position beyond the end of a lane's vector is described where the lengths are lowered one after the other."""
    ends = lengths.reshape(lengths.shape + (1,) * (positions.ndim - lengths.ndim))
    if (positions >= ends).any():
        raise Ragged(scope.lanes, np.broadcast_to(lengths, scope.lanes.axes))
