"""The ratio of two gamma functions, exact also where their arguments are close to each other."""

from __future__ import annotations

import math

from .gamma import STIRLING_FROM, digamma, stirling_curvature, stirling_error, stirling_slope

CLOSE = 1e-5  # differences of slowly changing functions are better taken from the slope in the middle


def log_gamma_ratio(x, n):
    """log(gamma(x + n) / gamma(x)): both arguments are raised until Stirling's formula holds."""
    if not (x > 0 and x + n > 0 and x + abs(n) < math.inf):
        return math.lgamma(x + n) - math.lgamma(x)
    raised = 0.0
    while x < STIRLING_FROM or x + n < STIRLING_FROM:
        raised += math.log1p(n / x)
        x += 1
    return (x + n - 0.5) * math.log1p(n / x) + n * (math.log(x) - 1) + _error_rise(x, n) - raised


def _error_rise(x, n):
    """stirling_error(x + n) - stirling_error(x), of which 1 / (12 x) is by far the largest part."""
    if abs(n) < 100 * CLOSE:
        middle = x + 0.5 * n
        rest = n * (stirling_slope(middle) + 1 / (12 * middle * middle))
    else:
        rest = (stirling_error(x + n) - 1 / (12 * (x + n))) - (stirling_error(x) - 1 / (12 * x))
    return rest - n / (12 * x * (x + n))


def digamma_rise(x, n):
    """digamma(x + n) - digamma(x), the derivative of the former by x."""
    if not (x > 0 and x + n > 0 and x + abs(n) < math.inf):
        return digamma(x + n) - digamma(x)
    raised = 0.0
    while x < STIRLING_FROM or x + n < STIRLING_FROM:
        raised += n / (x * (x + n))
        x += 1
    rest = n * stirling_curvature(x + 0.5 * n) if abs(n) < CLOSE else stirling_slope(x + n) - stirling_slope(x)
    return math.log1p(n / x) + 0.5 * n / (x * (x + n)) + rest + raised


def half_step(x):
    """log(gamma(x + 1/2) / (gamma(x) sqrt(x))), which vanishes as x grows.

    Ten steps up, where x is below 10, an asymptotic series holds (DLMF 5.11.8). There are no branches, so that loops
    become SIMD code.
    """
    start = min(x, STIRLING_FROM)
    above = start + 10
    steps, raised = 1.0, 1.0
    for k in range(10):
        steps *= start + k
        raised *= start + k + 0.5
    rise = math.log(steps / raised * math.sqrt(above) / math.sqrt(start))
    small = x < STIRLING_FROM
    large = above if small else x
    s = 1 / (large * large)
    tail = 1 / 640 - s * (17 / 14336 - s * (31 / 18432 - s * (691 / 180224 - s * 5461 / 425984)))
    series = -(1 / 8 - s * (1 / 192 - s * tail)) / large
    return rise + series if small else series


def half_step_slope(x):
    start = min(x, STIRLING_FROM)
    above = start + 10
    rise = 0.0
    for k in range(10):
        rise += 0.5 / ((start + k) * (start + k + 0.5))
    rise -= 5 / (start * above)
    small = x < STIRLING_FROM
    large = above if small else x
    s = 1 / (large * large)
    tail = 1 / 128 - s * (17 / 2048 - s * (31 / 2048 - s * (691 / 16384 - s * 5461 / 32768)))
    series = s * (1 / 8 - s * (1 / 64 - s * tail))
    return rise + series if small else series
