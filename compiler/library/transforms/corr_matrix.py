"""corr_matrix[K]: L L' of a correlation factor whose partial correlations are filled column by column.

The log Jacobian counts log(1 - z_ij^2) = -2 log cosh(x_ij) once for tanh and (K - j - 1) / 2 times for column j.
"""

from __future__ import annotations

from typing import Any

from .. import predicates, problems
from ..definitions import InLanguage, Tensor, Transform
from ..domains import elements, not_empty, positive_definite, satisfies, square
from ..graph import np, pt
from . import _triangle
from ._triangle import below_diagonal, correlation_factor, free_correlation_factor, log_cosh


def constrain(x: Tensor, *, shape: tuple[int, int]) -> Tensor:
    factor = correlation_factor(x, shape[0], by_column=True)
    return pt.matmul(factor, factor.mT)


def unconstrain(y: Tensor) -> Tensor:
    return free_correlation_factor(pt.linalg.cholesky(y), y.type.shape[-1], by_column=True)


def log_jacobian(x: Tensor, *, shape: tuple[int, int]) -> Tensor:
    size = shape[0]
    _, columns = below_diagonal(size, by_column=True)
    return -pt.sum((size - columns) * log_cosh(x), axis=-1)


def has_unit_diagonal(y: Tensor) -> Tensor:
    return pt.all(predicates.close(predicates.diagonal(y), 1), axis=-1)


def holds(y: Tensor) -> Tensor:
    return predicates.symmetric(y) & predicates.positive_definite(y) & has_unit_diagonal(y)


def problem(y: Any) -> str | None:
    diagonal = np.diagonal(y, axis1=-2, axis2=-1)
    return (
        problems.symmetric(y)
        or problems.elements(diagonal, np.abs(diagonal - 1) <= problems.TOLERANCE, "one on the diagonal")
        or problems.positive_definite(y)
    )


corr_matrix = Transform(
    "corr_matrix",
    constrain,
    unconstrain,
    log_jacobian,
    problem,
    holds,
    constrained_core=2,
    unconstrained_core=1,
    unconstrained_shape=lambda shape: (shape[0] * (shape[0] - 1) // 2,),
    takes_shape=True,
    finite_volume=True,
    size_counts=(1,),
    coordinates=lambda shape: below_diagonal(shape[0]),
    free_domain=(elements("x", "K", "K (K - 1) / 2", lambda K: K * (K - 1) // 2),),
    domain=(
        square("y"),
        not_empty("y"),
        satisfies("one on the diagonal", has_unit_diagonal, problem),
        positive_definite("y"),
    ),
    in_language=InLanguage(
        """
            int at = 0;
            for (j in 1:K - 1) for (i in j + 1:K) { at += 1; free(-(K - j + 1) * log_cosh_(x[at])); }
            return tcrossprod(correlation_factor_(x, K, 1));""",
        "return free_correlations_(cholesky_decompose(x), 1);",
        _triangle.IN_LANGUAGE,
    ),
)
