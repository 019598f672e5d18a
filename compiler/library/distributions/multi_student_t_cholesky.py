"""multi_student_t_cholesky(nu, mu, L): multi_student_t with scale matrix L L'."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..domains import alike, not_empty, square, with_elements
from ..supports import CholeskyFactorCov, Location, Positive, Real, Vector
from ._factors import VECTORS, student_t_terms
from ._matrix_draws import normal_vector


def log_density(y, nu, mu, L):
    return student_t_terms(nu, L, y - mu)


def draw(rng, nu, mu, L):
    return mu + normal_vector(rng, L, math.sqrt(nu / rng.chisquare(nu)))


multi_student_t_cholesky = Distribution(
    name="multi_student_t_cholesky",
    outcome=Vector(Real()),
    parameters=(
        Parameter("nu", Positive(), vectorised=False),
        Parameter("mu", Vector(Location())),
        Parameter("L", CholeskyFactorCov(), vectorised=False),
    ),
    log_density=log_density,
    draw=draw,
    reference="scipy.stats.multivariate_t(mu, L @ L.T, nu)",
    source="Functions reference, distributions over unbounded vectors: multi_student_t_cholesky",
    signatures=(
        f"({VECTORS}, real, {VECTORS}, matrix) => real",
        "rng: (real, vector|row_vector, matrix) => vector",
        "rng: (real, array[] vector|array[] row_vector, matrix) => array[] vector",
    ),
    domain=(square("L"), with_elements("L", -2), alike("outcome", "L"), alike("mu", "L")),
    draw_domain=(not_empty("L"),),
    unchecked_if_empty=True,
)
