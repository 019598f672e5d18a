"""logistic(mu, sigma): the cdf is the logistic function."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..graph import pt
from ..supports import Location, Positive, Real


def log_density(y, mu, sigma):
    z = (y - mu) / sigma
    return -z - 2 * pt.softplus(-z) - pt.log(sigma)


def log_cdf(y, mu, sigma):
    return -pt.softplus((mu - y) / sigma)


def log_ccdf(y, mu, sigma):
    return -pt.softplus((y - mu) / sigma)


def draw(rng, mu, sigma):
    return rng.logistic(mu, sigma)


logistic = Distribution(
    name="logistic",
    outcome=Real(finite=True),
    parameters=(Parameter("mu", Location()), Parameter("sigma", Positive())),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="scipy.stats.logistic(mu, sigma)",
    source="Functions reference, unbounded continuous distributions: logistic",
)
