"""binomial(N, theta): successes among N trials of probability theta."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import at_most
from ..graph import pt
from ..special import log_inc_beta_of_data, share_below
from ..supports import Integer, Probability
from ..zeros import defined
from ._terms import INFINITY, log_binomial, times_log


def log_density(n, N, theta):
    possible = pt.le(n, N)
    failures = pt.switch(possible, N - n, 0)
    both_zero = pt.and_(pt.eq(failures, 0), pt.eq(theta, 1))
    log_failures = failures * pt.log1p(-pt.switch(both_zero, 0.0, theta))
    return defined(possible, log_binomial(N, pt.minimum(n, N)) + times_log(n, theta) + log_failures)


def log_cdf(n, N, theta):
    """P(at most n) is the probability that the (n + 1)-th smallest of N uniforms exceeds theta."""
    between, first, second = _order(n, N)
    inside = log_inc_beta_of_data(first, second, 1 - theta, theta)
    return pt.switch(pt.lt(n, 0), -INFINITY, pt.switch(between, inside, 0.0))


def cdf(n, N, theta):
    between, first, second = _order(n, N)
    return pt.switch(pt.lt(n, 0), 0.0, pt.switch(between, share_below(first, second, 1 - theta, theta), 1.0))


def log_ccdf(n, N, theta):
    between, first, second = _order(n, N)
    inside = log_inc_beta_of_data(second, first, theta, 1 - theta)
    return pt.switch(pt.lt(n, 0), 0.0, pt.switch(between, inside, -INFINITY))


def _order(n, N):
    """Whether 0 <= n < N, and how many of N uniforms lie above the (n + 1)-th smallest, it included, and up to it."""
    between = pt.and_(pt.ge(n, 0), pt.lt(n, N))
    return between, pt.switch(between, N - n, 1), pt.switch(between, n + 1, 1)


def draw(rng, N, theta):
    return rng.binomial(N, theta)


binomial = Distribution(
    name="binomial",
    outcome=Integer(lower=0),
    parameters=(Parameter("N", Integer(lower=0)), Parameter("theta", Probability())),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    cdf=cdf,
    draw=draw,
    reference="scipy.stats.binom(N, theta)",
    source="Functions reference, bounded discrete distributions: binomial",
    domain=(at_most("outcome", "N"),),
)
