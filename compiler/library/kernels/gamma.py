"""The regularised incomplete gamma functions P and Q = 1 - P on the log scale, with their derivatives.

P(a, x) is the cdf of a gamma variable of shape a. Below x = a + 1 its series has positive terms only, above
it the continued fraction of Q converges fast; each is differentiated term by term, so the derivatives are as
exact as the values, far into both tails.
DLMF 8.11.4, for tiny shapes 8.7.1, and 8.9.2.
"""

from __future__ import annotations

import math

from .quadrature import point

EPSILON = 1e-17
STIRLING_FROM = 10.0  # where five terms of Stirling's series are exact to double precision

# digamma(x) = (x - zero) p(x - 3/2) for 1 <= x <= 2, which keeps the digits around the zero; error 6e-19.
DIGAMMA_ZERO, DIGAMMA_ZERO_REST = 1.4616321449683622, 9.549995429965697e-17
DIGAMMA_UNIT = (
    -8.153978973309418e-05,
    0.00012230983055406747,
    -6.11554261750751e-05,
    9.173383289174792e-05,
    -0.0002178682145501451,
    0.0003268068044141764,
    -0.0004599625144612576,
    0.0006899717801166841,
    -0.001042261556504223,
    0.0015635679757533885,
    -0.002344650082351321,
    0.0035180800751066694,
    -0.00528001782089874,
    0.007927024067961237,
    -0.011908215172584002,
    0.017907248195969127,
    -0.02697579684427536,
    0.04076083394462657,
    -0.06192213327165706,
    0.09498872445283,
    -0.14840492305391761,
    0.24054248424078736,
    -0.42362742128146047,
    0.9510558760318328,
)  # highest power first


def log1mexp(x):
    """log(1 - exp(x)) for x <= 0; a rounding error above zero counts as zero."""
    if x >= 0:
        return -math.inf
    return math.log(-math.expm1(x)) if x > -0.69 else math.log1p(-math.exp(x))


def rest_of(log_p):
    """(log(1 - p), p / (1 - p)): slopes of the first are minus the odds times those of log p, 0 where none is left."""
    log_rest = log1mexp(log_p)
    return log_rest, math.exp(log_p - log_rest) if log_rest > -math.inf else 0.0


def digamma(x):
    """The derivative of log gamma, for x > 0: recurrence onto [1, 2], from 10 on an asymptotic series (DLMF 5.11.2)."""
    if not x > 0:
        return math.nan
    if x >= 10:
        return math.log(x) + digamma_remainder(x)
    shift = 0.0
    if x < 1:
        shift = -1 / x
        x += 1
    while x > 2:
        x -= 1
        shift += 1 / x
    t, factor = x - 1.5, 0.0
    for k in range(24):
        factor = factor * t + DIGAMMA_UNIT[k]
    return shift + ((x - DIGAMMA_ZERO) - DIGAMMA_ZERO_REST) * factor


def digamma_remainder(x):
    """digamma(x) - log(x), for x >= 10."""
    return -0.5 / x + stirling_slope(x)


def stirling_error(x):
    """log gamma(x) minus its main term (x - 1/2) log x - x + log(2 pi) / 2, for x >= 10 (DLMF 5.11.1)."""
    s = 1 / (x * x)
    return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - s * 691 / 360360))))) / x


def stirling_slope(x):
    s = 1 / (x * x)
    return -s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s * (1 / 132 - s * 691 / 32760)))))


def stirling_curvature(x):
    s = 1 / (x * x)
    return s / x * (1 / 6 - s * (1 / 30 - s * (1 / 42 - s * (1 / 30 - s * (5 / 66 - s * 691 / 2730)))))


def stirling_third_derivative(x):
    s = 1 / (x * x)
    return -s * s * (1 / 2 - s * (1 / 6 - s * (1 / 6 - s * (3 / 10 - s * (5 / 6 - s * 691 / 210)))))


def log_weight(a, x):
    """log(x^a exp(-x) / gamma(a + 1)), without cancellation where x is near a large a."""
    if a < STIRLING_FROM:
        return a * math.log(x) - x - math.lgamma(a + 1)
    excess = (x - a) / a
    log_ratio = math.log1p(excess) if excess > -0.5 else math.log(x / a)
    return a * (log_ratio - excess) - 0.5 * math.log(2 * math.pi * a) - stirling_error(a)


