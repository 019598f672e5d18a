"""gaussian_dlm_obs(F, G, V, W, m0, C0): the observations of a linear Gaussian state-space model, states integrated out.

The outcome has one column per time; V is the observations' covariance matrix, or the vector of its diagonal.
"""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..graph import pt
from ..kernels import kalman
from ..supports import CovMatrix, Location, Matrix, Support, Vector


def log_density(y, F, G, V, W, m0, C0):
    from ..ops.array_kernel import array_kernel

    if V.ndim == m0.ndim:
        V = V[..., None] * pt.eye(V.shape[-1])
    signature = "(t,r),(n,r),(n,n),(r,r),(n,n),(n),(n,n)->()"
    filtered = array_kernel(kalman.log_likelihood, kalman.log_likelihood_gradient, signature)
    return filtered(y.mT, F, G, V, W, m0, C0)


gaussian_dlm_obs = Distribution(
    name="gaussian_dlm_obs",
    outcome=Matrix(),
    parameters=(
        Parameter("F", Matrix(), vectorised=False),
        Parameter("G", Matrix(), vectorised=False),
        Parameter("V", Support("a covariance matrix or the vector of its diagonal", core=2), vectorised=False),
        Parameter("W", CovMatrix(), vectorised=False),
        Parameter("m0", Vector(Location()), vectorised=False),
        Parameter("C0", CovMatrix(), vectorised=False),
    ),
    log_density=log_density,
    source="Functions reference, distributions over unbounded vectors: gaussian_dlm_obs",
    signatures=("(matrix, matrix, matrix, vector|matrix, matrix, vector, matrix) => real",),
)
