"""multi_student_t(nu, mu, Sigma): heavy-tailed vectors around mu with scale matrix Sigma."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..domains import alike, not_empty, square
from ..kernels.matrices import factor_of
from ..supports import CovMatrix, Location, Positive, Real, Vector
from ._factors import VECTORS, cholesky, student_t_terms
from ._matrix_draws import normal_vector


def log_density(y, nu, mu, Sigma):
    return student_t_terms(nu, cholesky(Sigma), y - mu)


def draw(rng, nu, mu, Sigma):
    return mu + normal_vector(rng, factor_of(Sigma), math.sqrt(nu / rng.chisquare(nu)))


multi_student_t = Distribution(
    name="multi_student_t",
    outcome=Vector(Real()),
    parameters=(
        Parameter("nu", Positive(), vectorised=False),
        Parameter("mu", Vector(Location())),
        Parameter("Sigma", CovMatrix(), vectorised=False),
    ),
    log_density=log_density,
    draw=draw,
    reference="scipy.stats.multivariate_t(mu, Sigma, nu)",
    source="Functions reference, distributions over unbounded vectors: multi_student_t",
    signatures=(
        f"({VECTORS}, real, {VECTORS}, matrix) => real",
        "rng: (real, vector|row_vector, matrix) => vector",
        "rng: (real, array[] vector|array[] row_vector, matrix) => array[] vector",
    ),
    domain=(square("Sigma"), alike("outcome", "Sigma"), alike("mu", "Sigma")),
    draw_domain=(not_empty("Sigma"),),
    unchecked_if_empty=True,
)
