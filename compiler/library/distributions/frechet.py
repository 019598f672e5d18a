"""frechet(alpha, sigma): the limit law of maxima with power-law tails."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..graph import pt
from ..supports import Positive, Real
from ._terms import log1mexp_of_exp


def log_density(y, alpha, sigma):
    z = y / sigma
    return pt.log(alpha) - pt.log(sigma) - (alpha + 1) * pt.log(z) - z ** (-alpha)


def log_cdf(y, alpha, sigma):
    return -((y / sigma) ** (-alpha))


def log_ccdf(y, alpha, sigma):
    return log1mexp_of_exp(-alpha * pt.log(y / sigma))


def draw(rng, alpha, sigma):
    return sigma / rng.weibull(alpha)


frechet = Distribution(
    name="frechet",
    outcome=Real(above=0),
    parameters=(
        Parameter("alpha", Positive()),
        Parameter("sigma", Positive()),
    ),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    cdf_arguments=(Parameter("outcome", Real(above=0)),),
    reference="scipy.stats.invweibull(alpha, scale=sigma)",
    source="Functions reference, positive continuous distributions: frechet",
)
