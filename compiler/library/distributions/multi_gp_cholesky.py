"""multi_gp_cholesky(L, w): multi_gp with covariance matrix L L'."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import alike, as_long, not_empty, square
from ..supports import CholeskyFactorCov, Matrix, Positive, Vector
from ._factors import weighted_rows
from ._matrix_draws import weighted_normal_rows


def log_density(y, L, w):
    return weighted_rows(y, L, w)


def draw(rng, L, w):
    return weighted_normal_rows(rng, L, w)


multi_gp_cholesky = Distribution(
    name="multi_gp_cholesky",
    outcome=Matrix(),
    parameters=(
        Parameter("L", CholeskyFactorCov(), vectorised=False),
        Parameter("w", Vector(Positive()), vectorised=False),
    ),
    log_density=log_density,
    draw=draw,
    source="Functions reference, distributions over unbounded vectors: multi_gp_cholesky",
    signatures=("(matrix, matrix, vector) => real", "rng: none"),
    domain=(
        square("L"),
        not_empty("L"),
        alike("outcome", "L"),
        as_long("w", -1, "outcome", -2, "w has {0} elements, but the outcome has {1} rows"),
    ),
)
