"""Reading parts of containers, for all lanes of a frame at once.

The positions are known (they come from data), so a read is a slice where they form a range, else a gather.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .frames import along
from .values import DataTable, Numbers, shape_of

type Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PerLane:
    """One position (from 0) per lane: an array with the frame's axes. Drops the axis."""

    positions: Positions


@dataclass(frozen=True, slots=True)
class Several:
    """Several positions per lane: an array with the frame's axes and one more. Keeps the axis."""

    positions: Positions


@dataclass(frozen=True, slots=True)
class Whole:
    """All positions. Keeps the axis."""

    length: int


type Selector = PerLane | Several | Whole


def expanded(selectors: Sequence[Selector], lane_axes: int) -> tuple[list[Positions], list[int | None]]:
    """The position arrays laid out over the result's axes, and which result axis each one keeps, if any."""
    kept = sum(not isinstance(s, PerLane) for s in selectors)
    arrays: list[Positions] = []
    owned: list[int | None] = []
    axis = lane_axes
    for selector in selectors:
        match selector:
            case PerLane(positions):
                arrays.append(positions.reshape(positions.shape + (1,) * kept))
                owned.append(None)
            case Several(positions):
                before = axis - lane_axes
                shape = positions.shape[:lane_axes] + (1,) * before + positions.shape[lane_axes:]
                arrays.append(positions.reshape(shape + (1,) * (kept - before - 1)))
                owned.append(axis)
                axis += 1
            case Whole(length):
                arrays.append(along(np.arange(length), axis, lane_axes + kept))
                owned.append(axis)
                axis += 1
    return arrays, owned


def varying_axes(arrays: Sequence[Positions], owned: Sequence[int | None]) -> list[list[int]]:
    """The result axes along which each position array varies (an axis it keeps counts even at length 1)."""
    return [
        sorted({axis for axis, n in enumerate(array.shape) if n != 1} | ({own} if own is not None else set()))
        for array, own in zip(arrays, owned, strict=True)
    ]


def separable(axes: list[list[int]]) -> bool:
    flat = [axis for each in axes for axis in each]
    return all(len(each) <= 1 for each in axes) and len(set(flat)) == len(flat)


def as_slice(positions: Positions) -> slice | None:
    """The slice that a run of consecutive positions is, if it is one."""
    if len(positions) == 0:
        return slice(0, 0)
    first, last = int(positions[0]), int(positions[-1])
    if last - first + 1 == len(positions) and (np.diff(positions) == 1).all():
        return slice(first, last + 1)
    return None


def gather(base: Numbers, selectors: Sequence[Selector], lane_axes: int, table: DataTable) -> Numbers:
    """The selected parts of `base` (one selector per axis of it): the lanes' axes, then the kept ones."""
    arrays, owned = expanded(selectors, lane_axes)
    ndim = lane_axes + sum(own is not None for own in owned)
    axes = varying_axes(arrays, owned)
    if not separable(axes):
        if isinstance(base, np.ndarray):
            return base[tuple(arrays)]
        used = np.broadcast_shapes(*(a.shape for a in arrays))
        dropped = [_drop_ones(array, used) for array in arrays]
        picked = base[tuple(table.input(array) if array.size != 1 else int(array.item()) for array in dropped)]
        return _restore_ones(picked, used, ndim)
    basic: list[Any] = []
    takes: list[tuple[int, Positions]] = []
    order: list[int] = []  # the result axis that each remaining axis of `base` goes to
    for array, varying in zip(arrays, axes, strict=True):
        if not varying:
            basic.append(int(array.item()))
            continue
        positions = array.ravel()
        run = as_slice(positions)
        if run is None:
            takes.append((len(order), positions))
        basic.append(slice(None) if run is None else run)
        order.append(varying[0])
    whole = all(
        isinstance(b, slice) and (b == slice(None) or (b.start, b.stop) == (0, n))
        for b, n in zip(basic, shape_of(base), strict=True)
    )
    result: Any = base if whole else base[tuple(basic)]
    if isinstance(base, np.ndarray):
        result = np.asarray(result)
    for axis, positions in takes:
        index = positions if isinstance(base, np.ndarray) else table.input(positions)
        result = result[(slice(None),) * axis + (index,)]
    return arranged(result, order, ndim)


def _drop_ones(array: Positions, used: tuple[int, ...]) -> Positions:
    return array.reshape([n for n, u in zip(array.shape, used, strict=True) if u != 1])


def _restore_ones(result: Any, used: tuple[int, ...], ndim: int) -> Any:
    pattern: list[int | str] = []
    axis = 0
    for n in used:
        pattern.append("x" if n == 1 else axis)
        axis += n != 1
    return result.dimshuffle(*pattern) if pattern != list(range(ndim)) else result


def arranged(array: Any, order: Sequence[int], ndim: int) -> Any:
    """Move axis i of `array` to position order[i] of a result with `ndim` axes; the others have length 1."""
    if list(order) == list(range(ndim)):
        return array
    if isinstance(array, np.ndarray):
        moved = array.transpose(np.argsort(order))
        shape = [1] * ndim
        for axis, n in zip(sorted(order), moved.shape, strict=True):
            shape[axis] = n
        return moved.reshape(shape)
    where = {target: source for source, target in enumerate(order)}
    return array.dimshuffle(*(where.get(axis, "x") for axis in range(ndim)))


def element_numbers(selectors: Sequence[Selector], shape: Sequence[int], lane_axes: int) -> Positions:
    """The row-major number of each selected element, over the lanes' axes and the kept ones (length 1 kept)."""
    arrays, _ = expanded(selectors, lane_axes)
    ndim = lane_axes + sum(not isinstance(s, PerLane) for s in selectors)
    total = np.zeros((1,) * ndim, dtype=np.int64)
    for n, array in zip(shape, arrays, strict=True):
        total = total * n + array
    return total
