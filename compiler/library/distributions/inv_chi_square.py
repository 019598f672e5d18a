"""inv_chi_square(nu): the reciprocal of a chi_square(nu) variable."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..elementary import log_gamma
from ..graph import pt
from ..special import log_gamma_p, log_gamma_q
from ..supports import Positive, Real
from ..zeros import unless_nan
from ._terms import LOG_2, within


def log_density(y, nu):
    positive = pt.gt(y, 0)
    x = pt.switch(positive, y, 1.0)
    log_density = -(nu / 2 + 1) * pt.log(x) - 0.5 / x - nu / 2 * LOG_2 - log_gamma(nu / 2)
    return unless_nan(y, within(positive, log_density))


def log_cdf(y, nu):
    return log_gamma_q(nu / 2, 0.5 / y)


def log_ccdf(y, nu):
    return log_gamma_p(nu / 2, 0.5 / y)


def draw(rng, nu):
    return 1 / rng.chisquare(nu)


inv_chi_square = Distribution(
    name="inv_chi_square",
    outcome=Real(lower=0),
    takes=Real(),
    parameters=(Parameter("nu", Positive()),),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="scipy.stats.invgamma(nu / 2, scale=0.5)",
    source="Functions reference, positive continuous distributions: inv_chi_square",
)
