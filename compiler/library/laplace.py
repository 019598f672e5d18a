"""The likelihoods that functions for Laplace's approximation know by name, like `laplace_marginal_poisson_log_lpmf`.

With each, the types of what it takes besides the latent variables.
"""

from __future__ import annotations

from ..types import Array, Int, Type, Vector

_INTS = Array(Int(), 1)
LIKELIHOODS: dict[str, tuple[Type, ...]] = {
    "bernoulli_logit": (_INTS, _INTS, Vector()),
    "neg_binomial_2_log": (_INTS, _INTS, Vector(), Vector()),
    "poisson_log": (_INTS, _INTS, Vector()),
}


def known_likelihood(call: str) -> str | None:
    """Which of them a function is about; None for those that are given a likelihood."""
    return next((name for name in LIKELIHOODS if name in call), None)
