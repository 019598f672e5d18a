"""poisson_log_glm(x, alpha, beta): poisson_log(x * beta + alpha), a Poisson regression."""

from __future__ import annotations

import math

from ..definitions import Distribution
from ..domains import alike
from ..supports import Integer
from . import poisson_log
from ._glm import ALPHA, BETA, X, linear, row_times, signatures


def log_density(n, x, alpha, beta):
    return poisson_log.log_density(n, linear(x, alpha, beta))


def draw(rng, x, alpha, beta):
    return rng.poisson(math.exp(row_times(x, alpha, beta)))


poisson_log_glm = Distribution(
    name="poisson_log_glm",
    outcome=Integer(lower=0),
    parameters=(X, ALPHA, BETA),
    log_density=log_density,
    draw=draw,
    reference="scipy.stats.poisson(numpy.exp(x @ beta + alpha))",
    source="Functions reference, unbounded discrete distributions: poisson_log_glm",
    signatures=(*signatures("int"), "rng: none"),
    domain=(alike("beta", "x"),),
)
