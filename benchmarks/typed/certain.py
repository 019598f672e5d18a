"""The outcomes of the draws that are certain (see `draws`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def _of_each(of: Callable[..., Any]) -> Callable[..., Any]:
    """A list of outcomes as soon as one of the arguments is a container."""

    def draw(*arguments: Any) -> Any:
        counts = [len(a) for a in arguments if np.ndim(a)]
        if not counts:
            return of(*arguments)
        return [of(*(a[i] if np.ndim(a) else a for a in arguments)) for i in range(counts[0])]

    return draw


def _location(location: Any, *rest: Any) -> Any:
    return float(location)


def _of_vectors(location: Any, covariance: Any) -> Any:
    return [np.array(one) for one in location] if isinstance(location, list) else np.array(location)


CERTAIN: dict[str, Callable[..., Any]] = {
    **dict.fromkeys(
        ("normal_rng", "logistic_rng", "double_exponential_rng", "gumbel_rng", "cauchy_rng", "skew_normal_rng"),
        _of_each(_location),
    ),
    "student_t_rng": _of_each(lambda nu, location, scale: float(location)),
    "exponential_rng": _of_each(lambda rate: 0.0),
    "bernoulli_rng": _of_each(lambda p: int(p > 0.5)),
    "bernoulli_logit_rng": _of_each(lambda x: int(x > 0)),
    "binomial_rng": _of_each(lambda n, p: int(n) if p == 1 else 0),
    "poisson_rng": lambda rate: 0,
    "discrete_range_rng": lambda low, high: low,
    "hypergeometric_rng": lambda n, a, b: n,
    "categorical_rng": lambda p: int(np.argmax(p)) + 1,
    "categorical_logit_rng": lambda p: int(np.argmax(p)) + 1,
    "ordered_logistic_rng": lambda x, cuts: len(cuts) + 1,
    "multinomial_rng": lambda p, n: [int(n * q) for q in p],
    "sort_indices_asc": lambda x: [int(i) + 1 for i in np.argsort(x, kind="stable")],
    "multi_normal_rng": _of_vectors,
    "multi_normal_cholesky_rng": _of_vectors,
}
