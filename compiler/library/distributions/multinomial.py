"""multinomial(theta): counts of categories that occur with probabilities theta."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import alike
from ..graph import pt
from ..supports import IntegerArray, Simplex
from ._matrix_draws import multinomial_counts
from ._terms import log_orderings, times_log


def log_density(n, theta):
    return log_orderings(n) + pt.sum(times_log(n, theta), axis=-1)


def draw(rng, theta, total):
    return multinomial_counts(rng, theta, total)


multinomial = Distribution(
    name="multinomial",
    outcome=IntegerArray(lower=0),
    parameters=(Parameter("theta", Simplex(), vectorised=False),),
    log_density=log_density,
    draw=draw,
    draw_needs="total",
    reference="scipy.stats.multinomial(total, theta)",
    source="Functions reference, bounded discrete multivariate distributions: multinomial",
    signatures=("(array[] int, vector) => real", "rng: (vector, int) => array[] int"),
    domain=(alike("outcome", "theta"),),
)
