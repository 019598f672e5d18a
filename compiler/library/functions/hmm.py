"""Hidden Markov models with finitely many states, the states summed out (`hmm_latent_rng` is a distribution)."""

from __future__ import annotations

from ..definitions import Tensor, function
from ..kernels import hmm

SOURCE = "Functions reference, hidden Markov models"


@function("(matrix, matrix, vector) => real", source=SOURCE)
def hmm_marginal(log_omega: Tensor, gamma: Tensor, rho: Tensor) -> Tensor:
    """The log density of the observations: log_omega[k, n] is that of the n-th in state k."""
    from ..ops.array_kernel import array_kernel

    return array_kernel(hmm.log_marginal, hmm.log_marginal_gradient, "(k,n),(k,k),(k)->()")(log_omega, gamma, rho)


@function("(data matrix, data matrix, data vector) => matrix", source=SOURCE)
def hmm_hidden_state_prob(log_omega: Tensor, gamma: Tensor, rho: Tensor) -> Tensor:
    """The probability of state k at the n-th observation, given all observations."""
    from ..ops.array_kernel import array_kernel

    return array_kernel(hmm.state_probabilities, None, "(k,n),(k,k),(k)->(k,n)")(log_omega, gamma, rho)
