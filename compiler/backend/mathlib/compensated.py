"""Exponentials whose argument is a difference or an exponential itself, so that its rounding would count many times."""

# ruff: noqa: F821
from ..language import exact, strict


@strict
def long_exp(x: float, rest: bool) -> float:
    """exp(x) for |x| <= 700 as the nearest float; with `rest`, what that lacks, so that both are right to 1e-19."""
    z = 700.0 if x > 700.0 else (-700.0 if x < -700.0 else x)
    shifted = fma(z, 1.4426950408889634, 6755399441055744.0)
    n = shifted - 6755399441055744.0
    first = fma(-n, 0.6931471803691238, z)
    r = fma(-n, 1.9082149292705877e-10, first)
    r_rest = fma(-n, 1.9082149292705877e-10, first - r)

    # 1 + r + r^2 / 2 + r^3 / 6 in two floats each, and what follows
    square = r * r
    square_rest = fma(r, r, -square)
    cube = square * r
    cube_rest = fma(square, r, -cube) + square_rest * r
    third = 0.16666666666666666 * cube
    third_rest = fma(0.16666666666666666, cube, -third) + fma(
        0.16666666666666666, cube_rest, 9.25185853854297e-18 * cube
    )
    less = r + 0.5 * square
    less_rest = (r - less) + 0.5 * square
    both = less + third
    both_rest = less_rest + ((less - both) + third)
    small = fma(square * square, _long_exp_tail(r), fma(0.5, square_rest, third_rest) + fma(both, r_rest, r_rest))
    high = 1.0 + both
    low = ((1.0 - high) + both) + (both_rest + small)
    total = high + low
    power_of_two = from_bits((bits(shifted) + 1023) << 52)
    return power_of_two * (low - (total - high) if rest else total)


@exact
def _long_exp_tail(r: float) -> float:
    """(exp(r) - 1 - r - r^2 / 2 - r^3 / 6) / r^4 for |r| <= log(2) / 2: Taylor's series; error 1e-16."""
    q = r * r
    w = q * q
    a = (0.041666666666666664 + r * 0.008333333333333333) + q * (0.001388888888888889 + r * 0.0001984126984126984)
    b = (2.48015873015873e-05 + r * 2.7557319223985893e-06) + q * (2.755731922398589e-07 + r * 2.505210838544172e-08)
    c = (2.08767569878681e-09 + r * 1.6059043836821613e-10) + q * 1.1470745597729725e-11
    return a + w * (b + w * c)


@exact
def inverse_cloglog(x: float) -> float:
    """1 - exp(-exp(x)) within 2 ulp."""
    return -expm1(-exp(x))


@strict
def inverse_cloglog_slope(x: float) -> float:
    """exp(x - exp(x)) within 2 ulp: exp(x) in two floats."""
    a = x if x < 7.0 else 7.0
    e = long_exp(a, False)
    total = a - e
    part = total - a
    rest = (a - (total - part)) - (e + part) - long_exp(a, True)
    result = _exp_of_sum(total, rest, 1.0, 0.0)
    below = result if x > -700.0 else exp(x)
    return below if x <= 7.0 else (0.0 if x > 7.0 else x)


@strict
def log_of_difference(x: float, y: float) -> float:
    """log(exp(x) - exp(y)) for x >= y."""
    return x + log1mexp(-inf if y == -inf else y - x)


@strict
def log_of_difference_slope(x: float, y: float) -> float:
    """1 / (1 - exp(x - y)) within 2 ulp: with what rounding x - y loses."""
    t = inf if y == -inf else x - y
    part = t - x
    lost = (x - (t - part)) - (y + part)
    quotient = -1.0 / expm1(t)
    more = fma(quotient, lost * (quotient - 1.0), quotient)
    return more if fabs(lost) < 1.0 and fabs(quotient) < inf else quotient
