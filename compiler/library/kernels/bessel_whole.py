"""Bessel functions of whole order at real numbers.

J and Y of orders 0 and 1 come from Miller's backward recurrence up to 25 and from Hankel's expansion beyond; other
orders from the recurrence in the direction in which it is stable: upwards for Y and K, and for J as far as the point
(DLMF 10.74). I is a sum of positive terms. K of orders 0 and 1 is the integral of exp(-x cosh t) cosh(n t), by the
trapezoidal rule, which converges exponentially (DLMF 10.32.9).
"""

from __future__ import annotations

import math

from .bessel import power_sum

EULER = 0.5772156649015329
FAR = 25.0  # from here on Hankel's expansion is exact to double precision


def sign_of_power(n, x):
    """The sign of x^n."""
    return -1.0 if x < 0 and odd(n) else 1.0


def odd(n):
    return n - 2 * math.floor(0.5 * n) == 1


def power_over_factorial(n, x):
    """(x / 2)^n / n!, without overflow on the way."""
    result = 1.0
    for k in range(1, int(n) + 1):
        result *= 0.5 * x / k
    return result


def no_slope(n, x):
    """Whole orders have no derivative."""
    return 0.0


# First kind -------------------------------------------------------------------------------------


def bessel_j(n, x):
    """J_n(x)."""
    if x != x:
        return x
    size, order = abs(x), abs(n)
    value = bessel_j_positive(order, size) * sign_of_power(order, x)
    return -value if n < 0 and odd(order) else value


def bessel_j_positive(n, x):
    """For n and x that are not negative."""
    if x == math.inf:
        return 0.0
    if x * x < 4 * (n + 1):
        return bessel_j_series(n, x)
    if n >= x or x < FAR:
        return bessel_miller(n, x)[0]
    low, high = bessel_j_far(0.0, x), bessel_j_far(1.0, x)
    if n == 0:
        return low
    for k in range(1, int(n)):
        low, high = high, 2 * k / x * high - low
    return high


def bessel_j_series(n, x):
    """By the power series, for x so small that its terms fall (DLMF 10.2.2)."""
    quarter = 0.25 * x * x
    total = term = 1.0
    k = 0
    while abs(term) > 1e-17 * abs(total):
        k += 1
        term *= -quarter / (k * (k + n))
        total += term
    return total * power_over_factorial(n, x)


def bessel_miller(n, x):
    """(J_n, J_0, J_1, and the sums over even and odd orders that Y_0 and Y_1 take) for x >= 1e-8."""
    top = max(n, x)
    start = 2 * int(0.5 * (top + 30 + math.sqrt(80 * top)))
    above, here, wanted, whole, even, odd = 0.0, 1e-300, 0.0, 0.0, 0.0, 0.0
    for k in range(start, 0, -1):  # `here` is proportional to J_k
        if k == n:
            wanted = here
        if k % 2 == 0:
            whole += 2 * here
            even += (1.0 if k % 4 == 0 else -1.0) * here / k
        elif k > 1:
            odd += (1.0 if k % 4 == 1 else -1.0) * here * k / (k * k - 1.0)
        above, here = here, 2 * k / x * here - above
        if abs(here) > 1e100:
            above, here, wanted = 1e-100 * above, 1e-100 * here, 1e-100 * wanted
            whole, even, odd = 1e-100 * whole, 1e-100 * even, 1e-100 * odd
    whole += here
    return (here if n == 0 else wanted) / whole, here / whole, above / whole, even / whole, odd / whole


def hankel_terms(n, x):
    """The two sums of Hankel's expansion (DLMF 10.17.2)."""
    square = 4 * n * n
    term, even, odd = 1.0, 1.0, 0.0
    for k in range(1, 60):
        new = term * (square - (2 * k - 1.0) ** 2) / (8 * k * x)
        if abs(new) > abs(term) or abs(new) < 1e-18:
            break
        term = new
        if k % 2 == 1:
            odd += term if k % 4 == 1 else -term
        else:
            even += term if k % 4 == 0 else -term
    return even, odd


