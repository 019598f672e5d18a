"""The standard normal cdf on the log scale, and its hazard, exact in both tails."""

from __future__ import annotations

import math

FAR = -15.0  # below it ten terms of the asymptotic series of the tail are exact to double precision


def tail_series(x):
    """The upper tail over density / x, for large x: 1 - 1/x^2 + 3/x^4 - 15/x^6 + ... (DLMF 7.12.1)."""
    return 1 + tail_excess(x)


def tail_excess(x):
    """The series without its leading one."""
    s = 1 / (x * x)
    total, term = 0.0, 1.0
    for k in range(1, 11):
        term *= -(2 * k - 1) * s
        total += term
    return total


def log_ndtr(x):
    """log P(Z <= x) for a standard normal Z."""
    if x < FAR:
        if x == -math.inf:
            return -math.inf
        return -0.5 * x * x - math.log(-x) - 0.5 * math.log(2 * math.pi) + math.log(tail_series(x))
    if x > 0:
        return math.log1p(-0.5 * math.erfc(x / math.sqrt(2)))
    return math.log(0.5 * math.erfc(-x / math.sqrt(2)))


def log_tail_rest(x):
    """log P(Z > x), where x >= 0 without its main part -x^2 / 2."""
    if x < 0:
        return log_ndtr(-x)
    if x < -FAR:
        return log_ndtr(-x) + 0.5 * x * x
    return math.log(tail_series(x) / x) - 0.5 * math.log(2 * math.pi)


def log_tail_rest_slope(x):
    """Minus the hazard; where x >= 0, x less the hazard."""
    if x < 0:
        return -log_ndtr_slope(-x)
    if x < -FAR:
        return x - log_ndtr_slope(-x)
    return x * tail_excess(x) / tail_series(x)


def log_ndtr_slope(x):
    """Density over cdf: the derivative of log_ndtr."""
    if x == -math.inf:
        return 0.0  # the limit is infinite, but nothing depends on it: the cdf is zero there
    if x < FAR:
        return -x / tail_series(x)
    return math.exp(-0.5 * x * x) / (math.sqrt(2 * math.pi) * 0.5 * math.erfc(-x / math.sqrt(2)))