def mean_digamma(a, n):
    """(log gamma(a + n) - log gamma(a)) / n for n that is small beside a and 1."""
    total = 0.0
    for i in range(6):
        node, weight = point(6, i)
        total += weight * digamma(a + n * node)
    return total


TINY = 0.01  # a shape that makes P nearly 1, and its logarithm a sum of terms that are as small


def tiny_series(a, x):
    """(log P, its derivatives in a and x) from P = x^a / gamma(a + 1) (1 + a sum_k (-x)^k / (k! (a + k)))."""
    total, slope, term, k = 0.0, 0.0, 1.0, 0
    while abs(term) > EPSILON:
        k += 1
        term *= -x / k
        total += term / (a + k)
        slope -= term / ((a + k) * (a + k))
    whole = 1 + a * total
    log_value = a * (math.log(x) - mean_digamma(1.0, a)) + math.log1p(a * total)
    return log_value, math.log(x) - digamma(a + 1) + (total + a * slope) / whole, a * math.exp(-x) / (x * whole)


def lower_series(a, x):
    """(log P, its derivatives in a and x) from P = weight * sum_n x^n / ((a + 1) ... (a + n))."""
    total, slope = 1.0, 0.0
    term, harmonic, n = 1.0, 0.0, 0
    while term * (1 + harmonic) > EPSILON * total:
        n += 1
        term *= x / (a + n)
        harmonic += 1 / (a + n)
        total += term
        slope -= term * harmonic
    return log_weight(a, x) + math.log(total), math.log(x) - digamma(a + 1) + slope / total, a / (x * total)


def upper_fraction(a, x):
    """(log Q, its derivatives in a and x) from Q = weight * a / (x + 1 - a - 1 (1 - a) / (x + 3 - a - ...))."""
    depth, ratio, previous = 0, 1.0, x + 1 - a
    while abs(ratio) > EPSILON and depth < 100_000:  # how deep until the tail no longer matters
        depth += 1
        coefficient = depth * (a - depth)
        current = x + 2 * depth + 1 - a + coefficient / previous
        ratio *= max(abs(coefficient), depth) / (previous * current)  # where a term is zero its derivative is not
        previous = current
    tail, slope = 0.0, 0.0
    for k in range(depth, 0, -1):
        denominator = x + 2 * k + 1 - a + tail
        tail = k * (a - k) / denominator
        slope = (k - tail * (slope - 1)) / denominator
    denominator = x + 1 - a + tail
    slope_a = math.log(x) - digamma(a) - (slope - 1) / denominator
    return log_weight(a, x) + math.log(a / denominator), slope_a, -denominator / x


def incomplete_gamma(a, x):
    """(log P, log Q, d log P / da, d log Q / da, d log P / dx, d log Q / dx) for a > 0 and x >= 0; nan elsewhere.

    The derivatives in x are zero in the limits, but for that of log Q at 0 where the density is finite and positive
    there: where a is 1.
    """
    if not (a > 0 and x >= 0 and a < math.inf):
        return math.nan, math.nan, math.nan, math.nan, math.nan, math.nan
    if x == 0:
        return -math.inf, 0.0, 0.0, 0.0, 0.0, -1.0 if a == 1 else 0.0
    if x == math.inf:
        return 0.0, -math.inf, 0.0, 0.0, 0.0, 0.0
    if x < a + 1:
        log_p, slope, by_x = tiny_series(a, x) if a < TINY else lower_series(a, x)
        log_q, odds = rest_of(log_p)
        return log_p, log_q, slope, -odds * slope, by_x, -odds * by_x
    log_q, slope, by_x = upper_fraction(a, x)
    log_p, odds = rest_of(log_q)
    return log_p, log_q, -odds * slope, slope, -odds * by_x, by_x


def log_p(a, x):
    return incomplete_gamma(a, x)[0]


def log_q(a, x):
    return incomplete_gamma(a, x)[1]


def log_p_shape(a, x):
    return incomplete_gamma(a, x)[2]


def log_q_shape(a, x):
    return incomplete_gamma(a, x)[3]


def log_p_point(a, x):
    return incomplete_gamma(a, x)[4]


def log_q_point(a, x):
    return incomplete_gamma(a, x)[5]
