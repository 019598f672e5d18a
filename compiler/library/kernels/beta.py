"""The regularised incomplete beta function I_x(a, b) on the log scale, with its derivatives.

Every function takes x and its complement 1 - x, so that neither end of the interval loses digits. The
continued fraction, of which every second convergent is taken, has no terms that nearly cancel on the left of the mean;
on its right I_x(a, b) = 1 - I_(1-x)(b, a). DLMF 8.17.22; Didonato and Morris 1992, Algorithm 708, equation 9.
"""

from __future__ import annotations

import math

from .gamma import EPSILON, STIRLING_FROM, TINY, mean_digamma, rest_of, stirling_error, stirling_slope


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
    return log_weight_with(a, b, x, complement, log_peak(a, b))


def log_peak(a, b):
    """The part of the weight that does not depend on x; for large a and b what is left at the mean."""
    if min(a, b) < STIRLING_FROM:
        return -log_beta(a, b)
    n = a + b
    correction = stirling_error(n) - stirling_error(a) - stirling_error(b)
    return 0.5 * (math.log(a) + math.log(b) - math.log(n) - math.log(2 * math.pi)) + correction


def log_weight_with(a, b, x, complement, peak):
    if min(a, b) < STIRLING_FROM:
        return a * log_share(x, complement) + b * log_share(complement, x) + peak
    excess = x * b - complement * a  # zero at the mean
    n = a + b
    left = math.log(x * n / a) if excess < -0.5 * a else math.log1p(excess / a)
    right = math.log(complement * n / b) if excess > 0.5 * b else math.log1p(-excess / b)
    return a * left + b * right + peak


def fraction_term(k, a, b, x, complement):
    """The k-th partial numerator and denominator of the continued fraction, and the derivatives of both in a and b."""
    distance = a * complement - b * x + 1 + k * (1 + complement)
    share = (a + k) / (a + 2 * k + 1)
    if k == 0:
        return 0.0, 0.0, 0.0, share * distance, distance / ((a + 1) * (a + 1)) + share * complement, -share * x
    root = x / (a + (2 * k - 1))
    left, right = a + (k - 1), a + b + (k - 1)  # a may be tiny
    scale = k * (b - k) * root
    upper = scale * root * left * right
    upper_a = scale * root * (right + left - 2 * left * right / (a + 2 * k - 1))
    upper_b = k * root * root * left * (a + 2 * b - 1)
    lower = k + scale + share * distance
    bend = (k + 1) * distance / ((a + 2 * k + 1) * (a + 2 * k + 1))
    return upper, upper_a, upper_b, lower, bend + share * complement - scale / (a + 2 * k - 1), k * root - share * x


def left_fraction(a, b, x, complement):
    """(log I, its derivatives in a, b and x) from I = weight / (lower0 + upper1 / (lower1 + upper2 / ...))."""
    _, _, _, previous, _, _ = fraction_term(0, a, b, x, complement)
    depth, ratio = 0, 1.0
    while abs(ratio) > EPSILON and depth < 100_000:  # how deep until the tail no longer matters
        depth += 1
        upper, _, upper_b, lower, _, _ = fraction_term(depth, a, b, x, complement)
        current = lower + upper / previous
        ratio *= max(abs(upper), abs(upper_b)) / (previous * current)  # may be zero where its derivative is not
        previous = current
    tail, in_a, in_b = 0.0, 0.0, 0.0
    for k in range(depth, 0, -1):
        upper, upper_a, upper_b, lower, lower_a, lower_b = fraction_term(k, a, b, x, complement)
        denominator = lower + tail
        tail = upper / denominator
        in_a = (upper_a - tail * (lower_a + in_a)) / denominator
        in_b = (upper_b - tail * (lower_b + in_b)) / denominator
    _, _, _, lower, lower_a, lower_b = fraction_term(0, a, b, x, complement)
    whole = lower + tail
    log_value = log_beta_weight(a, b, x, complement) - math.log(whole)
    slope_a = log_share(x, complement) + digamma_gain(a, b) - (lower_a + in_a) / whole
    slope_b = log_share(complement, x) + digamma_gain(b, a) - (lower_b + in_b) / whole
    return log_value, slope_a, slope_b, whole / (x * complement)


