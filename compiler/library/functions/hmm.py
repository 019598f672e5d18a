"""Hidden Markov models with finitely many states, the states summed out."""
# (`hmm_latent_rng` is a distribution, `distributions/hmm_latent.py`: its draw has no density.)

from __future__ import annotations

from functools import cache
from typing import Any

from ..definitions import Tensor, function
from ..graph import pt
from ..kernels import hmm

SOURCE = "Functions reference, hidden Markov models"


@cache
def _operation(value: Any, gradient: Any, like: tuple[int | None, ...]) -> Any:
    from ..kernels.array_operation import ArrayKernelOp

    return ArrayKernelOp(value, gradient, like)


def _apply(operation: Any, signature: str, log_omega: Tensor, gamma: Tensor, rho: Tensor) -> Tensor:
    if log_omega.ndim == 2:
        return operation(log_omega, gamma, rho)
    return pt.vectorize(operation, signature=signature)(log_omega, gamma, rho)


@function("(matrix, matrix, vector) => real", source=SOURCE)
def hmm_marginal(log_omega: Tensor, gamma: Tensor, rho: Tensor) -> Tensor:
    """The log density of the observations: log_omega[k, n] is that of the n-th in state k."""
    operation = _operation(hmm.log_marginal, hmm.log_marginal_gradient, (None,))
    return _apply(operation, "(k,n),(k,k),(k)->()", log_omega, gamma, rho)


@function("(data matrix, data matrix, data vector) => matrix", source=SOURCE)
def hmm_hidden_state_prob(log_omega: Tensor, gamma: Tensor, rho: Tensor) -> Tensor:
    """The probability of state k at the n-th observation, given all observations."""
    operation = _operation(hmm.state_probabilities, None, (0,))
    return _apply(operation, "(k,n),(k,k),(k)->(k,n)", log_omega, gamma, rho)
