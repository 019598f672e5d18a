"""Hidden Markov models with the state summed out."""

from __future__ import annotations

from ..definitions import Tensor, function
from ..kernels import hidden_markov

SIGNATURE = "(k,n),(k,k),(k)"


@function("(matrix, matrix, vector) => real", source="functions reference, hidden Markov models")
def hmm_marginal(log_omega: Tensor, gamma: Tensor, rho: Tensor) -> Tensor:
    """The log density of the data: column n of log_omega holds the log density of datum n in each state, gamma the
    transition probabilities (from row to column), rho the initial ones."""
    from ..ops.array_kernel import array_kernel

    operation = array_kernel(hidden_markov.log_marginal, hidden_markov.log_marginal_gradient, f"{SIGNATURE}->()")
    return operation(log_omega, gamma, rho)


@function("(data matrix, data matrix, data vector) => matrix")
def hmm_hidden_state_prob(log_omega: Tensor, gamma: Tensor, rho: Tensor) -> Tensor:
    """The probability of each state (row) at each time (column), given all data."""
    from ..ops.array_kernel import array_kernel

    return array_kernel(hidden_markov.hidden_state_prob, None, f"{SIGNATURE}->(k,n)")(log_omega, gamma, rho)
