"""scaled_inv_chi_square(nu, s): nu s^2 over a chi_square(nu) variable."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..elementary import log_gamma
from ..graph import pt
from ..special import log_gamma_p, log_gamma_q
from ..supports import Positive, Real
from ..zeros import unless_nan
from ._terms import within


def log_density(y, nu, s):
    positive = pt.gt(y, 0)
    x = pt.switch(positive, y, 1.0)
    half = nu / 2
    constant = half * pt.log(half) - log_gamma(half) + nu * pt.log(s)
    log_density = constant - (half + 1) * pt.log(x) - half * s**2 / x
    return unless_nan(y, within(positive, log_density))


def log_cdf(y, nu, s):
    return log_gamma_q(nu / 2, nu / 2 * s**2 / y)


def log_ccdf(y, nu, s):
    return log_gamma_p(nu / 2, nu / 2 * s**2 / y)


def draw(rng, nu, s):
    return nu * s**2 / rng.chisquare(nu)


scaled_inv_chi_square = Distribution(
    name="scaled_inv_chi_square",
    outcome=Real(lower=0),
    takes=Real(),
    parameters=(Parameter("nu", Positive()), Parameter("s", Positive())),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="scipy.stats.invgamma(nu / 2, scale=nu / 2 * s**2)",
    source="Functions reference, positive continuous distributions: scaled_inv_chi_square",
)
