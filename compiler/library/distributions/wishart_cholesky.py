"""wishart_cholesky(nu, L_S): the Cholesky factor of a matrix that is wishart(nu, L_S L_S')."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import not_empty
from ..kernels.matrices import product
from ..supports import CholeskyFactorCov, Real
from ._factors import solve_lower
from ._matrix_draws import bartlett
from ._wishart import fitting, log_factor_volume, log_wishart


def log_density(L_W, nu, L_S):
    return log_wishart(L_W, solve_lower(L_S, L_W), nu, L_S, sign=1) + log_factor_volume(L_W)


def draw(rng, nu, L_S):
    return product(L_S, bartlett(rng, nu, L_S.shape[0]))


wishart_cholesky = Distribution(
    name="wishart_cholesky",
    outcome=CholeskyFactorCov(),
    parameters=(Parameter("nu", Real(), vectorised=False), Parameter("L_S", CholeskyFactorCov(), vectorised=False)),
    log_density=log_density,
    draw=draw,
    source="Functions reference, covariance matrix distributions: wishart_cholesky",
    signatures=("(matrix, real, matrix) => real", "rng: (real, matrix) => matrix"),
    domain=(*fitting("L_S"), not_empty("L_S")),
)
