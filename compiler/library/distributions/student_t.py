"""student_t(nu, mu, sigma): a bell curve with tails of power nu + 1."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..graph import pt
from ..special import log_inc_beta
from ..supports import Location, Positive, Real
from ._terms import LOG_2, LOG_PI


def log_density(y, nu, mu, sigma):
    z = (y - mu) / sigma
    constant = pt.gammaln((nu + 1) / 2) - pt.gammaln(nu / 2) - 0.5 * (pt.log(nu) + LOG_PI)
    return constant - pt.log(sigma) - (nu + 1) / 2 * pt.log1p(z**2 / nu)


def log_cdf(y, nu, mu, sigma):
    return _log_lower((y - mu) / sigma, nu)


def log_ccdf(y, nu, mu, sigma):
    return _log_lower((mu - y) / sigma, nu)


def _log_lower(z, nu):
    """log P(T <= z): half the incomplete beta function below zero, one minus half of it above."""
    square = z**2
    x, complement = nu / (nu + square), square / (nu + square)
    log_tail = log_inc_beta(nu / 2, 0.5, x, complement) - LOG_2
    # near zero the tail reaches 1/2 with a square root's slope, and the complementary function is smooth
    log_middle = log_inc_beta(0.5, nu / 2, complement, x)
    near = pt.lt(square, nu)
    half_middle = 0.5 * pt.sign(z) * pt.exp(pt.switch(near, log_middle, -1.0))
    far = pt.switch(pt.lt(z, 0), log_tail, pt.log1p(-pt.exp(pt.minimum(log_tail, -LOG_2))))
    return pt.switch(near, pt.log(0.5 + half_middle), far)


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
