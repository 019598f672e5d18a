"""exponential(beta): waiting times with a constant hazard beta."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..graph import pt
from ..kernels.truncated import exponential_between
from ..supports import Positive, Real


def log_density(y, beta):
    return pt.log(beta) - beta * y


def log_cdf(y, beta):
    return pt.log1mexp(-beta * y)


def log_ccdf(y, beta):
    return -beta * y


def draw(rng, beta):
    return rng.exponential(1 / beta)


def draw_between(rng, lower, upper, beta):
    return min(max(exponential_between(rng, beta * max(lower, 0.0), beta * upper) / beta, lower), upper)


exponential = Distribution(
    name="exponential",
    outcome=Real(lower=0),
    parameters=(Parameter("beta", Positive()),),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    draw_between=draw_between,
    reference="scipy.stats.expon(scale=1 / beta)",
    source="Functions reference, positive continuous distributions: exponential",
)
