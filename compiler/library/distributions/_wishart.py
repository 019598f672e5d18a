"""Parts of the Wishart densities, in terms of Cholesky factors of the matrices."""

from __future__ import annotations

from typing import Any

from ..definitions import Domain, Tensor
from ..domains import alike, degrees_of_freedom, square
from ..elementary import log_gamma
from ..graph import pt
from ..zeros import defined
from ._factors import count, diagonal, length
from ._terms import LOG_2, LOG_PI


def fitting(scale: str) -> Domain:
    """The outcome and the scale are square and of one size, with enough degrees of freedom for it."""
    return square("outcome"), square(scale), alike("outcome", scale), degrees_of_freedom("nu", scale)


def log_multigamma(nu: Tensor, size: Any) -> Tensor:
    """log of the multivariate gamma function of nu / 2."""
    return 0.25 * size * (size - 1) * LOG_PI + pt.sum(log_gamma(0.5 * (nu[..., None] - count(0, size))), axis=-1)


def log_wishart(outcome_factor: Tensor, whitened: Tensor, nu: Tensor, scale_factor: Tensor, sign: int) -> Tensor:
    """The log density of a Wishart (sign 1) or inverse Wishart (sign -1) matrix.

    `whitened` is the matrix whose squared elements sum to tr(S^-1 W), or to tr(S W^-1).
    """
    size = length(outcome_factor)
    log_outcome = pt.sum(pt.log(diagonal(outcome_factor)), axis=-1)
    log_scale = pt.sum(pt.log(diagonal(scale_factor)), axis=-1)
    trace = pt.sum(whitened**2, axis=(-2, -1))
    nu = pt.as_tensor(nu)
    constant = -0.5 * LOG_2 * size * nu - log_multigamma(nu, size)
    log_density = constant + (sign * nu - size - 1) * log_outcome - sign * nu * log_scale - 0.5 * trace
    return defined(pt.gt(nu, size - 1), log_density)


def log_factor_volume(factor: Tensor) -> Tensor:
    """The log Jacobian of L -> L L': 2^K prod L[k, k]^(K - k + 1)."""
    size = length(factor)
    return size * LOG_2 + pt.sum((size - count(0, size)) * pt.log(diagonal(factor)), axis=-1)
