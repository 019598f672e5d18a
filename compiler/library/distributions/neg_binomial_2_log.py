"""neg_binomial_2_log(eta, phi): neg_binomial_2 with the logarithm of its mean."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..elementary import log_gamma, log_rising_ratio
from ..graph import pt
from ..kernels.draws import draw_poisson
from ..supports import Integer, Location, Positive


def log_density(n, eta, phi):
    return n * eta - log_gamma(n + 1) + log_rising_ratio(phi, n) - (n + phi) * pt.softplus(eta - pt.log(phi))


def draw(rng, eta, phi):
    return draw_poisson(rng, rng.gamma(phi, math.exp(eta) / phi))


neg_binomial_2_log = Distribution(
    name="neg_binomial_2_log",
    outcome=Integer(lower=0),
    parameters=(Parameter("eta", Location()), Parameter("phi", Positive())),
    log_density=log_density,
    draw=draw,
    reference="scipy.stats.nbinom(phi, phi / (numpy.exp(eta) + phi))",
    source="Functions reference, unbounded discrete distributions: neg_binomial_2_log",
)
