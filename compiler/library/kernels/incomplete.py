"""The regularised incomplete gamma functions themselves, from their logarithms, with derivatives."""

from __future__ import annotations

import math

from .gamma import log_p, log_p_shape, log_q


def gamma_p(a, x):
    return math.exp(log_p(a, x))


def gamma_q(a, x):
    return math.exp(log_q(a, x))


def gamma_p_a(a, x):
    value = gamma_p(a, x)
    return value * log_p_shape(a, x) if 0 < value < 1 else 0.0


def gamma_p_x(a, x):
    """The density of gamma(a, 1) at x."""
    if x == 0:
        return 0.0 if a > 1 else (1.0 if a == 1 else math.inf)
    return math.exp((a - 1) * math.log(x) - x - math.lgamma(a)) if x < math.inf else 0.0


def gamma_q_a(a, x):
    return -gamma_p_a(a, x)


def gamma_q_x(a, x):
    return -gamma_p_x(a, x)
