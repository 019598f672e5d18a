"""multi_normal(mu, Sigma): the normal distribution with mean vector mu and covariance matrix Sigma."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import alike, not_empty, square, with_elements
from ..kernels.matrices import factor_of
from ..supports import CovMatrix, Location, Real, Vector
from ._factors import VECTORS, cholesky, normal_terms
from ._matrix_draws import normal_vector


def log_density(y, mu, Sigma):
    return normal_terms(cholesky(Sigma), y - mu)


def draw(rng, mu, Sigma):
    return mu + normal_vector(rng, factor_of(Sigma), 1.0)


multi_normal = Distribution(
    name="multi_normal",
    outcome=Vector(Real()),
    parameters=(Parameter("mu", Vector(Location())), Parameter("Sigma", CovMatrix(), vectorised=False)),
    log_density=log_density,
    draw=draw,
    reference="scipy.stats.multivariate_normal(mu, Sigma)",
    source="Functions reference, distributions over unbounded vectors: multi_normal",
    signatures=(
        f"({VECTORS}, {VECTORS}, matrix) => real",
        "rng: (vector|row_vector, matrix) => vector",
        "rng: (array[] vector|array[] row_vector, matrix) => array[] vector",
    ),
    domain=(square("Sigma"), with_elements("Sigma", -2), alike("outcome", "Sigma"), alike("mu", "Sigma")),
    draw_domain=(not_empty("Sigma"),),
    unchecked_if_empty=True,
)
