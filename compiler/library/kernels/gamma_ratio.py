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
