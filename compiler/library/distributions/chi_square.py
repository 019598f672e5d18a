"""chi_square(nu): the sum of nu squared standard normal variables."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import zero_unless
from ..elementary import log_gamma
from ..graph import pt
from ..special import log_gamma_p, log_gamma_q
from ..supports import Positive, Real
from ..zeros import zero_beyond
from ._terms import INFINITY, LOG_2, times_log


def log_density(y, nu):
    # nu / 2 - 1 as a factor would be multiplied out, and log(0) be taken off itself
    log_density = times_log(nu - 2, y) / 2 - y / 2 - nu / 2 * LOG_2 - log_gamma(nu / 2)
    return zero_beyond(pt.lt(y, INFINITY), log_density)


def log_cdf(y, nu):
    return log_gamma_p(nu / 2, y / 2)


def log_ccdf(y, nu):
    return log_gamma_q(nu / 2, y / 2)


def draw(rng, nu):
    return rng.chisquare(nu)


chi_square = Distribution(
    name="chi_square",
    outcome=Real(lower=0),
    parameters=(Parameter("nu", Positive()),),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="scipy.stats.chi2(nu)",
    source="Functions reference, positive continuous distributions: chi_square",
    domain=zero_unless(outcome=Real(finite=True)),
)
