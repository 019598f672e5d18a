"""skew_normal(xi, omega, alpha): a normal(xi, omega) leaning to the side of alpha's sign."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..elementary import log_ndtr
from ..graph import pt
from ..special import log_skew_normal_cdf, skew_normal_tail
from ..supports import Location, Real
from ._terms import HALF_LOG_2PI, LOG_2


def log_density(y, xi, omega, alpha):
    z = (y - xi) / omega
    return -0.5 * z**2 + log_ndtr(alpha * z) - pt.log(omega) + (LOG_2 - HALF_LOG_2PI)


def log_cdf(y, xi, omega, alpha):
    z = (y - xi) / omega
    return log_skew_normal_cdf(z, alpha, skew_normal_tail(z, alpha))


def log_ccdf(y, xi, omega, alpha):
    return log_cdf(xi, y, omega, -alpha)


def draw(rng, xi, omega, alpha):
    """A normal variable, reflected where a second one exceeds alpha times it."""
    z = rng.standard_normal()
    return xi + omega * (z if rng.standard_normal() < alpha * z else -z)


skew_normal = Distribution(
    name="skew_normal",
    outcome=Real(),
    parameters=(
        Parameter("xi", Location()),
        Parameter("omega", Real(above=0)),
        Parameter("alpha", Location()),
    ),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="scipy.stats.skewnorm(alpha, xi, omega)",
    source="Functions reference, unbounded continuous distributions: skew_normal",
)
