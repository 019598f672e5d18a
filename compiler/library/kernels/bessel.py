"""log of the modified Bessel function I0 with its growth taken out, and the slope I1 / I0 of the whole."""

from __future__ import annotations

import math

LARGE = 20.0  # from here on 20 terms of Hankel's expansion are exact to double precision


def power_series(order, x):
    """I_order(x) by its power series; order is 0 or 1."""
    total = power_sum(order, x)
    return total if order == 0 else total * x / 2


def power_sum(order, x):
    """I_order(x) over (x / 2)^order / order!, a series all of whose terms are positive (DLMF 10.25.2)."""
    quarter = 0.25 * x * x
    total = term = 1.0
    k = 0
    while term > 1e-17 * total:
        k += 1
        term *= quarter / (k * (k + order))
        total += term
    return total


def hankel_series(order, x):
    """sqrt(2 pi x) exp(-x) I_order(x) for large x (DLMF 10.40.1)."""
    total = term = 1.0
    for k in range(1, 21):
        term *= -(4 * order * order - (2 * k - 1) ** 2) / (8 * k * x)
        total += term
    return total


def log_i0_scaled(x):
    """log I0(x) - x for x >= 0, without cancellation."""
    if not x >= 0:
        return math.nan
    if x < LARGE:
        return math.log(power_series(0, x)) - x
    return math.log(hankel_series(0, x)) - 0.5 * math.log(2 * math.pi * x)


def log_i0_scaled_slope(x):
    return i1_over_i0(x) - 1


def i1_over_i0(x):
    """The mean resultant length of a von Mises variable, for x >= 0."""
    if not x >= 0:
        return math.nan
    if x < LARGE:
        return power_series(1, x) / power_series(0, x)
    return hankel_series(1, x) / hankel_series(0, x)
