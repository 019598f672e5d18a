"""inv_wishart(nu, Sigma): the inverse of a matrix that is wishart(nu, inverse(Sigma))."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..kernels.matrices import factor_of, product, square_of
from ..supports import CovMatrix, Real
from ._factors import cholesky, solve_lower
from ._matrix_draws import inverse_bartlett
from ._wishart import fitting, log_wishart


def log_density(W, nu, Sigma):
    outcome, scale = cholesky(W), cholesky(Sigma)
    return log_wishart(outcome, solve_lower(outcome, scale), nu, scale, sign=-1)


def draw(rng, nu, Sigma):
    return square_of(product(factor_of(Sigma), inverse_bartlett(rng, nu, Sigma.shape[0])))


inv_wishart = Distribution(
    name="inv_wishart",
    outcome=CovMatrix(),
    parameters=(Parameter("nu", Real(), vectorised=False), Parameter("Sigma", CovMatrix(), vectorised=False)),
    log_density=log_density,
    draw=draw,
    reference="scipy.stats.invwishart(nu, Sigma)",
    source="Functions reference, covariance matrix distributions: inv_wishart",
    signatures=("(matrix, real, matrix) => real", "rng: (real, matrix) => matrix"),
    domain=fitting("Sigma"),
)
