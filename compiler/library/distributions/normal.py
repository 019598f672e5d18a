"""normal(mu, sigma): the bell curve with mean mu and standard deviation sigma."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..elementary import log_ndtr
from ..graph import pt
from ..kernels.truncated import normal_between
from ..supports import Location, Real
from ._terms import HALF_LOG_2PI


def log_density(y, mu, sigma):
    return -0.5 * ((y - mu) / sigma) ** 2 - pt.log(sigma) - HALF_LOG_2PI


def log_cdf(y, mu, sigma):
    return log_ndtr((y - mu) / sigma)


def log_ccdf(y, mu, sigma):
    return log_ndtr((mu - y) / sigma)


def draw(rng, mu, sigma):
    return rng.normal(mu, sigma)


def draw_between(rng, lower, upper, mu, sigma):
    return min(max(mu + sigma * normal_between(rng, (lower - mu) / sigma, (upper - mu) / sigma), lower), upper)


normal = Distribution(
    name="normal",
    outcome=Real(),
    parameters=(Parameter("mu", Location()), Parameter("sigma", Real(above=0))),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    draw_between=draw_between,
    reference="scipy.stats.norm(mu, sigma)",
    source="Functions reference, unbounded continuous distributions: normal",
)
