"""log of the modified Bessel function I of any real order v >= -1, with its derivatives in v and x.

Its power series has positive terms only, so their sum, weighted by each term's logarithmic derivative, gives
all three exactly; far out, where that takes many terms, the large-argument expansion serves, and for large orders
the uniform one (DLMF 10.25.2, 10.40.1, 10.41.3).
"""

from __future__ import annotations

import math

from .gamma import digamma

LARGE_ORDER = 3000.0  # three terms of the uniform expansion are exact to double precision


def log_bessel_i(v, x):
    """(log I_v(x), its derivative in v, its derivative in x)."""
    if not (v >= -1 and x >= 0):
        return math.nan, math.nan, math.nan
    if x == math.inf:
        return x, 0.0, 1.0
    return log_bessel_below(v, x) if v < 0 else log_bessel_above(v, x)


def log_bessel_above(v, x):
    """For v >= 0."""
    if x == 0:
        return (0.0 if v == 0 else -math.inf), -math.inf, (0.0 if v == 0 else math.inf)
    if v > LARGE_ORDER:
        return log_bessel_uniform(v, x)
    if x > 60 + 2 * v * v:
        return log_bessel_far(v, x)
    return log_bessel_series(v, x)


def log_bessel_below(v, x):
    """For -1 <= v < 0, from I_v = I_(v + 2) + (2 (v + 1) / x) I_(v + 1) (DLMF 10.29.1), all terms of one sign."""
    if x == 0:
        return (-math.inf if v == -1 else math.inf), math.nan, math.nan
    above, above_v, above_x = log_bessel_above(v + 2, x)
    near, near_v, near_x = log_bessel_above(v + 1, x)
    ratio = math.exp(near - above)
    weight = 2 * (v + 1) / x * ratio
    total = 1 + weight
    in_v = (above_v + weight * near_v + 2 / x * ratio) / total
    in_x = (above_x + weight * (near_x - 1 / x)) / total
    return above + math.log(total), in_v, in_x


def log_bessel_series(v, x):
    """From the sum over k of (x/2)^(2k + v) / (k! gamma(k + v + 1)), starting at its largest term."""
    quarter, log_half = 0.25 * x * x, math.log(0.5 * x)
    peak = max(math.floor(0.5 * (math.sqrt(v * v + x * x) - v)), 0.0)
    log_peak = (2 * peak + v) * log_half - math.lgamma(peak + 1) - math.lgamma(peak + v + 1)
    digamma_peak = digamma(peak + v + 1)
    total, in_order, in_x = 1.0, log_half - digamma_peak, (2 * peak + v) / x
    term, psi, k = 1.0, digamma_peak, peak
    while term > 1e-18 * total:
        k += 1
        term *= quarter / (k * (k + v))
        psi += 1 / (k + v)
        total += term
        in_order += term * (log_half - psi)
        in_x += term * (2 * k + v) / x
    term, psi, k = 1.0, digamma_peak, peak
    while k > 0 and term > 1e-18 * total:
        term *= k * (k + v) / quarter
        psi -= 1 / (k + v)
        k -= 1
        total += term
        in_order += term * (log_half - psi)
        in_x += term * (2 * k + v) / x
    return log_peak + math.log(total), in_order / total, in_x / total


def log_bessel_uniform(v, x):
    """For large v, whatever x: r - v asinh(v / x) - log(2 pi r) / 2 + log(1 + U1(p) / v + ...), r^2 = v^2 + x^2."""
    r = math.hypot(v, x)
    p, angle = v / r, math.log((v + r) / x)
    q = p * p
    u1, u2 = p * (3 - 5 * q) / 24, q * (81 - q * (462 - 385 * q)) / 1152
    u3 = p * q * (30375 - q * (369603 - q * (765765 - 425425 * q))) / 414720
    slope1, slope2 = (3 - 15 * q) / 24, p * (162 - q * (1848 - 2310 * q)) / 1152
    slope3 = q * (91125 - q * (1848015 - q * (5360355 - 3828825 * q))) / 414720
    total = 1 + (u1 + (u2 + u3 / v) / v) / v
    in_p = (slope1 + (slope2 + slope3 / v) / v) / v
    shrinking = -(u1 + (2 * u2 + 3 * u3 / v) / v) / v / v
    p_v, p_x = (x / r) * (x / r) / r, -p * (x / r) / r
    value = r - v * angle - 0.5 * math.log(2 * math.pi * r) + math.log(total)
    in_v = -angle - 0.5 * p / r + (in_p * p_v + shrinking) / total
    in_x = r / x - 0.5 * (x / r) / r + in_p * p_x / total
    return value, in_v, in_x


def log_bessel_far(v, x):
    """From exp(x) / sqrt(2 pi x) times 1 - (4v^2 - 1) / (8x) + (4v^2 - 1)(4v^2 - 9) / (2! (8x)^2) - ..."""
    mu = 4 * v * v
    term, total, in_mu, in_x = 1.0, 1.0, 0.0, 0.0
    slope = 0.0  # of the current term in mu
    for k in range(1, 60):
        factor = -(mu - (2 * k - 1) ** 2) / (k * 8 * x)
        slope = slope * factor - term / (k * 8 * x)
        previous, term = term, term * factor
        if abs(term) > abs(previous):
            break
        total += term
        in_mu += slope
        in_x -= k * term / x
        if abs(term) < 1e-18 and abs(slope) < 1e-18:
            break
    value = x - 0.5 * math.log(2 * math.pi * x) + math.log(total)
    return value, 8 * v * in_mu / total, 1 - 0.5 / x + in_x / total


def log_bessel_i_value(v, x):
    return log_bessel_i(v, x)[0]


def log_bessel_i_v(v, x):
    return log_bessel_i(v, x)[1]


def log_bessel_i_x(v, x):
    return log_bessel_i(v, x)[2]
