"""categorical_logit(beta): categorical with probabilities softmax(beta)."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..domains import category
from ..graph import pt
from ..kernels.draws import NO_OUTCOME
from ..supports import Integer, Real, Vector
from ..zeros import defined
from ._terms import pick


def log_density(n, beta):
    possible = pt.le(n, beta.shape[-1])
    log_odds = pick(beta, pt.switch(possible, n, 1) - 1)
    return defined(possible, log_odds - pt.logsumexp(beta, axis=-1))


def draw(rng, beta):
    """The largest of the log odds, each with gumbel noise added."""
    if len(beta) == 0:
        return NO_OUTCOME
    best, largest = 0, -math.inf
    for k in range(len(beta)):
        noisy = beta[k] - math.log(rng.standard_exponential())
        if noisy > largest:
            best, largest = k, noisy
    return best + 1


categorical_logit = Distribution(
    name="categorical_logit",
    outcome=Integer(lower=1),
    parameters=(Parameter("beta", Vector(Real(finite=True)), vectorised=False),),
    log_density=log_density,
    draw=draw,
    reference="scipy.stats.rv_discrete(values=(numpy.arange(1, len(beta) + 1), scipy.special.softmax(beta)))",
    source="Functions reference, bounded discrete distributions: categorical_logit",
    domain=(category("beta"),),
)
