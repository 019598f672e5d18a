"""beta_binomial(N, alpha, beta): a binomial whose probability is beta(alpha, beta)."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..elementary import log_beta
from ..graph import pt
from ..special import log_beta_binomial_cdf
from ..supports import Integer, Positive
from ._terms import log_binomial, within


def log_density(n, N, alpha, beta):
    possible = pt.le(n, N) & pt.ge(n, 0)
    n = pt.clip(n, 0, N)
    return within(possible, log_binomial(N, n) + log_beta(n + alpha, N - n + beta) - log_beta(alpha, beta))


def log_cdf(n, N, alpha, beta):
    return log_beta_binomial_cdf(n, N, alpha, beta)


def log_ccdf(n, N, alpha, beta):
    return log_beta_binomial_cdf(N - n - 1, N, beta, alpha)


def draw(rng, N, alpha, beta):
    return rng.binomial(N, rng.beta(alpha, beta))


beta_binomial = Distribution(
    name="beta_binomial",
    outcome=Integer(lower=0),
    takes=Integer(),
    parameters=(
        Parameter("N", Integer(lower=0)),
        Parameter("alpha", Positive()),
        Parameter("beta", Positive()),
    ),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="scipy.stats.betabinom(N, alpha, beta)",
    source="Functions reference, bounded discrete distributions: beta_binomial",
    unchecked_if_empty=True,
    cdfs_unchecked_if_empty=True,
)
