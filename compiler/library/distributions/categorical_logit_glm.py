"""categorical_logit_glm(x, alpha, beta): categorical_logit(x * beta + alpha), one column of beta per category."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import alike, as_long, category
from ..graph import np, pt
from ..supports import Integer, Location, Support, Vector
from . import categorical_logit
from ._glm import X


def log_density(k, x, alpha, beta):
    return categorical_logit.log_density(k, alpha + products(x, beta))


def products(x, beta):
    """x beta for each row of x, where beta has a core of two axes."""
    if x.ndim == 1:
        return pt.dot(x, beta)
    if all(size == 1 for size in beta.type.shape[:-2]):
        return pt.tensordot(x, beta[(0,) * (beta.ndim - 2)], axes=1)
    return pt.sum(x[..., :, None] * beta, axis=-2)


def draw(rng, x, alpha, beta):
    log_odds = np.empty(alpha.shape[0])
    for k in range(alpha.shape[0]):
        log_odds[k] = alpha[k]
        for j in range(x.shape[0]):
            log_odds[k] += x[j] * beta[j, k]
    return categorical_logit_draw(rng, log_odds)


categorical_logit_draw = categorical_logit.draw


def _all_finite(beta):
    return pt.all(pt.lt(pt.abs(beta), float("inf")), axis=(-2, -1))


categorical_logit_glm = Distribution(
    name="categorical_logit_glm",
    outcome=Integer(lower=1),
    parameters=(
        X,
        Parameter("alpha", Vector(Location()), vectorised=False),
        Parameter("beta", Support("a matrix whose elements are finite", core=2, holds=_all_finite), vectorised=False),
    ),
    log_density=log_density,
    draw=draw,
    source="Functions reference, bounded discrete distributions: categorical_logit_glm",
    signatures=("(int|array[] int, row_vector|matrix, vector, matrix) => real", "rng: none"),
    domain=(
        as_long("beta", -2, "x", -1, "beta has {0} rows, but x has {1} columns"),
        alike("beta", "alpha"),
        category("alpha"),
    ),
)
