"""lkj_corr_cholesky(eta): Cholesky factors of correlation matrices that are lkj_corr(eta)."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import not_empty, square
from ..graph import pt
from ..supports import CholeskyFactorCorr, Positive
from ._correlation import log_normaliser
from ._factors import count, diagonal, length
from ._matrix_draws import lkj_factor


def log_density(L, eta):
    """The Jacobian of L -> L L' adds K - k powers of L[k, k] to the 2 (eta - 1) of the determinant; L[1, 1] is 1."""
    size = length(L)
    powers = size - count(2, size + 1) + 2 * (pt.as_tensor(eta)[..., None] - 1)
    return log_normaliser(eta, size) + pt.sum(powers * pt.log(diagonal(L)[..., 1:]), axis=-1)


def draw(rng, size, eta):
    return lkj_factor(rng, size, eta)


lkj_corr_cholesky = Distribution(
    name="lkj_corr_cholesky",
    outcome=CholeskyFactorCorr(),
    parameters=(Parameter("eta", Positive(), vectorised=False),),
    log_density=log_density,
    draw=draw,
    draw_needs="size",
    source="Functions reference, correlation matrix distributions: lkj_corr_cholesky",
    signatures=("(matrix, real) => real", "rng: (int, real) => matrix"),
    domain=(square("outcome"), not_empty("outcome")),
)
