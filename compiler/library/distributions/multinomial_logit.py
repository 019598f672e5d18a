"""multinomial_logit(gamma): multinomial with probabilities softmax(gamma)."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..domains import alike, not_empty
from ..graph import np, pt
from ..supports import IntegerArray, Location, Vector
from ._matrix_draws import multinomial_counts
from ._terms import log_orderings


def log_density(n, gamma):
    total = pt.sum(n, axis=-1)
    return log_orderings(n) + pt.sum(n * gamma, axis=-1) - total * pt.logsumexp(gamma, axis=-1)


def draw(rng, gamma, total):
    largest = -math.inf
    for k in range(gamma.shape[0]):
        largest = max(largest, gamma[k])
    weights = np.empty(gamma.shape[0])
    for k in range(gamma.shape[0]):
        weights[k] = math.exp(gamma[k] - largest)
    return multinomial_counts(rng, weights, total)


multinomial_logit = Distribution(
    name="multinomial_logit",
    outcome=IntegerArray(lower=0),
    parameters=(Parameter("gamma", Vector(Location()), vectorised=False),),
    log_density=log_density,
    draw=draw,
    draw_needs="total",
    reference="scipy.stats.multinomial(total, scipy.special.softmax(gamma))",
    source="Functions reference, bounded discrete multivariate distributions: multinomial_logit",
    signatures=("(array[] int, vector) => real", "rng: (vector, int) => array[] int"),
    domain=(alike("outcome", "gamma"), not_empty("gamma")),
)
