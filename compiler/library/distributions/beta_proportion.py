"""beta_proportion(mu, kappa): a beta distribution of mean mu, with concentration kappa."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..supports import Positive, Probability, Real
from . import beta


def log_density(y, mu, kappa):
    return beta.log_density(y, mu * kappa, (1 - mu) * kappa)


def log_cdf(y, mu, kappa):
    return beta.log_cdf(y, mu * kappa, (1 - mu) * kappa)


def log_ccdf(y, mu, kappa):
    return beta.log_ccdf(y, mu * kappa, (1 - mu) * kappa)


def draw(rng, mu, kappa):
    return rng.beta(mu * kappa, (1 - mu) * kappa)


REALS = "real|vector|row_vector|array[] real"
CONTAINERS = "vector|row_vector|array[] int|array[] real"


beta_proportion = Distribution(
    name="beta_proportion",
    outcome=Probability(),
    parameters=(
        Parameter("mu", Real(above=0, below=1)),
        Parameter("kappa", Positive()),
    ),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="scipy.stats.beta(mu * kappa, (1 - mu) * kappa)",
    source="Functions reference, continuous distributions on [0, 1]: beta_proportion",
    signatures=(
        f"({REALS}, {REALS}, int|real|{CONTAINERS}) => real",
        "cdf: none",
        "rng: (real, int|real) => real",
        f"rng: (real, {CONTAINERS}) => array[] real",
        f"rng: (vector|row_vector|array[] real, int|real|{CONTAINERS}) => array[] real",
    ),
    unchecked_if_empty=True,
    cdfs_unchecked_if_empty=True,
)
