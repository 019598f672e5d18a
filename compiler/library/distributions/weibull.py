"""weibull(alpha, sigma): waiting times with a power-law hazard."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..graph import pt
from ..kernels.truncated import exponential_between
from ..supports import Positive, Real
from ._terms import log1mexp_of_exp, times_log, within


def log_density(y, alpha, sigma):
    positive = pt.ge(y, 0)
    z = pt.switch(positive, y, 1.0) / sigma
    return within(positive, pt.log(alpha) - pt.log(sigma) + times_log(alpha - 1, z) - z**alpha)


def log_cdf(y, alpha, sigma):
    return log1mexp_of_exp(alpha * pt.log(y / sigma))


def log_ccdf(y, alpha, sigma):
    return -((y / sigma) ** alpha)


def draw(rng, alpha, sigma):
    return sigma * rng.weibull(alpha)


def draw_between(rng, lower, upper, alpha, sigma):
    low, high = (max(lower, 0.0) / sigma) ** alpha, (max(upper, 0.0) / sigma) ** alpha
    return min(max(sigma * exponential_between(rng, low, high) ** (1 / alpha), lower), upper)


weibull = Distribution(
    name="weibull",
    outcome=Real(lower=0, finite=True),
    takes=Real(finite=True),
    parameters=(Parameter("alpha", Positive()), Parameter("sigma", Positive())),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    draw_between=draw_between,
    reference="scipy.stats.weibull_min(alpha, scale=sigma)",
    source="Functions reference, positive continuous distributions: weibull",
)
