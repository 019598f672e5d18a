"""Densities through Cholesky factors: many vectors are solved for at once when they share one matrix."""

from __future__ import annotations

from math import prod
from typing import Any

from ..definitions import Tensor
from ..graph import np, pt
from ._terms import HALF_LOG_2PI

VECTORS = "vector|row_vector|array[] vector|array[] row_vector"


def length(x: Tensor) -> Any:
    """The length of the last axis: an int where it is static."""
    known = x.type.shape[-1]
    return x.shape[-1] if known is None else known


def count(first: int, end: Any) -> Any:
    """The numbers first, first + 1, ... below end: a constant where the end is known."""
    return np.arange(first, end, dtype="float64") if isinstance(end, int) else pt.arange(first, end)


def only_matrix(x: Tensor) -> Tensor | None:
    """The matrix that all leading positions share, if the graph's shapes say so."""
    leading = x.type.shape[:-2]
    return x[(0,) * len(leading)] if all(size == 1 for size in leading) else None


def cholesky(x: Tensor) -> Tensor:
    """The lower factor; nan, which rejects the point, of a matrix that is not positive definite."""
    from ..ops.cholesky import factor

    single = only_matrix(x)
    if single is None or x.ndim == 2:
        return factor(x)
    return pt.expand_dims(factor(single), tuple(range(x.ndim - 2)))


def solve_lower(factor: Tensor, columns: Tensor) -> Tensor:
    """L^-1 B for a matrix B."""
    return pt.linalg.solve_triangular(factor, columns, lower=True, check_finite=False, b_ndim=2)


def whiten(factor: Tensor, x: Tensor) -> Tensor:
    """L^-1 x for each vector x (last axis); one solve for all of them where there is one L."""
    single = only_matrix(factor)
    if single is None:
        return solve_lower(factor, x[..., None])[..., 0]
    rows = x.reshape((_positions(x), length(x)))
    return solve_lower(single, rows.T).T.reshape(x.shape)


def _positions(x: Tensor) -> int:
    """How many vectors there are; -1 where only the running program knows."""
    leading = x.type.shape[:-1]
    return -1 if None in leading else prod(leading)


def times(matrix: Tensor, x: Tensor) -> Tensor:
    """The product of a symmetric matrix with each vector (last axis)."""
    single = only_matrix(matrix)
    if single is None:
        return pt.sum(matrix * x[..., None, :], axis=-1)
    return pt.dot(x, single) if x.ndim <= 2 else pt.tensordot(x, single, axes=1)


def squares(x: Tensor) -> Tensor:
    """The squared length of each vector."""
    return pt.sum(x**2, axis=-1)


def diagonal(x: Tensor) -> Tensor:
    return pt.diagonal(x, axis1=-2, axis2=-1)


def half_log_determinant(factor: Tensor) -> Tensor:
    """log det(L), half the log determinant of L L'."""
    return pt.sum(pt.log(diagonal(factor)), axis=-1)


def normal_terms(factor: Tensor, deviation: Tensor) -> Tensor:
    """The normal log density of each deviation from the mean, for the covariance L L'."""
    constant = length(deviation) * HALF_LOG_2PI
    return -0.5 * squares(whiten(factor, deviation)) - half_log_determinant(factor) - constant


def student_t_terms(nu: Tensor, factor: Tensor, deviation: Tensor) -> Tensor:
    """The Student t log density of each deviation from the location, for the scale matrix L L'."""
    from ..elementary import log_rising_ratio

    size = length(deviation)
    constant = log_rising_ratio(nu / 2, size / 2) - size * HALF_LOG_2PI
    distance = squares(whiten(factor, deviation))
    return constant - half_log_determinant(factor) - (nu + size) / 2 * pt.log1p(distance / nu)


def weighted_rows(y: Tensor, factor: Tensor, w: Tensor) -> Tensor:
    """The normal log density of all rows of y together, row i with covariance L L' / w_i."""
    count, size = y.shape[-2], length(y)
    whitened = solve_lower(factor, y.mT)
    distance = pt.sum(w * pt.sum(whitened**2, axis=-2), axis=-1)
    scale = 0.5 * size * pt.sum(pt.log(w), axis=-1) - count * half_log_determinant(factor)
    return scale - 0.5 * distance - count * size * HALF_LOG_2PI
