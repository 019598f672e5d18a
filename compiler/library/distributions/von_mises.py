"""von_mises(mu, kappa): an angle around mu, the normal distribution of the circle."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..graph import pt
from ..special import log_i0_scaled, log_von_mises_ccdf, log_von_mises_cdf
from ..supports import Location, Positive, Real
from ._terms import LOG_2PI


def log_density(y, mu, kappa):
    return -2 * kappa * pt.sin(0.5 * (y - mu)) ** 2 - log_i0_scaled(kappa) - LOG_2PI


def log_cdf(y, mu, kappa):
    return log_von_mises_cdf(y, mu, kappa)


def log_ccdf(y, mu, kappa):
    return log_von_mises_ccdf(y, mu, kappa)


def draw(rng, mu, kappa):
    return rng.vonmises(mu, kappa)


von_mises = Distribution(
    name="von_mises",
    outcome=Real(finite=True),
    parameters=(
        Parameter("mu", Location()),
        Parameter("kappa", Real(lower=0, finite=True)),
    ),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    cdf_arguments=(Parameter("outcome", Real(-math.pi, math.pi)), Parameter("kappa", Positive())),
    reference="cut_circle(mu, kappa)",
    source="Functions reference, circular distributions: von_mises",
)
