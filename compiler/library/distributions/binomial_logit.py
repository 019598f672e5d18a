"""binomial_logit(N, alpha): binomial with log odds alpha."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..domains import at_most
from ..graph import pt
from ..supports import Integer, Location
from ..zeros import defined
from ._terms import log_binomial


def log_density(n, N, alpha):
    possible = pt.le(n, N)
    return defined(possible, log_binomial(N, pt.minimum(n, N)) + n * alpha - N * pt.softplus(alpha))


def draw(rng, N, alpha):
    return rng.binomial(N, 1 / (1 + math.exp(-alpha)))


binomial_logit = Distribution(
    name="binomial_logit",
    outcome=Integer(lower=0),
    parameters=(Parameter("N", Integer(lower=0)), Parameter("alpha", Location())),
    log_density=log_density,
    draw=draw,
    reference="scipy.stats.binom(N, scipy.special.expit(alpha))",
    source="Functions reference, bounded discrete distributions: binomial_logit",
    signatures=("rng: none",),
    domain=(at_most("outcome", "N"),),
)
