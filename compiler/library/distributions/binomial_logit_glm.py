"""binomial_logit_glm(N, x, alpha, beta): binomial_logit(N, x * beta + alpha)."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..domains import alike, at_most
from ..supports import Integer
from . import binomial_logit
from ._glm import ALPHA, BETA, X, linear, row_times


def log_density(n, N, x, alpha, beta):
    return binomial_logit.log_density(n, N, linear(x, alpha, beta))


def draw(rng, N, x, alpha, beta):
    return rng.binomial(N, 1 / (1 + math.exp(-row_times(x, alpha, beta))))


binomial_logit_glm = Distribution(
    name="binomial_logit_glm",
    outcome=Integer(lower=0),
    parameters=(Parameter("N", Integer(lower=0)), X, ALPHA, BETA),
    log_density=log_density,
    draw=draw,
    reference="scipy.stats.binom(N, scipy.special.expit(x @ beta + alpha))",
    source="Functions reference, bounded discrete distributions: binomial_logit_glm",
    signatures=(
        "(int, int, matrix, real|vector, vector) => real",
        "(int, array[] int, matrix, real, vector) => real",
        "(array[] int, int, matrix, real, vector) => real",
        "(array[] int, array[] int, row_vector|matrix, real|vector, vector) => real",
        "rng: none",
    ),
    domain=(alike("beta", "x"), at_most("outcome", "N")),
)
