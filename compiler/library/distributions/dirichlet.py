"""dirichlet(alpha): simplexes with concentrations alpha."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import alike, not_empty
from ..elementary import log_gamma
from ..graph import pt
from ..supports import Positive, Simplex, Vector
from ._factors import VECTORS
from ._matrix_draws import dirichlet_weights


def log_density(theta, alpha):
    constant = log_gamma(pt.sum(alpha, axis=-1)) - pt.sum(log_gamma(alpha), axis=-1)
    return constant + pt.sum((alpha - 1) * pt.log(theta), axis=-1)


def draw(rng, alpha):
    return dirichlet_weights(rng, alpha)


dirichlet = Distribution(
    name="dirichlet",
    outcome=Simplex(),
    parameters=(Parameter("alpha", Vector(Positive())),),
    log_density=log_density,
    draw=draw,
    reference="scipy.stats.dirichlet(alpha)",
    source="Functions reference, simplex distributions: dirichlet",
    signatures=(f"({VECTORS}, {VECTORS}) => real", "rng: (vector) => vector"),
    domain=(alike("outcome", "alpha"), not_empty("alpha")),
    unchecked_if_empty=True,
)
