"""The Pareto k of importance weights (Vehtari, Simpson, Gelman, Yao and Gabry 2024): can draws be trusted as they are?

k estimates how many moments the ratios of target and approximation have: below 0.7 the approximation is usable
and could be corrected by weighting; above, it misses parts of the target.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LARGEST_USABLE = 0.7
_SHRINKAGE = 10  # imaginary observations of k = 0.5


def pareto_k(log_weights: NDArray[np.float64]) -> float:
    """Shape of a generalised Pareto distribution fitted to the largest weights; inf if it cannot be fitted.

    `log_weights`, shape (draw,), may contain -inf for draws outside the support; nan counts as that.
    """
    log_weights = np.sort(np.where(np.isnan(log_weights), -np.inf, log_weights))
    total = len(log_weights)
    length = int(min(0.2 * total, 3.0 * np.sqrt(total)))
    if length < 5 or not np.isfinite(log_weights[-1]):
        return np.inf
    weights = np.exp(log_weights - log_weights[-1])
    excesses = weights[-length:] - weights[-length - 1]
    excesses = excesses[excesses > 0.0]
    if len(excesses) < 5:  # equal weights: nothing sticks out
        return -np.inf if np.ptp(log_weights[-length - 1 :]) < 1e-10 else np.inf
    return _fit(excesses)


def _fit(excesses: NDArray[np.float64]) -> float:
    """Zhang and Stephens (2009): the posterior mean over a grid of profile likelihoods; `excesses` are sorted."""
    count = len(excesses)
    grid = np.arange(1, 30 + int(np.sqrt(count)) + 1) - 0.5
    quartile = excesses[int(count / 4 + 0.5) - 1]
    slopes = 1.0 / excesses[-1] + (1.0 - np.sqrt(len(grid) / grid)) / (3.0 * quartile)
    shapes = np.log1p(-slopes[:, None] * excesses).mean(axis=1)
    profile = count * (np.log(-slopes / shapes) - shapes - 1.0)
    weights = 1.0 / np.exp(profile - profile[:, None]).sum(axis=1)
    slope = (slopes * weights).sum() / weights.sum()
    shape = np.log1p(-slope * excesses).mean()
    return float((count * shape + _SHRINKAGE * 0.5) / (count + _SHRINKAGE))
