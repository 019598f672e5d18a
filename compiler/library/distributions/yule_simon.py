"""yule_simon(alpha): a power law over 1, 2, ..., as of the sizes of genera and cities."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..elementary import log_beta
from ..graph import pt
from ..supports import Integer, Positive
from ._terms import INFINITY


def log_density(n, alpha):
    return pt.log(alpha) + log_beta(n, alpha + 1)


def log_cdf(n, alpha):
    return pt.switch(pt.lt(n, 1), -INFINITY, pt.log1mexp(log_ccdf(pt.maximum(n, 1), alpha)))


def log_ccdf(n, alpha):
    """P(more than n) = n B(n, alpha + 1)."""
    some = pt.maximum(n, 1)
    return pt.switch(pt.lt(n, 1), 0.0, pt.log(some) + log_beta(some, alpha + 1))


def draw(rng, alpha):
    """A geometric variable whose success probability is the exponential of minus an exponential(alpha) time."""
    return rng.geometric(max(math.exp(-rng.exponential(1 / alpha)), 1e-300))


yule_simon = Distribution(
    name="yule_simon",
    outcome=Integer(lower=1),
    parameters=(Parameter("alpha", Positive()),),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="scipy.stats.yulesimon(alpha)",
    source="Functions reference, unbounded discrete distributions: yule_simon",
)
