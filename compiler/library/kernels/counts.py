"""Ratios of gamma functions and tails of counting distributions, exact where the terms nearly cancel."""

from __future__ import annotations

import math

from .gamma import STIRLING_FROM, digamma, digamma_remainder, stirling_error


def log_rising_ratio(a, n):
    """log(gamma(a + n) / gamma(a)) - n log(a), which vanishes as a grows: the excess of a (a + 1) ... over a^n."""
    if a < STIRLING_FROM:
        return math.lgamma(a + n) - math.lgamma(a) - n * math.log(a)
    return (a + n - 0.5) * math.log1p(n / a) - n + stirling_error(a + n) - stirling_error(a)


def log_rising_ratio_a(a, n):
    """Its derivative in a: digamma(a + n) - digamma(a) - n / a."""
    if a < STIRLING_FROM:
        return digamma(a + n) - digamma(a) - n / a
    return math.log1p(n / a) - n / a + digamma_remainder(a + n) - digamma_remainder(a)


def log_rising_ratio_n(a, n):
    return digamma(a + n) - math.log(a)
