"""double_exponential(mu, sigma): the Laplace distribution, exponential on both sides of mu."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..graph import pt
from ..supports import Location, Positive, Real
from ._terms import LOG_2


def log_density(y, mu, sigma):
    return -pt.abs((y - mu) / sigma) - pt.log(sigma) - LOG_2


def log_cdf(y, mu, sigma):
    return _log_lower((y - mu) / sigma)


def log_ccdf(y, mu, sigma):
    return _log_lower((mu - y) / sigma)


def _log_lower(z):
    return pt.switch(pt.lt(z, 0), z - LOG_2, pt.log1p(-0.5 * pt.exp(-pt.maximum(z, 0))))


def draw(rng, mu, sigma):
    return rng.laplace(mu, sigma)


double_exponential = Distribution(
    name="double_exponential",
    outcome=Real(finite=True),
    parameters=(Parameter("mu", Location()), Parameter("sigma", Positive())),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="scipy.stats.laplace(mu, sigma)",
    source="Functions reference, unbounded continuous distributions: double_exponential",
    unchecked_if_empty=True,
)
