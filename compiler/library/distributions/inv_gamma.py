"""inv_gamma(alpha, beta): the reciprocal of a gamma(alpha, beta) variable."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..elementary import log_gamma
from ..graph import pt
from ..special import log_gamma_p, log_gamma_q
from ..supports import Positive, Real
from ..zeros import unless_nan
from ._terms import within


def log_density(y, alpha, beta):
    positive = pt.gt(y, 0)
    x = pt.switch(positive, y, 1.0)
    log_density = alpha * pt.log(beta) - log_gamma(alpha) - (alpha + 1) * pt.log(x) - beta / x
    return unless_nan(y, within(positive, log_density))


def log_cdf(y, alpha, beta):
    return log_gamma_q(alpha, beta / y)


def log_ccdf(y, alpha, beta):
    return log_gamma_p(alpha, beta / y)


def draw(rng, alpha, beta):
    return beta / rng.standard_gamma(alpha)


inv_gamma = Distribution(
    name="inv_gamma",
    outcome=Real(lower=0),
    takes=Real(),
    parameters=(Parameter("alpha", Positive()), Parameter("beta", Positive())),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="scipy.stats.invgamma(alpha, scale=beta)",
    source="Functions reference, positive continuous distributions: inv_gamma",
)
