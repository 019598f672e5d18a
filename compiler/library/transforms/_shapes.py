"""Static sizes: transforms need them while the graph is built."""

from __future__ import annotations

from math import isqrt

from ..definitions import Tensor


def length(x: Tensor) -> int:
    """The static length of the last axis."""
    size: int | None = x.type.shape[-1]
    if size is None:
        raise ValueError("a transform needs the static length of its argument's last axis")
    return size


def has_elements(shape: tuple[int, ...]) -> str | None:
    """Values that sum to something, or have a length, have elements."""
    if all(shape):
        return None
    return f"must have elements, but {' × '.join(map(str, shape))} were declared"


def corner(count: int) -> int:
    """K, where count = K (K+1) / 2."""
    return (isqrt(8 * count + 1) - 1) // 2


def columns_of(x: Tensor, rows: int, columns: int) -> Tensor:
    """The (..., columns, rows) stack of the columns of a matrix that x holds column by column."""
    return x.reshape((*(x.shape[axis] for axis in range(x.ndim - 1)), columns, rows))


def stack_columns(y: Tensor) -> Tensor:
    """The columns of a matrix one after the other: the inverse of `columns_of(...).mT`."""
    rows, columns = y.type.shape[-2:]
    return y.mT.reshape((*(y.shape[axis] for axis in range(y.ndim - 2)), rows * columns))
