"""bernoulli_logit_glm(x, alpha, beta): bernoulli_logit(x * beta + alpha), a logistic regression."""

from __future__ import annotations

import math

from ..definitions import Distribution
from ..domains import alike
from ..supports import Integer
from . import bernoulli_logit
from ._glm import ALPHA, BETA, X, linear, row_times, signatures


def log_density(y, x, alpha, beta):
    return bernoulli_logit.log_density(y, linear(x, alpha, beta))


def draw(rng, x, alpha, beta):
    return 1 if rng.random() * (1 + math.exp(-row_times(x, alpha, beta))) < 1 else 0


bernoulli_logit_glm = Distribution(
    name="bernoulli_logit_glm",
    outcome=Integer(lower=0, upper=1),
    parameters=(X, ALPHA, BETA),
    log_density=log_density,
    draw=draw,
    reference="scipy.stats.bernoulli(scipy.special.expit(x @ beta + alpha))",
    source="Functions reference, binary distributions: bernoulli_logit_glm",
    signatures=(*signatures("int"), "rng: (row_vector|matrix, vector, vector) => array[] int"),
    domain=(alike("beta", "x"),),
)
