"""lkj_corr(eta): correlation matrices with density proportional to det(Omega)^(eta - 1)."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import square
from ..kernels.matrices import square_of
from ..supports import CorrMatrix, Positive
from ._correlation import log_normaliser
from ._factors import cholesky, half_log_determinant, length
from ._matrix_draws import lkj_factor


def log_density(Omega, eta):
    return log_normaliser(eta, length(Omega)) + 2 * (eta - 1) * half_log_determinant(cholesky(Omega))


def draw(rng, size, eta):
    return square_of(lkj_factor(rng, size, eta))


lkj_corr = Distribution(
    name="lkj_corr",
    outcome=CorrMatrix(),
    parameters=(Parameter("eta", Positive(), vectorised=False),),
    log_density=log_density,
    draw=draw,
    draw_needs="size",
    source="Functions reference, correlation matrix distributions: lkj_corr",
    signatures=("(matrix, real) => real", "rng: (int, real) => matrix"),
    domain=(square("outcome"),),
)
