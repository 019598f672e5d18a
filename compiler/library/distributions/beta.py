"""beta(alpha, beta): a probability, as known after alpha - 1 successes and beta - 1 failures."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..elementary import log_beta
from ..graph import pt
from ..special import log_inc_beta
from ..supports import Positive, Probability
from ._terms import times_log


def log_density(y, alpha, beta):
    return times_log(alpha - 1, y) + _times_log1m(beta - 1, y) - log_beta(alpha, beta)


def _times_log1m(b, y):
    """b * log(1 - y) with 0 * log(0) = 0."""
    both = pt.and_(pt.eq(b, 0), pt.eq(y, 1))
    return b * pt.log1p(-pt.switch(both, 0.0, y))


def log_cdf(y, alpha, beta):
    return log_inc_beta(alpha, beta, y, 1 - y)


def log_ccdf(y, alpha, beta):
    return log_inc_beta(beta, alpha, 1 - y, y)


def draw(rng, alpha, beta):
    return rng.beta(alpha, beta)


beta = Distribution(
    name="beta",
    outcome=Probability(),
    parameters=(Parameter("alpha", Positive()), Parameter("beta", Positive())),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="scipy.stats.beta(alpha, beta)",
    source="Functions reference, continuous distributions on [0, 1]: beta",
    unchecked_if_empty=True,
    cdfs_unchecked_if_empty=True,
)
