"""The tail of importance weights (Vehtari, Simpson, Gelman, Yao and Gabry 2024): can draws be trusted as they are?

k estimates how many moments the ratios of target and approximation have: below 0.7 the approximation is usable
and could be corrected by weighting; above, it misses parts of the target.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LARGEST_USABLE = 0.7
Array = NDArray[np.float64]

_SHRINKAGE = 10  # imaginary observations of k = 0.5


def pareto_k(log_weights: Array) -> float:
    """Shape of a generalised Pareto distribution fitted to the largest weights; inf if it cannot be fitted.

    `log_weights`, shape (draw,), may contain -inf for draws outside the support; nan counts as that.
    """
    log_weights = np.sort(np.where(np.isnan(log_weights), -np.inf, log_weights))
    length = _tail_length(log_weights)
    if length < 5 or not np.isfinite(log_weights[-1]):
        return np.inf
    weights = np.exp(log_weights - log_weights[-1])
    excesses = weights[-length:] - weights[-length - 1]
    excesses = excesses[excesses > 0.0]
    if len(excesses) < 5:  # equal weights: nothing sticks out
        return -np.inf if np.ptp(log_weights[-length - 1 :]) < 1e-10 else np.inf
    return _fit(excesses)[0]


def smoothed(log_weights: Array) -> Array:
    """The weights relative to the largest, in logarithms, the largest ones replaced by what the fitted tail expects."""
    log_weights = np.where(np.isnan(log_weights), -np.inf, log_weights)
    log_weights = log_weights - log_weights.max()
    length = _tail_length(log_weights)
    order = np.argsort(log_weights, kind="stable")
    tail = order[-length:]
    threshold = np.exp(log_weights[order[-length - 1]]) if length < len(order) else 0.0
    excesses = np.exp(log_weights[tail]) - threshold
    if length < 5 or not (excesses > 0.0).all():
        return log_weights
    shape, scale = _fit(excesses)
    probability = (np.arange(length) + 0.5) / length
    expected = scale * np.expm1(-shape * np.log1p(-probability)) / shape
    result = log_weights.copy()
    result[tail] = np.log(np.minimum(threshold + expected, 1.0))
    return result


def _tail_length(log_weights: Array) -> int:
    total = len(log_weights)
    return int(min(0.2 * total, 3.0 * np.sqrt(total)))


def _fit(excesses: Array) -> tuple[float, float]:
    """Shape and scale of the Pareto distribution of sorted excesses over a threshold.

    Zhang and Stephens (2009): the posterior mean over a grid of profile likelihoods.
    """
    count = len(excesses)
    grid = np.arange(1, 30 + int(np.sqrt(count)) + 1) - 0.5
    quartile = excesses[int(count / 4 + 0.5) - 1]
    slopes = 1.0 / excesses[-1] + (1.0 - np.sqrt(len(grid) / grid)) / (3.0 * quartile)
    shapes = np.log1p(-slopes[:, None] * excesses).mean(axis=1)
    profile = count * (np.log(-slopes / shapes) - shapes - 1.0)
    weights = 1.0 / np.exp(profile - profile[:, None]).sum(axis=1)
    slope = (slopes * weights).sum() / weights.sum()
    shape = np.log1p(-slope * excesses).mean()
    return float((count * shape + _SHRINKAGE * 0.5) / (count + _SHRINKAGE)), float(-shape / slope)
