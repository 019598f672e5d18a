"""poisson(lambda): counts of independent events, lambda on average."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import where, zero_unless
from ..elementary import log_gamma
from ..graph import pt
from ..kernels.draws import draw_poisson
from ..special import log_gamma_p, log_gamma_q
from ..supports import Integer, Positive, Real
from ..zeros import zero_beyond
from ._terms import INFINITY, still_at_zero


def log_density(n, rate):
    both_zero = pt.and_(pt.eq(n, 0), pt.eq(rate, 0))
    log_rate = pt.log(pt.switch(both_zero, 1.0, still_at_zero(rate)))
    return zero_beyond(pt.lt(rate, INFINITY), n * log_rate - rate - log_gamma(n + 1))


def log_cdf(n, rate):
    """P(at most n) is the probability that the (n + 1)-th event comes after `rate`."""
    return pt.switch(pt.lt(n, 0), -INFINITY, log_gamma_q(pt.maximum(n, 0) + 1, rate))


def log_ccdf(n, rate):
    return pt.switch(pt.lt(n, 0), 0.0, log_gamma_p(pt.maximum(n, 0) + 1, rate))


def draw(rng, rate):
    return draw_poisson(rng, rate)


poisson = Distribution(
    name="poisson",
    outcome=Integer(lower=0),
    parameters=(Parameter("lambda", Real(lower=0)),),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="scipy.stats.poisson(lambda_)",
    source="Functions reference, unbounded discrete distributions: poisson",
    domain=zero_unless(**{"lambda": Real(finite=True)}),
    draw_domain=where(nan=False, **{"lambda": Positive()}),
)