def bessel_j_far(n, x):
    """J of order 0 or 1 for large x (DLMF 10.17.3); the angle x - (n / 2 + 1 / 4) pi is not formed."""
    even, odd = hankel_terms(n, x)
    cosine, sine = math.cos(x), math.sin(x)
    if n == 0:
        return (even * (cosine + sine) - odd * (sine - cosine)) / math.sqrt(math.pi * x)
    return (even * (sine - cosine) + odd * (cosine + sine)) / math.sqrt(math.pi * x)


# Second kind ------------------------------------------------------------------------------------


def bessel_y(n, x):
    """Y_n(x) for x > 0."""
    if not x > 0:
        return -math.inf if x == 0 else math.nan
    order = abs(n)
    value = bessel_y_positive(order, x)
    return -value if n < 0 and odd(order) else value


def bessel_y_positive(n, x):
    if x == math.inf:
        return 0.0
    low, high = bessel_y_first(x)
    if n == 0:
        return low
    for k in range(1, int(n)):
        if high == -math.inf:
            break
        low, high = high, 2 * k / x * high - low
    return high


def bessel_y_first(x):
    """Y_0 and Y_1 (by Neumann's series: Abramowitz and Stegun 9.1.88)."""
    if x >= FAR:
        return bessel_y_far(0.0, x), bessel_y_far(1.0, x)
    log_half = math.log(0.5 * x) + EULER
    if x < 1e-8:
        return 2 / math.pi * log_half, -2 / (math.pi * x)
    _, zero, one, even, odd = bessel_miller(0.0, x)
    return (
        2 / math.pi * (log_half * zero - 4 * even),
        2 / math.pi * ((log_half - 1) * one - zero / x - 4 * odd),
    )


def bessel_y_far(n, x):
    """Y of order 0 or 1 for large x (DLMF 10.17.4)."""
    even, odd = hankel_terms(n, x)
    cosine, sine = math.cos(x), math.sin(x)
    if n == 0:
        return (even * (sine - cosine) + odd * (cosine + sine)) / math.sqrt(math.pi * x)
    return (odd * (sine - cosine) - even * (cosine + sine)) / math.sqrt(math.pi * x)


# Modified ---------------------------------------------------------------------------------------


def bessel_i(n, x):
    """I_n(x)."""
    if x != x:
        return x
    order, size = abs(n), abs(x)
    return bessel_i_positive(order, size) * sign_of_power(order, x)


def bessel_i_positive(n, x):
    if x > 750 + n:  # the logarithm is above x - (n^2 + 1) / (2 x) - log(2 pi x) / 2
        return math.inf
    total = power_sum(n, x)
    factor = power_over_factorial(n, x)
    if total < math.inf and factor > 1e-290:
        return total * factor
    return bessel_i_scaled(n, x)


def bessel_i_scaled(n, x):
    """The same by logarithms: of what is too small, and of products that are not too large though a factor is."""
    log_half, quarter = math.log(0.5 * x) if x > 0 else -math.inf, 0.25 * x * x
    total = term = 1.0
    scale = 0.0
    k = 0
    while term > 1e-17 * total:
        k += 1
        term *= quarter / (k * (k + n))
        total += term
        if total > 1e100:
            term, total, scale = 1e-100 * term, 1e-100 * total, scale + 230.25850929940458
    if n == 0:
        return math.exp(scale) * total
    return math.exp(n * log_half - math.lgamma(n + 1) + scale + math.log(total))


def bessel_k(n, x):
    """K_n(x) for x > 0."""
    if not x > 0:
        return math.inf if x == 0 else math.nan
    low, high = bessel_k_first(0.0, x), bessel_k_first(1.0, x)
    order = abs(n)
    if order == 0:
        return low
    for k in range(1, int(order)):
        if high == math.inf:
            break
        low, high = high, 2 * k / x * high + low
    return high


def bessel_k_first(n, x):
    """K of order 0 or 1."""
    if x > 800:
        return 0.0
    step = min(0.2, 0.7 / math.sqrt(x))
    total, term = 0.5, 1.0
    k = 0
    while term > 1e-17 * total:
        k += 1
        half = math.sinh(0.5 * k * step)
        term = math.exp(-2 * x * half * half) * (math.cosh(k * step) if n == 1 else 1.0)
        total += term
    return math.exp(-x) * step * total
