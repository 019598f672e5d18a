"""loglogistic(alpha, beta): its logarithm is logistic(log(alpha), 1 / beta)."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..graph import pt
from ..supports import Positive, Real


def log_density(y, alpha, beta):
    log_z = pt.log(y / alpha)
    return pt.log(beta) - pt.log(alpha) + (beta - 1) * log_z - 2 * pt.softplus(beta * log_z)


def cdf(y, alpha, beta):
    return pt.sigmoid(beta * pt.log(y / alpha))


def draw(rng, alpha, beta):
    return alpha * math.exp(rng.logistic(0.0, 1.0) / beta)


loglogistic = Distribution(
    name="loglogistic",
    outcome=Real(above=0, finite=True),
    parameters=(
        Parameter("alpha", Positive()),
        Parameter("beta", Positive()),
    ),
    log_density=log_density,
    cdf=cdf,
    draw=draw,
    reference="scipy.stats.fisk(beta, scale=alpha)",
    source="Functions reference, positive continuous distributions: loglogistic",
)
