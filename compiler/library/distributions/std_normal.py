"""std_normal(): the bell curve with mean 0 and standard deviation 1."""

from __future__ import annotations

from ..definitions import Distribution
from ..elementary import log_ndtr
from ..kernels.truncated import normal_between
from ..supports import Real
from ._terms import HALF_LOG_2PI


def log_density(y):
    return -0.5 * y**2 - HALF_LOG_2PI


def log_cdf(y):
    return log_ndtr(y)


def log_ccdf(y):
    return log_ndtr(-y)


def draw(rng):
    return rng.standard_normal()


def draw_between(rng, lower, upper):
    return normal_between(rng, lower, upper)


std_normal = Distribution(
    name="std_normal",
    outcome=Real(),
    parameters=(),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    draw_between=draw_between,
    reference="scipy.stats.norm()",
    source="Functions reference, unbounded continuous distributions: std_normal",
)
