"""ordered_logistic_glm(x, beta, c): ordered_logistic(x * beta, c)."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import alike, category
from ..kernels.draws import category_of
from ..supports import Integer, Ordered
from . import ordered_logistic
from ._glm import BETA, X, row_times, rows_times


def log_density(k, x, beta, c):
    return ordered_logistic.log_density(k, rows_times(x, beta), c)


def draw(rng, x, beta, c):
    return category_of(rng.logistic(row_times(x, 0.0, beta), 1.0), c)


ordered_logistic_glm = Distribution(
    name="ordered_logistic_glm",
    outcome=Integer(lower=1),
    parameters=(X, BETA, Parameter("c", Ordered(), vectorised=False)),
    log_density=log_density,
    draw=draw,
    reference="ordered(scipy.stats.logistic, x @ beta, c)",
    source="Functions reference, bounded discrete distributions: ordered_logistic_glm",
    signatures=("(int|array[] int, row_vector|matrix, vector, vector) => real", "rng: none"),
    domain=(alike("beta", "x"), category("c", more=1)),
)
