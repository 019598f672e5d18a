"""beta_neg_binomial(r, alpha, beta): a negative binomial whose success probability is beta(alpha, beta)."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..elementary import log_beta
from ..graph import pt
from ..kernels.draws import draw_poisson
from ..special import log_beta_neg_binomial_ccdf, log_beta_neg_binomial_cdf
from ..supports import Integer, Positive


def log_density(n, r, alpha, beta):
    log_choose = -log_beta(n + 1, beta) - pt.log(n + beta)  # n of n + beta - 1
    return log_choose + log_beta(n + r, alpha + beta) - log_beta(r, alpha)


def log_cdf(n, r, alpha, beta):
    return log_beta_neg_binomial_cdf(n, r, alpha, beta)


def log_ccdf(n, r, alpha, beta):
    return log_beta_neg_binomial_ccdf(n, r, alpha, beta)


def draw(rng, r, alpha, beta):
    p = rng.beta(alpha, beta)
    return draw_poisson(rng, rng.gamma(r, (1 - p) / p))


beta_neg_binomial = Distribution(
    name="beta_neg_binomial",
    outcome=Integer(lower=0),
    parameters=(
        Parameter("r", Positive()),
        Parameter("alpha", Positive()),
        Parameter("beta", Positive()),
    ),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="beta_negative_binomial(r, alpha, beta)",
    source="Functions reference, unbounded discrete distributions: beta_neg_binomial",
)
