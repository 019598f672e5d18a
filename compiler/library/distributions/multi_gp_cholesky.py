"""multi_gp_cholesky(L, w): multi_gp with covariance matrix L L'."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..domains import alike, as_long, not_empty, square
from ..graph import np
from ..supports import CholeskyFactorCov, Matrix, Positive, Vector
from ._factors import weighted_rows
from ._matrix_draws import normal_vector


def log_density(y, L, w):
    return weighted_rows(y, L, w)


def draw(rng, L, w):
    rows = np.empty((w.shape[0], L.shape[0]))
    for i in range(w.shape[0]):
        rows[i] = normal_vector(rng, L, 1 / math.sqrt(w[i]))
    return rows


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
