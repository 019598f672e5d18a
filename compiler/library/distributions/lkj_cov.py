"""lkj_cov(mu, sigma, eta): lognormal standard deviations, an lkj_corr(eta) correlation matrix; for old programs."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..domains import alike, square
from ..graph import pt
from ..kernels.matrices import square_of
from ..supports import CovMatrix, Location, Positive, Vector
from . import lognormal
from ._correlation import log_normaliser
from ._factors import cholesky, diagonal, half_log_determinant, length
from ._matrix_draws import lkj_factor


def log_density(Sigma, mu, sigma, eta):
    scales = pt.sqrt(diagonal(Sigma))
    log_scales = lognormal.log_density(scales, mu, sigma)
    half_log_correlation = half_log_determinant(cholesky(Sigma)) - pt.sum(pt.log(scales), axis=-1)
    size = length(Sigma)
    return log_normaliser(eta, size) + pt.sum(log_scales, axis=-1) + 2 * (eta - 1) * half_log_correlation


def draw(rng, mu, sigma, eta):
    factor = lkj_factor(rng, mu.shape[0], eta)
    for i in range(mu.shape[0]):
        scale = math.exp(rng.normal(mu[i], sigma[i]))
        for j in range(i + 1):
            factor[i, j] *= scale
    return square_of(factor)


lkj_cov = Distribution(
    name="lkj_cov",
    outcome=CovMatrix(),
    parameters=(
        Parameter("mu", Vector(Location()), vectorised=False),
        Parameter("sigma", Vector(Positive()), vectorised=False),
        Parameter("eta", Positive(), vectorised=False),
    ),
    log_density=log_density,
    draw=draw,
    source="Functions reference, covariance matrix distributions: lkj_cov",
    signatures=("(matrix, vector, vector, real) => real", "rng: none"),
    deprecated="use `lkj_corr` for the correlations and a `lognormal` for each scale",
    domain=(square("outcome"), alike("mu", "outcome"), alike("sigma", "outcome")),
)
