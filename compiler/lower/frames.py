"""Iteration spaces: while a loop is lowered as a whole, every value inside it may have one element per iteration.

A frame is such a space. The iterations (lanes) of nested rectangular loops form a grid with one axis per
loop; ragged loops and branches on data give a frame with a single axis that lists its lanes. A value that
lives in a frame has the frame's axes in front of its own, with length 1 where it does not vary.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Lanes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Frame:
    """An iteration space inside its parent; `origin` maps each lane to the parent's, one array per parent axis.

    Every array of `origin` has as many axes as this frame and broadcasts to `axes`.
    """

    parent: Frame | None
    axes: tuple[int, ...]
    origin: tuple[Lanes, ...] = field(default=(), repr=False)

    @property
    def depth(self) -> int:
        """How many frames lie around this one."""
        return 0 if self.parent is None else self.parent.depth + 1

    @property
    def size(self) -> int:
        """The number of lanes."""
        return int(np.prod(self.axes, dtype=np.int64))

    @cached_property
    def own_coordinates(self) -> tuple[Lanes, ...]:
        """Each lane's position along each axis of this frame."""
        return tuple(along(np.arange(n), axis, len(self.axes)) for axis, n in enumerate(self.axes))

    def coordinates(self, ancestor: Frame) -> tuple[Lanes, ...]:
        """Each lane's position along each axis of an enclosing frame (or of this one)."""
        if ancestor is self:
            return self.own_coordinates
        assert self.parent is not None, "not an enclosing frame"
        return tuple(self.carry(array) for array in self.parent.coordinates(ancestor))

    def carry(self, array: Lanes) -> Lanes:
        """An array over the parent's lanes, as one over this frame's lanes."""
        varying = [c for c, n in zip(self.origin, array.shape, strict=True) if n != 1]
        shape = np.broadcast_shapes((1,) * len(self.axes), *(c.shape for c in varying))
        index = tuple(c if n != 1 else 0 for c, n in zip(self.origin, array.shape, strict=True))
        return np.asarray(array[index]).reshape(shape)

    def lane_numbers(self, ancestor: Frame) -> Lanes:
        """For each lane, the number of the lane of `ancestor` it belongs to (row-major)."""
        total = np.zeros((1,) * len(self.axes), dtype=np.int64)
        for n, coordinate in zip(ancestor.axes, self.coordinates(ancestor), strict=True):
            total = total * n + coordinate
        return total

    @cached_property
    def narrows(self) -> bool:
        """Whether some lane of the parent has none here."""
        if self.parent is None:
            return False
        reached = np.zeros(self.parent.size, dtype=bool)
        reached[self.lane_numbers(self.parent)] = True
        return not reached.all()

    def narrowing(self, ancestor: Frame) -> Frame | None:
        """The innermost frame between this one and an enclosing one that narrows; None if all lanes go on."""
        frame: Frame | None = self
        while frame is not None and frame is not ancestor and not frame.narrows:
            frame = frame.parent
        return None if frame is ancestor else frame

    def inside(self, other: Frame) -> bool:
        """Whether `other` is this frame or one around it."""
        frame: Frame | None = self
        while frame is not None:
            if frame is other:
                return True
            frame = frame.parent
        return False


ROOT = Frame(None, ())


def along(values: Lanes, axis: int, ndim: int) -> Lanes:
    """A 1-d array laid along one of `ndim` axes."""
    return values.reshape(tuple(len(values) if a == axis else 1 for a in range(ndim)))


def loop_frame(parent: Frame, lower: Lanes, upper: Lanes) -> tuple[Frame, Lanes]:
    """The frame of a loop over lower..upper (one pair per lane of the parent), and the loop variable in it.

    Equal bounds in all lanes add an axis to the grid; otherwise the lanes are listed one by one.
    """
    if lower.size and (lower == lower.flat[0]).all() and (upper == upper.flat[0]).all():
        values = np.arange(int(lower.flat[0]), int(upper.flat[0]) + 1)
        ndim = len(parent.axes) + 1
        origin = tuple(c[..., None] for c in parent.own_coordinates)
        return Frame(parent, (*parent.axes, len(values)), origin), along(values, ndim - 1, ndim)
    lower = np.broadcast_to(lower, parent.axes).ravel()
    upper = np.broadcast_to(upper, parent.axes).ravel()
    counts = np.maximum(upper - lower + 1, 0)
    lanes = np.repeat(np.arange(parent.size), counts)
    first = np.cumsum(counts) - counts
    values = np.arange(len(lanes)) - np.repeat(first, counts) + np.repeat(lower, counts)
    return listed(parent, lanes), values


def listed(parent: Frame, lanes: Lanes) -> Frame:
    """The frame with one axis that lists lanes of the parent by number."""
    return Frame(parent, (len(lanes),), tuple(np.unravel_index(lanes, parent.axes)))


def chosen(parent: Frame, mask: NDArray[np.bool_]) -> Frame:
    """The lanes of the parent where `mask` holds; the grid is kept when the mask varies along one axis only."""
    varying = [axis for axis, n in enumerate(mask.shape) if n != 1]
    if not varying:
        varying = [0]
        mask = np.broadcast_to(mask, (parent.axes[0], *mask.shape[1:]))
    if len(varying) > 1:
        return listed(parent, np.flatnonzero(np.broadcast_to(mask, parent.axes)))
    (axis,) = varying
    picked = np.flatnonzero(mask)
    origin = list(parent.own_coordinates)
    origin[axis] = along(picked, axis, len(parent.axes))
    axes = tuple(len(picked) if a == axis else n for a, n in enumerate(parent.axes))
    return Frame(parent, axes, tuple(origin))


def deepest(frames: list[Frame]) -> Frame:
    """The innermost of frames that lie within each other."""
    return max(frames, key=lambda frame: frame.depth, default=ROOT)
