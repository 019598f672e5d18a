"""gumbel(mu, beta): the limit law of maxima."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..graph import pt
from ..supports import Location, Real
from ._terms import log1mexp_of_exp


def log_density(y, mu, beta):
    z = (y - mu) / beta
    return -z - pt.exp(-z) - pt.log(beta)


def log_cdf(y, mu, beta):
    return -pt.exp((mu - y) / beta)


def log_ccdf(y, mu, beta):
    return log1mexp_of_exp((mu - y) / beta)


def draw(rng, mu, beta):
    return mu - beta * math.log(rng.standard_exponential())


gumbel = Distribution(
    name="gumbel",
    outcome=Real(),
    parameters=(Parameter("mu", Location()), Parameter("beta", Real(above=0))),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="scipy.stats.gumbel_r(mu, beta)",
    source="Functions reference, unbounded continuous distributions: gumbel",
)
