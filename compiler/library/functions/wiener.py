"""First-passage times whose drift, start and delay vary from trial to trial, and their cumulative functions.

The drift varies normally (its standard deviation is `var_delta`), which is integrated out in closed form; the
start varies uniformly over `var_beta` of the distance and the delay uniformly over `var_tau`, which is done by
Gauss-Legendre quadrature, as is the time below (above) which the cumulative functions count. The rules are fine
enough for any precision that Stan lets one ask for, so the precision argument has no effect.
Henrich, Hartmann, Pratz, Voss and Klauer 2024, Behavior Research Methods 56; the density with constant
parameters is `distributions/wiener.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from ..definitions import Function, Tensor
from ..graph import np, pt
from ..kernels.quadrature import NODES, WEIGHTS
from ..special import log_first_passage

NEGLIGIBLE = 45.0  # exponentials of minus this do not count


def _rule(panels: int) -> tuple[Tensor, Tensor]:
    """Points in (0, 1) and log weights of Gauss-Legendre quadrature on equal panels."""
    nodes = np.array([*(-x for x in reversed(NODES)), *NODES])
    weights = np.array([*reversed(WEIGHTS), *WEIGHTS])
    points = (np.arange(panels)[:, None] + (nodes + 1) / 2) / panels
    return points.ravel(), np.log(np.tile(weights / (2 * panels), panels))


def _log_density(time: Tensor, alpha: Tensor, start: Tensor, drift: Tensor, spread: Tensor) -> Tensor:
    """Log density of reaching the upper boundary after `time`, for a normally varying drift."""
    distance = alpha * (1 - start)
    scale = 1 + spread**2 * time
    exponent = ((spread * distance) ** 2 + 2 * drift * distance - drift**2 * time) / (2 * scale)
    return exponent - 0.5 * pt.log(scale) + log_first_passage(time / alpha**2, 1 - start) - 2 * pt.log(alpha)


def _log_cdf(time: Tensor, alpha: Tensor, start: Tensor, drift: Tensor, spread: Tensor) -> Tensor:
    """Log probability of reaching the upper boundary before `time`: quadrature in the logarithm of time."""
    ratio = time / (alpha * (1 - start)) ** 2
    return _integral(time, -pt.log1p(2 * NEGLIGIBLE * ratio), alpha, start, drift, spread)


def _log_ccdf(time: Tensor, alpha: Tensor, start: Tensor, drift: Tensor, spread: Tensor) -> Tensor:
    """Log probability of reaching the upper boundary after `time`."""
    longest = 2 * NEGLIGIBLE * (alpha / math.pi) ** 2
    return _integral(time, pt.log1p(longest / time), alpha, start, drift, spread)


def _integral(time: Tensor, log_ratio: Tensor, *process: Tensor) -> Tensor:
    """Log of the density's integral between time and time * exp(log_ratio)."""
    points, log_weights = _rule(4)
    log_ratio = log_ratio[..., None]
    moments = time[..., None] * pt.exp(log_ratio * points)
    terms = _log_density(moments, *(x[..., None] for x in process)) + pt.log(moments) + log_weights
    return pt.logsumexp(terms, axis=-1) + pt.log(pt.abs(log_ratio[..., 0]))


def _mean_over_trials(
    log_value: Callable[..., Tensor], y: Tensor, alpha: Tensor, tau: Tensor, beta: Tensor, delta: Tensor,
    var_delta: Tensor, var_beta: Tensor | None, var_tau: Tensor | None, late: bool
) -> Tensor:  # fmt: skip
    """Log of the mean of exp(log_value) over starts and delays; `late` where a time not yet begun counts fully."""
    y, alpha, tau, beta, delta, var_delta = (pt.cast(x, "float64") for x in (y, alpha, tau, beta, delta, var_delta))
    time = y - tau
    begun = pt.gt(time, 0)
    time = pt.switch(begun, time, 1.0)
    if var_beta is None or var_tau is None:
        value = log_value(time, alpha, beta, delta, var_delta)
    else:
        var_beta, var_tau = pt.cast(var_beta, "float64"), pt.cast(var_tau, "float64")
        delays, log_delay_weights = _rule(2)
        starts, log_start_weights = _rule(1)
        share = pt.minimum(var_tau, time)
        fraction = share / pt.switch(pt.gt(var_tau, 0), var_tau, 1.0)
        inner = log_value(
            time[..., None, None] - share[..., None, None] * delays[:, None],
            alpha[..., None, None] + pt.zeros((len(delays), len(starts))),
            beta[..., None, None] + var_beta[..., None, None] * (starts - 0.5),
            delta[..., None, None],
            var_delta[..., None, None],
        )
        value = pt.logsumexp(inner + log_delay_weights[:, None] + log_start_weights, axis=(-2, -1))
        value = value + pt.switch(pt.gt(var_tau, 0), pt.log(fraction), 0.0)
    return pt.switch(begun, value, float("-inf"))
