"""The probability that one beta variable is below another, independent one, exact in both tails.

In the log odds u of the second variable it is the integral of a density times a cdf, which is log-concave. The
trapezoidal rule over t, where u = center + scale * sinh(t), converges exponentially: half the step squares the error.
Takahasi and Mori 1974, Double exponential formulas for numerical integration.
"""

from __future__ import annotations

import math

from ..graph import np
from .beta import digamma_gain, incomplete_beta, log_beta, log_beta_weight
from .gamma import digamma, rest_of

NEGLIGIBLE = 1e-18
CONVERGED = 1e-10  # of two steps; the error of the second is the square of this
FINEST = 1 / 256
VALUE, BY_A, BY_B, BY_C, BY_D = range(5)  # of the sums


def log_less(a, b, c, d):
    """log P(X < Y) and its derivatives in a, b, c, d, for X ~ beta(a, b) and Y ~ beta(c, d)."""
    if log_odds_variance(a, b) >= log_odds_variance(c, d):
        return integral(a, b, c, d)
    value, in_d, in_c, in_b, in_a = integral(d, c, b, a)  # the integral is over the narrower: P(1 - Y < 1 - X)
    return value, in_a, in_b, in_c, in_d


def log_odds_variance(a, b):
    """Nearly: trigamma(a) + trigamma(b)."""
    return (1 + 1 / a) / a + (1 + 1 / b) / b


def integral(a, b, c, d):
    """`log_less` as an integral over Y."""
    left, right = (a + c, b + d) if a * d > c * b else (c, d)  # where X is usually above, they meet in between
    left, right = max(left, 1.0), max(right, 1.0)
    center, scale = math.log(left / right), math.sqrt(1 / left + 1 / right)
    sums = np.zeros(5)
    top = log_term(center, a, b, c, d)[0]
    add_points(sums, 0.0, 0.5, 1.0, center, scale, top, a, b, c, d)
    add_points(sums, -0.5, 0.5, -1.0, center, scale, top, a, b, c, d)
    step, before = 0.5, 0.0
    while abs(sums[VALUE] * step - before) > CONVERGED * before and step > FINEST:
        before = sums[VALUE] * step
        add_points(sums, 0.5 * step, step, 1.0, center, scale, top, a, b, c, d)
        add_points(sums, -0.5 * step, step, -1.0, center, scale, top, a, b, c, d)
        step *= 0.5
    total = sums[VALUE]
    return (
        top + math.log(total * step * scale),
        sums[BY_A] / total,
        sums[BY_B] / total,
        sums[BY_C] / total + digamma_gain(c, d),
        sums[BY_D] / total + digamma_gain(d, c),
    )


def add_points(sums, first, step, direction, center, scale, top, a, b, c, d):
    """Add the terms at first, first + direction * step, ... until they no longer count."""
    t, previous, counts = first, 0.0, True
    while counts:
        u = center + scale * math.sinh(t)
        log_value, in_a, in_b = log_term(u, a, b, c, d)
        term = math.exp(log_value - top) * math.cosh(t)
        sums[VALUE] += term
        sums[BY_A] += term * in_a
        sums[BY_B] += term * in_b
        sums[BY_C] += term * log_sigmoid(u)
        sums[BY_D] += term * log_sigmoid(-u)
        counts = (term > previous or term * (1 + abs(u)) > NEGLIGIBLE * sums[VALUE]) and abs(t) < 60
        previous = term
        t += direction * step


def log_term(u, a, b, c, d):
    """log of the density of log odds u of Y times the probability of X below, and derivatives of the latter's log."""
    far = 42.0 + math.log(1 + a + b + c + d)
    if abs(u) > far:  # powers of exp(-|u|), which may underflow itself
        whole = digamma(a + b)
        if u < 0:
            value = (a + c) * u - math.log(a) - log_beta(a, b) - log_beta(c, d)
            return value, u - 1 / a - digamma(a) + whole, whole - digamma(b)
        log_rest = -b * u - math.log(b) - log_beta(a, b)
        log_value, odds = rest_of(log_rest)
        value = log_value - d * u - log_beta(c, d)
        return value, odds * (digamma(a) - whole), odds * (u + 1 / b + digamma(b) - whole)
    x, complement = 1 / (1 + math.exp(-u)), 1 / (1 + math.exp(u))
    value, in_a, in_b, _ = incomplete_beta(a, b, x, complement)
    return value + log_beta_weight(c, d, x, complement), in_a, in_b


def log_sigmoid(u):
    return -math.log1p(math.exp(-u)) if u > 0 else u - math.log1p(math.exp(u))
