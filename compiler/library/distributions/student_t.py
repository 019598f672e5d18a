"""student_t(nu, mu, sigma): a bell curve with tails of power nu + 1."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..graph import pt
from ..special import half_step, log_student_t_cdf
from ..supports import Location, Positive, Real
from ._terms import HALF_LOG_2PI


def log_density(y, nu, mu, sigma):
    z = (y - mu) / sigma
    constant = half_step(nu / 2) - HALF_LOG_2PI  # that of the normal distribution as nu grows
    return constant - pt.log(sigma) - (nu + 1) / 2 * pt.log1p(z**2 / nu)


def log_cdf(y, nu, mu, sigma):
    return log_student_t_cdf((y - mu) / sigma, nu)


def log_ccdf(y, nu, mu, sigma):
    return log_student_t_cdf((mu - y) / sigma, nu)


def draw(rng, nu, mu, sigma):
    return mu + sigma * rng.standard_t(nu)


student_t = Distribution(
    name="student_t",
    outcome=Real(),
    parameters=(Parameter("nu", Positive()), Parameter("mu", Location()), Parameter("sigma", Positive())),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="scipy.stats.t(nu, mu, sigma)",
    source="Functions reference, unbounded continuous distributions: student_t",
)