def digamma_gain(a, n):
    """digamma(a + n) - digamma(a)."""
    gain = 0.0
    while a < STIRLING_FROM:
        gain += n / (a * (a + n))
        a += 1
    return gain + math.log1p(n / a) + 0.5 * n / (a * (a + n)) + stirling_slope(a + n) - stirling_slope(a)


def left_part(a, b, x, complement):
    """(log I, its derivatives in a, b and x) on the left of the mean."""
    if a < TINY * min(b, 1.0):
        return tiny_series(a, b, x, complement)
    return left_fraction(a, b, x, complement)


def tiny_series(a, b, x, complement):
    """`left_fraction` for a tiny a: I = x^a / (a B(a, b)) (1 + a sum_k (1 - b)_k x^k / (k! (a + k))) (DLMF 8.17.7)."""
    total, in_a, in_b = 0.0, 0.0, 0.0
    term, term_b, k = 1.0, 0.0, 0
    while abs(term) + abs(term_b) > EPSILON:
        k += 1
        term_b = (term_b * (k - b) - term) * x / k
        term *= (k - b) * x / k
        total += term / (a + k)
        in_a -= term / ((a + k) * (a + k))
        in_b += term_b / (a + k)
    whole = 1 + a * total
    slope_a = math.log(x) + digamma_gain(a + 1, b - 1) + (total + a * in_a) / whole
    weight_x = a * math.exp(b * log_share(complement, x)) / whole
    log_value = a * (math.log(x) + mean_digamma(b, a) - mean_digamma(1.0, a)) + math.log1p(a * total)
    return log_value, slope_a, digamma_gain(b, a) + a * in_b / whole, weight_x / (x * complement)


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
    if x * (b + 1) < complement * (a + 1):
        log_value, slope_a, slope_b, slope_x = left_part(a, b, x, complement)
        return min(log_value, 0.0), slope_a, slope_b, slope_x
    log_rest, rest_b, rest_a, rest_x = left_part(b, a, complement, x)
    log_value, odds = rest_of(log_rest)
    return log_value, -odds * rest_a, -odds * rest_b, odds * rest_x


# With parameters that are data ------------------------------------------------------------------


def fraction(a, b, x, complement):
    """The continued fraction by which the weight is divided; minus that of the other side on the right of the mean.

    From its front, one depth after the other (Lentz), as no derivative in a or b is asked for.
    """
    if not (a > 0 and b > 0 and x > 0 and complement > 0 and a + b < math.inf):
        return math.nan
    if x * (b + 1) < complement * (a + 1):
        return front(a, b, x, complement)
    return -front(b, a, complement, x)


def front(a, b, x, complement):
    lower = a / (a + 1) * (a * complement - b * x + 1)
    whole, ahead, behind, ratio = lower, lower, 0.0, 0.0
    k = 0
    while abs(ratio - 1) > EPSILON and k < 100_000:
        k += 1
        odd = a + 2 * k
        scale = k * (b - k) * (x / (odd - 1))
        upper = scale * (x / (odd - 1)) * ((a + (k - 1)) * (a + b + (k - 1)))
        lower = k + scale + (a + k) / (odd + 1) * (a * complement - b * x + 1 + k * (1 + complement))
        behind = 1 / (lower + upper * behind)
        ahead = lower + upper / ahead
        ratio = ahead * behind
        whole *= ratio
    return whole


def log_inc_beta_by(a, b, x, complement, peak, whole):
    """log I with `log_peak(a, b)` and `fraction(a, b, x, complement)`."""
    if math.isnan(whole):
        return log_inc_beta(a, b, x, complement)
    log_part = min(log_weight_with(a, b, x, complement, peak) - math.log(abs(whole)), 0.0)
    return log_part if whole > 0 else rest_of(log_part)[0]


def log_inc_beta_by_x(a, b, x, complement, peak, whole):
    if math.isnan(whole):
        return log_inc_beta_x(a, b, x, complement)
    slope = abs(whole) / (x * complement)
    if whole > 0:
        return slope
    return slope * rest_of(log_weight_with(a, b, x, complement, peak) - math.log(-whole))[1]


# Value and each derivative ----------------------------------------------------------------------


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
