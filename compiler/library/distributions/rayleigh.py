"""rayleigh(sigma): the length of a plane vector with two independent normal(0, sigma) coordinates."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..graph import pt
from ..kernels.truncated import exponential_between
from ..supports import Real


def log_density(y, sigma):
    return pt.log(y) - 2 * pt.log(sigma) - 0.5 * (y / sigma) ** 2


def log_cdf(y, sigma):
    return pt.log1mexp(-0.5 * (y / sigma) ** 2)


def log_ccdf(y, sigma):
    return -0.5 * (y / sigma) ** 2


def draw(rng, sigma):
    return rng.rayleigh(sigma)


def draw_between(rng, lower, upper, sigma):
    low, high = 0.5 * (max(lower, 0.0) / sigma) ** 2, 0.5 * (max(upper, 0.0) / sigma) ** 2
    return min(max(sigma * math.sqrt(2 * exponential_between(rng, low, high)), lower), upper)


rayleigh = Distribution(
    name="rayleigh",
    outcome=Real(above=0),
    parameters=(Parameter("sigma", Real(above=0)),),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    draw_between=draw_between,
    reference="scipy.stats.rayleigh(scale=sigma)",
    source="Functions reference, positive continuous distributions: rayleigh",
)
