"""Effective sample size and R-hat for many parameters at once (Vehtari, Gelman, Simpson, Carpenter and Burkner 2021).

The definitions are those of Stan's posterior package and of ArviZ, which the tests compare with; importing ArviZ
takes seconds, these functions take milliseconds. All take draws of shape (chain, draw, parameter) and return one
number per parameter: nan where draws are not finite or fewer than 4 per chain.
"""

from __future__ import annotations

from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FEWEST_DRAWS = 4


def ess_bulk(draws: Array) -> Array:
    """Effective size for the centre of the distribution, by ranks."""
    return _ess(_rank_normalise(_split(draws)))


def ess_tail(draws: Array, probability: float = 0.05) -> Array:
    """The smaller of the effective sizes for the two outer quantiles."""
    quantiles = np.quantile(draws, [probability, 1.0 - probability], axis=(0, 1), keepdims=True)
    size = np.minimum(*(_ess(_split((draws <= quantile).astype(np.float64))) for quantile in quantiles))
    return np.where(np.isfinite(draws).all(axis=(0, 1)), size, np.nan)


def ess_mean(draws: Array) -> Array:
    """Effective size for the mean."""
    return _ess(_split(draws))


def r_hat(draws: Array) -> Array:
    """Rank-normalised split R-hat: the larger of those of location and of spread."""
    if draws.shape[1] < FEWEST_DRAWS:
        return np.full(draws.shape[2], np.nan)
    split = _split(draws)
    spread = np.abs(split - np.median(split, axis=(0, 1)))
    return np.maximum(_plain_r_hat(_rank_normalise(split)), _plain_r_hat(_rank_normalise(spread)))


def ebfmi(energy: Array) -> Array:
    """Energy Bayesian fraction of missing information of each chain; `energy` has shape (chain, draw)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.square(np.diff(energy, axis=1)).mean(axis=1) / energy.var(axis=1)


def _split(draws: Array) -> Array:
    """Two half chains of each; an odd draw in the middle is left out."""
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, draws.shape[1] - half :]])


def _rank_normalise(draws: Array) -> Array:
    """Normal scores of the ranks among all chains; ties share their mean rank."""
    chains, length, parameters = draws.shape
    total = chains * length
    flat = draws.reshape(total, parameters).T
    order = np.argsort(flat, axis=1)
    ordered = np.take_along_axis(flat, order, axis=1)
    position = np.arange(total)
    new = np.ones(ordered.shape, bool)
    new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    last = np.ones(ordered.shape, bool)
    last[:, :-1] = new[:, 1:]
    lowest = np.maximum.accumulate(np.where(new, position, 0), axis=1)
    highest = np.minimum.accumulate(np.where(last, position, total)[:, ::-1], axis=1)[:, ::-1]
    scores = np.empty(flat.shape)
    np.put_along_axis(scores, order, _normal_scores(total)[lowest + highest], axis=1)  # twice the mean rank
    scores[~np.isfinite(flat).all(axis=1)] = np.nan
    return scores.T.reshape(chains, length, parameters)


@lru_cache(maxsize=8)
def _normal_scores(total: int) -> Array:
    """The score of every multiple of half a rank, counted from 0 (Blom 1958)."""
    quantile = NormalDist().inv_cdf
    return np.array([quantile((0.5 * twice + 1.0 - 0.375) / (total + 0.25)) for twice in range(2 * total - 1)])


def _plain_r_hat(draws: Array) -> Array:
    length = draws.shape[1]
    if length < 2:
        return np.full(draws.shape[2], np.nan)
    between = length * draws.mean(axis=1).var(axis=0, ddof=1)
    within = draws.var(axis=1, ddof=1).mean(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sqrt((between / within + length - 1) / length)


def _ess(draws: Array) -> Array:
    """Effective size by Geyer's initial monotone sequence over all chains together."""
    chains, length, parameters = draws.shape
    total = chains * length
    if length < FEWEST_DRAWS:
        return np.full(parameters, np.nan)
    covariance = _autocovariance(draws)
    within = covariance[0] * length / (length - 1)
    variance = within * (length - 1) / length
    if chains > 1:
        variance = variance + draws.mean(axis=1).var(axis=0, ddof=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = 1.0 - (within - covariance) / variance
    correlation[0] = 1.0
    # Sums of neighbours at even lags are positive and decrease; beyond the first that is not there is only noise.
    computed = max(1, (length - 2) // 2)
    even, odd = correlation[0 : 2 * computed : 2], correlation[1 : 2 * computed : 2]
    pairs = even + odd
    noise = np.vstack([pairs[:-1] <= 0.0, np.ones((1, parameters), bool)])
    end = noise.argmax(axis=0)  # the pair at which the sequence stops
    counted = np.arange(computed)[:, None] < end
    sums = np.where(counted, np.minimum.accumulate(np.where(counted, pairs, np.inf), axis=0), 0.0).sum(axis=0)
    at_end = np.take_along_axis(even, end[None], axis=0)[0]
    stored = (at_end > 0.0) | (np.take_along_axis(pairs, end[None], axis=0)[0] >= 0.0)
    time = -1.0 + 2.0 * sums + np.where(stored, at_end, 0.0)
    size = total / np.maximum(time, 1.0 / np.log10(total))
    constant = np.ptp(draws, axis=(0, 1)) < np.finfo(np.float64).resolution
    size = np.where(constant, float(total), size)
    return np.where(np.isfinite(draws).all(axis=(0, 1)), size, np.nan)


def _autocovariance(draws: Array) -> Array:
    """Mean over the chains of the (biased) autocovariances; shape (lag, parameter)."""
    length = draws.shape[1]
    padded = 1 << (2 * length - 1).bit_length()
    spectrum = np.fft.rfft(draws - draws.mean(axis=1, keepdims=True), padded, axis=1)
    power = (spectrum.real**2 + spectrum.imag**2).mean(axis=0)
    return np.fft.irfft(power, padded, axis=0)[:length] / length
