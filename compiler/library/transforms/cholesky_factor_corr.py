"""cholesky_factor_corr[K]: the factor of a correlation matrix, filled row by row from partial correlations.

d l_ij / d x_ij gives 1 - z_ij^2 times prod_{j' < j} sqrt(1 - z_ij'^2); counted by entry, log cosh(x_ij)
enters 2 times for its own derivative and once for each later entry of row i left of the diagonal.
"""

from __future__ import annotations

from typing import Any

from .. import predicates, problems
from ..definitions import InLanguage, Tensor, Transform
from ..domains import elements, satisfies, square
from ..graph import np, pt
from . import _triangle
from ._triangle import below_diagonal, correlation_factor, free_correlation_factor, log_cosh


def constrain(x: Tensor, *, shape: tuple[int, int]) -> Tensor:
    return correlation_factor(x, shape[0])


def unconstrain(y: Tensor) -> Tensor:
    return free_correlation_factor(y, y.type.shape[-1])


def log_jacobian(x: Tensor, *, shape: tuple[int, int]) -> Tensor:
    rows, columns = below_diagonal(shape[0])
    return -pt.sum((rows - columns + 1.0) * log_cosh(x), axis=-1)


def holds(y: Tensor) -> Tensor:
    return predicates.lower_triangular(y) & pt.all(predicates.sums_to(y**2, 1), axis=-1)


def problem(y: Any) -> str | None:
    y = np.asarray(y)
    lengths = np.sum(np.square(y), axis=-1)
    return problems.lower_triangular(y) or problems.rows(
        lengths, np.abs(lengths - 1) <= problems.TOLERANCE, "have rows of length one", "squared row length"
    )


cholesky_factor_corr = Transform(
    "cholesky_factor_corr",
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
    domain=(square("y"), satisfies("the Cholesky factor of a correlation matrix", holds, problem)),
    in_language=InLanguage(
        """
            int at = 0;
            for (i in 2:K) for (j in 1:i - 1) { at += 1; free(-(i - j + 1) * log_cosh_(x[at])); }
            return correlation_factor_(x, K, 0);""",
        "return free_correlations_(x, 0);",
        _triangle.IN_LANGUAGE,
    ),
)
