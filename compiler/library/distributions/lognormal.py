"""lognormal(mu, sigma): its logarithm is normal(mu, sigma)."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..elementary import log_ndtr
from ..graph import pt
from ..kernels.truncated import normal_between
from ..supports import Location, Positive, Real
from ._terms import HALF_LOG_2PI, within


def log_density(y, mu, sigma):
    log_y = pt.log(pt.switch(pt.eq(y, 0), 1.0, y))
    terms = -0.5 * ((log_y - mu) / sigma) ** 2 - pt.log(sigma) - log_y - HALF_LOG_2PI
    return within(pt.neq(y, 0), terms)


def log_cdf(y, mu, sigma):
    return log_ndtr((pt.log(y) - mu) / sigma)


def log_ccdf(y, mu, sigma):
    return log_ndtr((mu - pt.log(y)) / sigma)


def draw(rng, mu, sigma):
    return rng.lognormal(mu, sigma)


def draw_between(rng, lower, upper, mu, sigma):
    low = (math.log(lower) - mu) / sigma if lower > 0 else -math.inf
    high = (math.log(upper) - mu) / sigma if upper > 0 else -math.inf
    return min(max(math.exp(mu + sigma * normal_between(rng, low, high)), lower), upper)


lognormal = Distribution(
    name="lognormal",
    outcome=Real(lower=0),
    parameters=(Parameter("mu", Location()), Parameter("sigma", Positive())),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    draw_between=draw_between,
    reference="scipy.stats.lognorm(sigma, scale=numpy.exp(mu))",
    source="Functions reference, positive continuous distributions: lognormal",
)
