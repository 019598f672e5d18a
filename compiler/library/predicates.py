"""Whether values satisfy a constraint, as graphs over the trailing axes; comparisons with nan are false."""

from __future__ import annotations

from .definitions import Tensor
from .graph import pt
from .problems import TOLERANCE


def close(x: Tensor, wanted: float) -> Tensor:
    """Equal within Stan's tolerance, elementwise."""
    return pt.le(pt.abs(x - wanted), TOLERANCE)


def sums_to(x: Tensor, wanted: float) -> Tensor:
    return close(pt.sum(x, axis=-1), wanted)


def increasing(x: Tensor) -> Tensor:
    """Strictly, along the last axis."""
    return pt.all(pt.gt(x[..., 1:], x[..., :-1]), axis=-1)


def diagonal(x: Tensor) -> Tensor:
    return pt.diagonal(x, axis1=-2, axis2=-1)


def lower_triangular(x: Tensor) -> Tensor:
    """Zeros above the diagonal and a positive diagonal; not more columns than rows."""
    rows, columns = x.shape[-2], x.shape[-1]
    below = pt.ge(pt.arange(rows)[:, None], pt.arange(columns)[None, :])
    zeros = pt.all(pt.or_(below, pt.eq(x, 0)), axis=(-2, -1))
    return zeros & pt.all(pt.gt(diagonal(x), 0), axis=-1) & pt.ge(rows, columns)


def symmetric(x: Tensor) -> Tensor:
    """Equal to its transpose, as far as Stan looks."""
    difference = pt.abs(x - pt.swapaxes(x, -1, -2))
    return pt.all(pt.le(difference, TOLERANCE), axis=(-2, -1))


def positive_definite(x: Tensor) -> Tensor:
    """Whether the lower triangle has a Cholesky factor."""
    return pt.all(pt.gt(diagonal(pt.linalg.cholesky(x, on_error="nan")), 0), axis=-1)
