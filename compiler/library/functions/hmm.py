"""Hidden Markov models with finitely many states, the states summed out (`hmm_latent_rng` is a distribution)."""

from __future__ import annotations

from ..definitions import Condition, Domain, Tensor, function
from ..domains import as_long, square, where
from ..kernels import hmm
from ..supports import Simplex
from ..transforms import simplex

DOMAIN: Domain = (
    square("gamma"),
    as_long("gamma", -1, "log_omega", -2, "gamma has {0} columns, but log_omega has {1} rows"),
    as_long("rho", -1, "log_omega", -2, "rho has {0} elements, but log_omega has {1} rows"),
    Condition(("gamma",), "have simplices as rows", simplex.holds, nan=False, problem=simplex.problem),
    *where(nan=False, rho=Simplex()),
)
SOURCE = "Functions reference, hidden Markov models"


@function("(matrix, matrix, vector) => real", source=SOURCE, domain=DOMAIN)
def hmm_marginal(log_omega: Tensor, gamma: Tensor, rho: Tensor) -> Tensor:
    """The log density of the observations: log_omega[k, n] is that of the n-th in state k."""
    from ..ops.array_kernel import array_kernel

    return array_kernel(hmm.log_marginal, hmm.log_marginal_gradient, "(k,n),(k,k),(k)->()")(log_omega, gamma, rho)


@function("(data matrix, data matrix, data vector) => matrix", source=SOURCE, domain=DOMAIN)
def hmm_hidden_state_prob(log_omega: Tensor, gamma: Tensor, rho: Tensor) -> Tensor:
    """The probability of state k at the n-th observation, given all observations."""
    from ..ops.array_kernel import array_kernel

    return array_kernel(hmm.state_probabilities, None, "(k,n),(k,k),(k)->(k,n)")(log_omega, gamma, rho)
