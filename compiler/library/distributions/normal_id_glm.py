"""normal_id_glm(x, alpha, beta, sigma): normal(x * beta + alpha, sigma), a linear regression."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import alike
from ..supports import Positive, Real
from . import normal
from ._glm import ALPHA, BETA, X, linear, row_times, signatures


def log_density(y, x, alpha, beta, sigma):
    return normal.log_density(y, linear(x, alpha, beta), sigma)


def draw(rng, x, alpha, beta, sigma):
    return rng.normal(row_times(x, alpha, beta), sigma)


normal_id_glm = Distribution(
    name="normal_id_glm",
    outcome=Real(finite=True),
    parameters=(X, ALPHA, BETA, Parameter("sigma", Positive())),
    log_density=log_density,
    draw=draw,
    reference="scipy.stats.norm(x @ beta + alpha, sigma)",
    source="Functions reference, unbounded continuous distributions: normal_id_glm",
    signatures=(*signatures("real", after=", real|vector"), "rng: none"),
    domain=(alike("beta", "x"),),
)
