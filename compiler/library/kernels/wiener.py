"""The first-passage density of a standard Wiener process at one end of the unit interval.

f(u, w) is the density of the time u at which a process started at w leaves (0, 1) at 0. Two series describe
it, one that converges fast for short times and one for long ones; both, and their derivatives, are summed to
double precision with the leading exponential taken out, so that the logarithm never underflows.
Navarro and Fuss 2009, Journal of Mathematical Psychology 53, equations 5 and 6.
"""

from __future__ import annotations

import math

LONG = 0.3  # from this time on the series in eigenfunctions is the shorter one
REFLECTIONS = 6  # images on each side that matter below LONG: exp(-2 * 36 / 0.3) is below 1e-100
MODES = 10  # eigenfunctions that matter above LONG: exp(-50 * 0.3 pi^2) is below 1e-60


def short_series(u, w):
    """Sums over k of x, x^3 and 1 - x^2 / u, each times exp((w^2 - x^2) / (2 u)), where x = w + 2 k."""
    total, cubes, slope = 0.0, 0.0, 0.0
    for k in range(-REFLECTIONS, REFLECTIONS + 1):
        x = w + 2 * k
        weight = math.exp(-2 * k * (k + w) / u)
        total += weight * x
        cubes += weight * x * x * x
        slope += weight * (1 - x * x / u)
    return total, cubes, slope


def long_series(u, w):
    """Sums over k of k sin, k^3 sin and k^2 cos of k pi w, each times exp((1 - k^2) pi^2 u / 2)."""
    total, cubes, slope = 0.0, 0.0, 0.0
    for k in range(1, MODES + 1):
        weight = k * math.exp((1 - k * k) * math.pi * math.pi * u / 2)
        sine = weight * math.sin(k * math.pi * w)
        total += sine
        cubes += k * k * sine
        slope += k * weight * math.cos(k * math.pi * w)
    return total, cubes, slope


def log_first_passage(u, w):
    """log f(u, w), for 0 < w < 1; -inf before the start."""
    if not u > 0:
        return math.nan if math.isnan(u) else -math.inf
    if u < LONG:
        total = short_series(u, w)[0]
        return math.log(total) - w * w / (2 * u) - 1.5 * math.log(u) - 0.5 * math.log(2 * math.pi)
    return math.log(math.pi * long_series(u, w)[0]) - math.pi * math.pi * u / 2


def log_first_passage_u(u, w):
    if not u > 0:
        return 0.0
    if u < LONG:
        total, cubes, _ = short_series(u, w)
        return cubes / (2 * u * u * total) - 1.5 / u
    total, cubes, _ = long_series(u, w)
    return -math.pi * math.pi / 2 * cubes / total


def log_first_passage_w(u, w):
    if not u > 0:
        return 0.0
    if u < LONG:
        total, _, slope = short_series(u, w)
        return slope / total
    total, _, slope = long_series(u, w)
    return math.pi * slope / total
