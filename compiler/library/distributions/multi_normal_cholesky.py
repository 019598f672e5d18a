"""multi_normal_cholesky(mu, L): multi_normal with covariance matrix L L'."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import alike, not_empty, square
from ..supports import CholeskyFactorCov, Location, Real, Vector
from ._factors import VECTORS, normal_terms
from ._matrix_draws import normal_vector


def log_density(y, mu, L):
    return normal_terms(L, y - mu)


def draw(rng, mu, L):
    return mu + normal_vector(rng, L, 1.0)


multi_normal_cholesky = Distribution(
    name="multi_normal_cholesky",
    outcome=Vector(Real()),
    parameters=(Parameter("mu", Vector(Location())), Parameter("L", CholeskyFactorCov(), vectorised=False)),
    log_density=log_density,
    draw=draw,
    reference="scipy.stats.multivariate_normal(mu, L @ L.T)",
    source="Functions reference, distributions over unbounded vectors: multi_normal_cholesky",
    signatures=(
        f"({VECTORS}, {VECTORS}, matrix) => real",
        "rng: (vector|row_vector, matrix) => vector",
        "rng: (array[] vector|array[] row_vector, matrix) => array[] vector",
    ),
    domain=(square("L"), alike("outcome", "L"), alike("mu", "L")),
    draw_domain=(not_empty("L"),),
    unchecked_if_empty=True,
)
