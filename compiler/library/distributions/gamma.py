"""gamma(alpha, beta): shape alpha and rate beta, mean alpha / beta."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..elementary import log_gamma
from ..graph import pt
from ..special import log_gamma_p, log_gamma_q
from ..supports import Positive, Real


def log_density(y, alpha, beta):
    return alpha * pt.log(beta) - log_gamma(alpha) + (alpha - 1) * pt.log(y) - beta * y


def log_cdf(y, alpha, beta):
    return log_gamma_p(alpha, beta * y)


def log_ccdf(y, alpha, beta):
    return log_gamma_q(alpha, beta * y)


def draw(rng, alpha, beta):
    return rng.gamma(alpha, 1 / beta)


gamma = Distribution(
    name="gamma",
    outcome=Real(above=0, finite=True),
    parameters=(Parameter("alpha", Positive()), Parameter("beta", Positive())),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="scipy.stats.gamma(alpha, scale=1 / beta)",
    source="Functions reference, positive continuous distributions: gamma",
)
