"""Ratios of gamma functions and tails of counting distributions, exact where the terms nearly cancel."""

from __future__ import annotations

import math

from .beta import digamma_gain, log_beta
from .beta_order import log_less
from .gamma import STIRLING_FROM, digamma, digamma_remainder, rest_of, stirling_error


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


# Tails of compound counts: sums of terms whose ratio is rational in k ------------------------------


def beta_binomial_log_pmf(n, trials, a, b):
    """In terms of a (a + 1) ..., b (b + 1) ... over (a + b) (a + b + 1) ...: beta functions of large a and b cancel."""
    inner = 0 < n < trials
    choose = -math.log(trials + 1) - log_beta(trials - n + 1, n + 1) if inner else 0.0
    shares = -times_log1p_ratio(n, b, a) - times_log1p_ratio(trials - n, a, b)
    return choose + shares + rising_excess(a, n) + rising_excess(b, trials - n) - rising_excess(a + b, trials)


def times_log1p_ratio(n, x, y):
    """n log(1 + x / y), where x / y may overflow."""
    if n == 0:
        return 0.0
    return n * (math.log1p(x / y) if x < 1e300 * y else math.log(x) - math.log(y))


def rising_excess(a, n):
    """`log_rising_ratio` without its rounding, which is that of n, where it is small: log(1 + k / a), summed."""
    if n > 1e-5 * a:
        return log_rising_ratio(a, n)
    first = 0.5 * n * (n - 1)
    return (first - (first * (2 * n - 1) / 6 - first * first / (3 * a)) / a) / a


def beta_binomial_lower(n, trials, a, b):
    """(log, derivative of the log in a, in b) of P(at most n), summed downwards from n."""
    score_a = digamma_gain(a, n) - digamma_gain(a + b, trials)
    score_b = digamma_gain(b, trials - n) - digamma_gain(a + b, trials)
    total, slope_a, slope_b, term = 0.0, 0.0, 0.0, 1.0
    k = n
    while True:
        total += term
        slope_a += term * score_a
        slope_b += term * score_b
        if k == 0:
            break
        term *= k * (trials - k + b) / ((trials - k + 1) * (k - 1 + a))
        score_a -= 1 / (k - 1 + a)
        score_b += 1 / (trials - k + b)
        k -= 1
    return beta_binomial_log_pmf(n, trials, a, b) + math.log(total), slope_a / total, slope_b / total


def beta_binomial_tail(n, trials, a, b):
    """(log, derivative of the log in a, in b) of P(at most n), from the shorter side of the mean."""
    if n < 0:
        return -math.inf, 0.0, 0.0
    if n >= trials:
        return 0.0, 0.0, 0.0
    if n <= trials * (a / (a + b)):
        return beta_binomial_lower(n, trials, a, b)
    log_rest, rest_b, rest_a = beta_binomial_lower(trials - n - 1, trials, b, a)
    log_value, odds = rest_of(log_rest)
    return log_value, -odds * rest_a, -odds * rest_b


def beta_binomial_log_cdf(n, trials, a, b):
    return beta_binomial_tail(n, trials, a, b)[0]


def beta_binomial_log_cdf_a(n, trials, a, b):
    return beta_binomial_tail(n, trials, a, b)[1]


def beta_binomial_log_cdf_b(n, trials, a, b):
    return beta_binomial_tail(n, trials, a, b)[2]


def no_slope(n, trials, a, b):
    """Integers have no derivative."""
    return 0.0


FEW = 300  # terms that are summed; the integral over two beta variables does the rest
ALMOST_ALL = -0.01  # the logarithm from which the other tail is computed


def beta_neg_binomial_sum(n, r, a, b):
    """(log, derivatives of the log in r, a, b) of P(at most n), summed downwards from n."""
    log_pmf = log_beta(n + r, a + b) - log_beta(r, a) - log_beta(n + 1, b) - math.log(n + b)
    score_r = digamma_gain(r, a) - digamma_gain(n + r, a + b)
    score_a = digamma_gain(a, r) - digamma_gain(a + b, n + r)
    score_b = digamma_gain(b, n) - digamma_gain(a + b, n + r)
    total, slope_r, slope_a, slope_b, term = 0.0, 0.0, 0.0, 0.0, 1.0
    k = n
    while True:
        total += term
        slope_r += term * score_r
        slope_a += term * score_a
        slope_b += term * score_b
        if k == 0:
            break
        k -= 1
        term *= (k + 1) * (k + r + a + b) / ((k + r) * (k + b))
        score_r += 1 / (k + r + a + b) - 1 / (k + r)
        score_a += 1 / (k + r + a + b)
        score_b += 1 / (k + r + a + b) - 1 / (k + b)
    return log_pmf + math.log(total), slope_r / total, slope_a / total, slope_b / total


def beta_neg_binomial_lower(n, r, a, b):
    """The same; P(at most n) is that of beta(r, n + 1) below beta(a, b)."""
    if n <= FEW:
        return beta_neg_binomial_sum(n, r, a, b)
    value, in_r, _, in_a, in_b = log_less(r, n + 1.0, a, b)
    return value, in_r, in_a, in_b


def beta_neg_binomial_upper(n, r, a, b):
    """The same of P(more than n)."""
    value, in_a, in_b, in_r, _ = log_less(a, b, r, n + 1.0)
    return value, in_r, in_a, in_b


def complement(log_value, in_r, in_a, in_b):
    log_rest, odds = rest_of(log_value)
    return log_rest, -odds * in_r, -odds * in_a, -odds * in_b


def beta_neg_binomial_tail(upper, n, r, a, b):
    """One of the two, from the other where that is the smaller one by far."""
    if not (r > 0 and a > 0 and b > 0 and r + a + b < math.inf):
        return math.nan, math.nan, math.nan, math.nan
    if n < 0:
        return (0.0 if upper else -math.inf), 0.0, 0.0, 0.0
    value, in_r, in_a, in_b = beta_neg_binomial_lower(n, r, a, b)
    if value > ALMOST_ALL:
        value, in_r, in_a, in_b = beta_neg_binomial_upper(n, r, a, b)
        return (value, in_r, in_a, in_b) if upper else complement(value, in_r, in_a, in_b)
    return complement(value, in_r, in_a, in_b) if upper else (value, in_r, in_a, in_b)


def beta_neg_binomial_log_cdf(n, r, a, b):
    return beta_neg_binomial_tail(False, n, r, a, b)[0]


def beta_neg_binomial_log_cdf_r(n, r, a, b):
    return beta_neg_binomial_tail(False, n, r, a, b)[1]


def beta_neg_binomial_log_cdf_a(n, r, a, b):
    return beta_neg_binomial_tail(False, n, r, a, b)[2]


def beta_neg_binomial_log_cdf_b(n, r, a, b):
    return beta_neg_binomial_tail(False, n, r, a, b)[3]


def beta_neg_binomial_log_ccdf(n, r, a, b):
    return beta_neg_binomial_tail(True, n, r, a, b)[0]


def beta_neg_binomial_log_ccdf_r(n, r, a, b):
    return beta_neg_binomial_tail(True, n, r, a, b)[1]


def beta_neg_binomial_log_ccdf_a(n, r, a, b):
    return beta_neg_binomial_tail(True, n, r, a, b)[2]


def beta_neg_binomial_log_ccdf_b(n, r, a, b):
    return beta_neg_binomial_tail(True, n, r, a, b)[3]
