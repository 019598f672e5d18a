"""The regularised incomplete beta function I_x(a, b) on the log scale, with its derivatives.

Every function takes x and its complement 1 - x, so that neither end of the interval loses digits. The
continued fraction converges on the left of the mean; on its right I_x(a, b) = 1 - I_(1-x)(b, a).
DLMF 8.17.22.
"""

from __future__ import annotations

import math

from .gamma import EPSILON, STIRLING_FROM, digamma, log1mexp, stirling_error


def log_beta(a, b):
    """log of the beta function, without cancellation for large arguments."""
    small, large = min(a, b), max(a, b)
    if large < STIRLING_FROM:
        return math.lgamma(small) + math.lgamma(large) - math.lgamma(small + large)
    n = small + large
    correction = stirling_error(large) - stirling_error(n)
    if small < STIRLING_FROM:
        drop = small * (1 - math.log(n)) + (large - 0.5) * math.log1p(-small / n)
        return math.lgamma(small) + drop + correction
    main = (small - 0.5) * math.log(small / n) + large * math.log1p(-small / n) - 0.5 * math.log(large)
    return main + 0.5 * math.log(2 * math.pi) + stirling_error(small) + correction


def log_share(x, complement):
    """log(x), of which the complement knows more digits where x is near one."""
    return math.log1p(-complement) if complement < 0.5 else math.log(x)


def log_beta_weight(a, b, x, complement):
    """log(x^a (1 - x)^b / B(a, b)), without cancellation near the mean for large a and b."""
    if min(a, b) < STIRLING_FROM:
        return a * log_share(x, complement) + b * log_share(complement, x) - log_beta(a, b)
    excess = x * b - complement * a  # zero at the mean
    n = a + b
    correction = stirling_error(n) - stirling_error(a) - stirling_error(b)
    peak = 0.5 * (math.log(a) + math.log(b) - math.log(n) - math.log(2 * math.pi)) + correction
    left = math.log(x * n / a) if excess < -0.5 * a else math.log1p(excess / a)
    right = math.log(complement * n / b) if excess > 0.5 * b else math.log1p(-excess / b)
    return a * left + b * right + peak


def fraction_term(k, a, b, x):
    """The k-th partial numerator of the continued fraction and its derivatives in a and b."""
    m = k // 2
    if k % 2:
        value = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        both = value / (a + b + m)
        return value, both + value * (1 / (a + m) - 1 / (a + 2 * m) - 1 / (a + 2 * m + 1)), both
    scale = m * x / ((a + 2 * m - 1) * (a + 2 * m))
    value = scale * (b - m)
    return value, -value * (1 / (a + 2 * m - 1) + 1 / (a + 2 * m)), scale


def left_fraction(a, b, x, complement):
    """(log I, its derivatives in a, b and x) from I = weight / (a (1 + t1 / (1 + t2 / (1 + ...))))."""
    depth, ratio, previous = 0, 1.0, 1.0
    while abs(ratio) > EPSILON and depth < 100_000:  # how deep until the tail no longer matters
        depth += 1
        term, _, term_b = fraction_term(depth, a, b, x)
        current = 1 + term / previous
        ratio *= max(abs(term), abs(term_b)) / (previous * current)  # a term may be zero where its derivative is not
        previous = current
    tail, in_a, in_b = 0.0, 0.0, 0.0
    for k in range(depth, 0, -1):
        term, term_a, term_b = fraction_term(k, a, b, x)
        denominator = 1 + tail
        tail = term / denominator
        in_a = (term_a - tail * in_a) / denominator
        in_b = (term_b - tail * in_b) / denominator
    whole = digamma(a + b)
    log_value = log_beta_weight(a, b, x, complement) - math.log(a * (1 + tail))
    slope_a = log_share(x, complement) - digamma(a) + whole - 1 / a - in_a / (1 + tail)
    slope_b = log_share(complement, x) - digamma(b) + whole - in_b / (1 + tail)
    return log_value, slope_a, slope_b, a * (1 + tail) / (x * complement)


def incomplete_beta(a, b, x, complement):
    """(log I, its derivatives in a, b and x) for a, b > 0 and 0 <= x <= 1; nan elsewhere.

    The complement moves along with x. At the ends nothing depends on anything, but for the slope in x at 1 where the
    density is finite and positive there: where b is 1.
    """
    if not (a > 0 and b > 0 and x >= 0 and complement >= 0 and a + b < math.inf):
        return math.nan, math.nan, math.nan, math.nan
    if x == 0:
        return -math.inf, 0.0, 0.0, 0.0
    if complement == 0:
        return 0.0, 0.0, 0.0, a if b == 1 else 0.0
    if x * (a + b + 2) < a + 1:
        log_value, slope_a, slope_b, slope_x = left_fraction(a, b, x, complement)
        return min(log_value, 0.0), slope_a, slope_b, slope_x
    log_rest, rest_b, rest_a, rest_x = left_fraction(b, a, complement, x)
    log_value = log1mexp(log_rest)
    odds = math.exp(log_rest - log_value) if log_value > -math.inf else 0.0
    return log_value, -odds * rest_a, -odds * rest_b, odds * rest_x


def log_inc_beta(a, b, x, complement):
    return incomplete_beta(a, b, x, complement)[0]


def log_inc_beta_a(a, b, x, complement):
    return incomplete_beta(a, b, x, complement)[1]


def log_inc_beta_b(a, b, x, complement):
    return incomplete_beta(a, b, x, complement)[2]


def log_inc_beta_x(a, b, x, complement):
    return incomplete_beta(a, b, x, complement)[3]


def inc_beta(a, b, x, complement):
    return math.exp(incomplete_beta(a, b, x, complement)[0])


def inc_beta_a(a, b, x, complement):
    log_value, slope, _, _ = incomplete_beta(a, b, x, complement)
    return math.exp(log_value) * slope


def inc_beta_b(a, b, x, complement):
    log_value, _, slope, _ = incomplete_beta(a, b, x, complement)
    return math.exp(log_value) * slope


def inc_beta_x(a, b, x, complement):
    """The density of beta(a, b) at x."""
    if not (a > 0 and b > 0 and x >= 0 and complement >= 0 and a + b < math.inf):
        return math.nan
    if x == 0:
        return b if a == 1 else 0.0 if a > 1 else math.inf
    if complement == 0:
        return a if b == 1 else 0.0 if b > 1 else math.inf
    return math.exp(log_beta_weight(a, b, x, complement) - log_share(x, complement) - log_share(complement, x))


def zero(a, b, x, complement):
    return 0.0
