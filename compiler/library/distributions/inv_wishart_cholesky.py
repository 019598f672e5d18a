"""inv_wishart_cholesky(nu, L_S): the Cholesky factor of a matrix that is inv_wishart(nu, L_S L_S')."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import not_empty, where
from ..kernels.matrices import factor_of, product, square_of
from ..supports import CholeskyFactorCov, Location, Real
from ._factors import solve_lower
from ._matrix_draws import inverse_bartlett
from ._wishart import fitting, log_factor_volume, log_wishart


def log_density(L_W, nu, L_S):
    return log_wishart(L_W, solve_lower(L_W, L_S), nu, L_S, sign=-1) + log_factor_volume(L_W)


def draw(rng, nu, L_S):
    return factor_of(square_of(product(L_S, inverse_bartlett(rng, nu, L_S.shape[0]))))


inv_wishart_cholesky = Distribution(
    name="inv_wishart_cholesky",
    outcome=CholeskyFactorCov(),
    parameters=(Parameter("nu", Real(), vectorised=False), Parameter("L_S", CholeskyFactorCov(), vectorised=False)),
    log_density=log_density,
    draw=draw,
    source="Functions reference, covariance matrix distributions: inv_wishart_cholesky",
    signatures=("(matrix, real, matrix) => real", "rng: (real, matrix) => matrix"),
    domain=(*fitting("L_S"), not_empty("L_S"), *where(nu=Location())),
)
