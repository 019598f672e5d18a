"""dirichlet_multinomial(alpha): multinomial counts whose probabilities are dirichlet(alpha)."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import alike, not_empty
from ..elementary import log_gamma
from ..graph import pt
from ..supports import IntegerArray, Positive, Vector
from ._matrix_draws import dirichlet_weights, multinomial_counts
from ._terms import log_orderings


def log_density(n, alpha):
    whole, total = pt.sum(alpha, axis=-1), pt.sum(n, axis=-1)
    each = pt.sum(log_gamma(n + alpha) - log_gamma(alpha), axis=-1)
    return log_orderings(n) + each + log_gamma(whole) - log_gamma(whole + total)


def draw(rng, alpha, total):
    return multinomial_counts(rng, dirichlet_weights(rng, alpha), total)


dirichlet_multinomial = Distribution(
    name="dirichlet_multinomial",
    outcome=IntegerArray(lower=0),
    parameters=(Parameter("alpha", Vector(Positive()), vectorised=False),),
    log_density=log_density,
    draw=draw,
    draw_needs="total",
    reference="scipy.stats.dirichlet_multinomial(alpha, total)",
    source="Functions reference, bounded discrete multivariate distributions: dirichlet_multinomial",
    signatures=("(array[] int, vector) => real", "rng: (vector, int) => array[] int"),
    domain=(alike("outcome", "alpha"), not_empty("alpha")),
)
