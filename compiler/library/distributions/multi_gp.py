"""multi_gp(Sigma, w): independent rows, row i normal with mean zero and covariance Sigma / w[i]."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import alike, as_long, not_empty, square
from ..kernels.matrices import factor_of
from ..supports import CovMatrix, Matrix, Positive, Vector
from ._factors import cholesky, weighted_rows
from ._matrix_draws import weighted_normal_rows


def log_density(y, Sigma, w):
    return weighted_rows(y, cholesky(Sigma), w)


def draw(rng, Sigma, w):
    return weighted_normal_rows(rng, factor_of(Sigma), w)


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
        not_empty("Sigma"),
        alike("outcome", "Sigma"),
        as_long("w", -1, "outcome", -2, "w has {0} elements, but the outcome has {1} rows"),
    ),
)
