"""neg_binomial_2(mu, phi): counts of mean mu and variance mu + mu^2 / phi; poisson(mu) as phi grows."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..elementary import log_gamma, log_rising_ratio
from ..graph import pt
from ..kernels.draws import draw_poisson
from ..special import log_inc_beta
from ..supports import Integer, Positive
from ._terms import INFINITY


def log_density(n, mu, phi):
    # every term with phi tends to its poisson limit without cancellation
    return n * pt.log(mu) - log_gamma(n + 1) + log_rising_ratio(phi, n) - (n + phi) * pt.log1p(mu / phi)


def log_cdf(n, mu, phi):
    value = log_inc_beta(phi, pt.maximum(n, 0) + 1, phi / (mu + phi), mu / (mu + phi))
    return pt.switch(pt.lt(n, 0), -INFINITY, value)


def log_ccdf(n, mu, phi):
    value = log_inc_beta(pt.maximum(n, 0) + 1, phi, mu / (mu + phi), phi / (mu + phi))
    return pt.switch(pt.lt(n, 0), 0.0, value)


def draw(rng, mu, phi):
    return draw_poisson(rng, rng.gamma(phi, mu / phi))


neg_binomial_2 = Distribution(
    name="neg_binomial_2",
    outcome=Integer(lower=0),
    parameters=(Parameter("mu", Positive()), Parameter("phi", Positive())),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="scipy.stats.nbinom(phi, phi / (mu + phi))",
    source="Functions reference, unbounded discrete distributions: neg_binomial_2",
)
