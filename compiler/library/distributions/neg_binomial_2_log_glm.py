"""neg_binomial_2_log_glm(x, alpha, beta, phi): neg_binomial_2_log(x * beta + alpha, phi)."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..domains import alike
from ..supports import Integer, Positive
from . import neg_binomial_2_log
from ._glm import ALPHA, BETA, X, linear, row_times, signatures


def log_density(n, x, alpha, beta, phi):
    return neg_binomial_2_log.log_density(n, linear(x, alpha, beta), phi)


def draw(rng, x, alpha, beta, phi):
    return rng.poisson(rng.gamma(phi, math.exp(row_times(x, alpha, beta)) / phi))


neg_binomial_2_log_glm = Distribution(
    name="neg_binomial_2_log_glm",
    outcome=Integer(lower=0),
    parameters=(X, ALPHA, BETA, Parameter("phi", Positive(), vectorised=False)),
    log_density=log_density,
    draw=draw,
    reference="scipy.stats.nbinom(phi, phi / (numpy.exp(x @ beta + alpha) + phi))",
    source="Functions reference, unbounded discrete distributions: neg_binomial_2_log_glm",
    signatures=(*signatures("int", after=", real"), "rng: none"),
    domain=(alike("beta", "x"),),
)
