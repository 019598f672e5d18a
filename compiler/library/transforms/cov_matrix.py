"""cov_matrix[K]: L L' of a Cholesky factor filled row by row, the diagonal through exp."""

from __future__ import annotations

from typing import Any

from .. import predicates, problems
from ..definitions import InLanguage, Tensor, Transform
from ..domains import elements, not_empty, positive_definite, square
from ..graph import np, pt
from . import cholesky_factor_cov
from ._shapes import corner, length


def constrain(x: Tensor) -> Tensor:
    size = corner(length(x))
    factor = cholesky_factor_cov.constrain(x, shape=(size, size))
    return pt.matmul(factor, factor.mT)


def unconstrain(y: Tensor) -> Tensor:
    return cholesky_factor_cov.unconstrain(pt.linalg.cholesky(y))


def log_jacobian(x: Tensor) -> Tensor:
    size = corner(length(x))
    _, _, diagonal = cholesky_factor_cov.places(size, size)
    weights = size + 1.0 - np.arange(size)
    return size * float(np.log(2)) + pt.sum(weights * x[..., diagonal], axis=-1)


def holds(y: Tensor) -> Tensor:
    return predicates.symmetric(y) & predicates.positive_definite(y)


def problem(y: Any) -> str | None:
    return problems.symmetric(y) or problems.positive_definite(y)


cov_matrix = Transform(
    "cov_matrix",
    constrain,
    unconstrain,
    log_jacobian,
    problem,
    holds,
    constrained_core=2,
    unconstrained_core=1,
    unconstrained_shape=lambda shape: (shape[0] * (shape[0] + 1) // 2,),
    needs_elements=True,
    size_counts=(1,),
    coordinates=lambda shape: cholesky_factor_cov.places(*shape)[:2],
    free_domain=(elements("x", "K", "K (K + 1) / 2", lambda K: K * (K + 1) // 2),),
    domain=(square("y"), not_empty("y"), positive_definite("y")),
    in_language=InLanguage(
        "free(K * log2() + log_diagonal_(x, K, K, 1)); return tcrossprod(triangle_(x, K, K));",
        "return free_triangle_(cholesky_decompose(x));",
        cholesky_factor_cov.HELPERS,
    ),
)
