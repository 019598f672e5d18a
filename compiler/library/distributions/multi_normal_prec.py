"""multi_normal_prec(mu, Omega): multi_normal with precision matrix Omega, the inverse of the covariance."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import alike, square, with_elements
from ..graph import pt
from ..kernels.matrices import factor_of, identity, solve_lower_in_place, square_of, transposed
from ..supports import CovMatrix, Location, Real, Vector
from ._factors import VECTORS, cholesky, half_log_determinant, length, times
from ._matrix_draws import normal_vector
from ._terms import HALF_LOG_2PI


def log_density(y, mu, Omega):
    deviation = y - mu
    distance = pt.sum(deviation * times(Omega, deviation), axis=-1)
    return half_log_determinant(cholesky(Omega)) - 0.5 * distance - length(deviation) * HALF_LOG_2PI


def draw(rng, mu, Omega):
    """With Omega = L L' the covariance is R R' for R = L'^-1."""
    inverse = identity(Omega.shape[0])
    solve_lower_in_place(factor_of(Omega), inverse)
    return mu + normal_vector(rng, factor_of(square_of(transposed(inverse))), 1.0)


multi_normal_prec = Distribution(
    name="multi_normal_prec",
    outcome=Vector(Real()),
    parameters=(Parameter("mu", Vector(Location())), Parameter("Omega", CovMatrix(), vectorised=False)),
    log_density=log_density,
    draw=draw,
    reference="scipy.stats.multivariate_normal(mu, numpy.linalg.inv(Omega))",
    source="Functions reference, distributions over unbounded vectors: multi_normal_prec",
    signatures=(f"({VECTORS}, {VECTORS}, matrix) => real", "rng: none"),
    domain=(square("Omega"), with_elements("Omega", -2), alike("outcome", "Omega"), alike("mu", "Omega")),
    unchecked_if_empty=True,
)
