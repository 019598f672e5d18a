"""skew_double_exponential(mu, sigma, tau): exponential on both sides of its tau quantile mu."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..graph import pt
from ..supports import Location, Positive, Probability, Real
from ._terms import LOG_2


def log_density(y, mu, sigma, tau):
    return LOG_2 + pt.log(tau) + pt.log1p(-tau) - pt.log(sigma) - _distance(y, mu, sigma, tau)


def log_cdf(y, mu, sigma, tau):
    below = pt.lt(y, mu)
    distance = _distance(y, mu, sigma, tau)
    return pt.switch(below, pt.log(tau) - distance, pt.log1p((tau - 1) * pt.exp(-distance)))


def log_ccdf(y, mu, sigma, tau):
    return log_cdf(-y, -mu, sigma, 1 - tau)


def _distance(y, mu, sigma, tau):
    """How far y is from mu, in units of the exponential on its side."""
    z = (y - mu) / sigma
    return 2 * pt.switch(pt.lt(z, 0), (tau - 1) * z, tau * z)


def draw(rng, mu, sigma, tau):
    size = 0.5 * sigma * rng.standard_exponential()
    return mu - size / (1 - tau) if rng.random() < tau else mu + size / tau


skew_double_exponential = Distribution(
    name="skew_double_exponential",
    outcome=Real(),
    parameters=(
        Parameter("mu", Location()),
        Parameter("sigma", Positive()),
        Parameter("tau", Probability()),
    ),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="scipy.stats.laplace_asymmetric((tau / (1 - tau)) ** 0.5, mu, sigma / (2 * (tau * (1 - tau)) ** 0.5))",
    source="Functions reference, unbounded continuous distributions: skew_double_exponential",
    unchecked_if_empty=True,
)
