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
from functools import partial

from ..definitions import Function, Tensor
from ..graph import np, pt
from ..kernels.quadrature import NODES, WEIGHTS
from ..special import log_first_passage

type Value = Callable[..., Tensor]

SUMMARIES = {
    "wiener_lpdf": "Log density of when a drifting process reaches the upper of two boundaries, in trials that vary.",
    "wiener_lcdf_unnorm": "Log probability of reaching the upper boundary by a time (the lower may come first).",
    "wiener_lccdf_unnorm": "Log probability of reaching the upper boundary after a time (the lower may come first).",
}
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
    """Log probability of reaching the upper boundary after `time`, which may be negative."""
    soonest = (alpha * (1 - start)) ** 2 / (2 * NEGLIGIBLE)  # before this nothing gets there
    longest = 2 * NEGLIGIBLE * (alpha / math.pi) ** 2  # after this nothing is left
    time = pt.maximum(time, soonest)
    return _integral(time, pt.log1p(longest / time), alpha, start, drift, spread)


def _integral(time: Tensor, log_ratio: Tensor, *process: Tensor) -> Tensor:
    """Log of the density's integral between `time` and time * exp(log_ratio)."""
    points, log_weights = _rule(4)
    log_ratio = log_ratio[..., None]
    moments = time[..., None] * pt.exp(log_ratio * points)
    terms = _log_density(moments, *(x[..., None] for x in process)) + pt.log(moments) + log_weights
    return pt.logsumexp(terms, axis=-1) + pt.log(pt.abs(log_ratio[..., 0]))


def _over_delays(value: Value, time: Tensor, var_tau: Tensor, begun_only: bool, *process: Tensor) -> Tensor:
    """Log mean of exp(value) over delays between 0 and `var_tau`; `begun_only`: later ones than `time` count zero."""
    share = pt.minimum(var_tau, time) if begun_only else var_tau
    delays, log_weights = _rule(2)
    terms = value(time[..., None] - share[..., None] * delays, *(x[..., None] for x in process)) + log_weights
    varies = pt.gt(var_tau, 0)
    log_fraction = pt.log(pt.switch(varies, share / pt.switch(varies, var_tau, 1.0), 1.0)) if begun_only else 0.0
    return pt.logsumexp(terms, axis=-1) + log_fraction


def _over_starts(value: Value, time: Tensor, alpha: Tensor, start: Tensor, *rest: Tensor) -> Tensor:
    """Log mean of exp(value) over starts within var_beta / 2, the last of `rest`."""
    *process, var_beta = (x[..., None] for x in rest)
    starts, log_weights = _rule(1)
    moved = start[..., None] + var_beta * (starts - 0.5)
    return pt.logsumexp(value(time[..., None], alpha[..., None], moved, *process) + log_weights, axis=-1)


def _define(name: str, value: Value, begun_only: bool, arities: tuple[int, ...]) -> list[Function]:
    """The overloads of `name` for numbers and vectors, with 5, 6 or 8 arguments and a precision after them."""

    def pointwise(count: int, arguments: Sequence[Tensor]) -> Tensor:
        y, alpha, tau, beta, delta, *variation = (pt.cast(x, "float64") for x in arguments[:count])
        time = y - tau
        begun = pt.gt(time, 0)
        if begun_only:
            time = pt.switch(begun, time, 1.0)
        spread = variation[0] if variation else pt.zeros_like(delta)
        if count == 8:
            over_starts = partial(_over_starts, value)
            result = _over_delays(over_starts, time, variation[2], begun_only, alpha, beta, delta, spread, variation[1])
        else:
            result = value(time, alpha, beta, delta, spread)
        return pt.switch(begun, result, -math.inf) if begun_only else result

    def overload(count: int, of: str) -> Function:
        def build(*arguments: Tensor) -> Tensor:
            terms = pointwise(count, arguments)
            return pt.sum(terms, axis=-1) if of == "vector" else terms

        several = ", ".join([of] * count)
        plain = (f"({several}) => real",) if count > 5 or name != "wiener_lpdf" else ()
        return Function(name, (*plain, f"({several}, data real) => real"), build, summary=SUMMARIES[name])

    return [overload(count, of) for count in arities for of in ("real", "vector")]


density = _define("wiener_lpdf", _log_density, True, (6, 8))
cumulative = _define("wiener_lcdf_unnorm", _log_cdf, True, (5, 8))
complementary = _define("wiener_lccdf_unnorm", _log_ccdf, False, (5, 8))
