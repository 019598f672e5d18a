"""multi_gp(Sigma, w): independent rows, row i normal with mean zero and covariance Sigma / w[i]."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..domains import alike, as_long, square
from ..graph import np
from ..kernels.matrices import factor_of
from ..supports import CovMatrix, Matrix, Positive, Vector
from ._factors import cholesky, weighted_rows
from ._matrix_draws import normal_vector


def log_density(y, Sigma, w):
    return weighted_rows(y, cholesky(Sigma), w)


def draw(rng, Sigma, w):
    factor = factor_of(Sigma)
    rows = np.empty((w.shape[0], Sigma.shape[0]))
    for i in range(w.shape[0]):
        rows[i] = normal_vector(rng, factor, 1 / math.sqrt(w[i]))
    return rows


multi_gp = Distribution(
    name="multi_gp",
    outcome=Matrix(),
    parameters=(
        Parameter("Sigma", CovMatrix(), vectorised=False),
        Parameter("w", Vector(Positive()), vectorised=False),
    ),
    log_density=log_density,
    draw=draw,
    source="Functions reference, distributions over unbounded vectors: multi_gp",
    signatures=("(matrix, matrix, vector) => real", "rng: none"),
    domain=(
        square("Sigma"),
        alike("outcome", "Sigma"),
        as_long("w", -1, "outcome", -2, "w has {0} elements, but the outcome has {1} rows"),
    ),
)
