"""neg_binomial(alpha, beta): a poisson whose mean is gamma(alpha, beta)."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..elementary import log_gamma, log_rising_ratio
from ..graph import pt
from ..kernels.draws import draw_poisson
from ..special import log_inc_beta
from ..supports import Integer, Positive
from ._terms import INFINITY


def log_density(n, alpha, beta):
    coefficient = log_rising_ratio(alpha, n) + n * pt.log(alpha) - log_gamma(n + 1)
    return coefficient - alpha * pt.log1p(1 / beta) - n * pt.log1p(beta)


def log_cdf(n, alpha, beta):
    """P(at most n) is the chance that `alpha` successes of odds `beta` come before n + 1 failures."""
    value = log_inc_beta(alpha, pt.maximum(n, 0) + 1, beta / (1 + beta), 1 / (1 + beta))
    return pt.switch(pt.lt(n, 0), -INFINITY, value)


def log_ccdf(n, alpha, beta):
    value = log_inc_beta(pt.maximum(n, 0) + 1, alpha, 1 / (1 + beta), beta / (1 + beta))
    return pt.switch(pt.lt(n, 0), 0.0, value)


def draw(rng, alpha, beta):
    return draw_poisson(rng, rng.gamma(alpha, 1 / beta))


neg_binomial = Distribution(
    name="neg_binomial",
    outcome=Integer(lower=0),
    parameters=(Parameter("alpha", Positive()), Parameter("beta", Positive())),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="scipy.stats.nbinom(alpha, beta / (1 + beta))",
    source="Functions reference, unbounded discrete distributions: neg_binomial",
)
