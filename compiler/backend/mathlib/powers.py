"""x ** y without branches: the logarithm with some twelve digits more than a float has, times y, exponentiated.

An error in y log(x) counts in full, and that product may reach 745: the logarithm is carried as a sum of two
floats, what each product or quotient loses is found with a fused multiply-add and put into the smaller one.
"""

# ruff: noqa: F821
from ..language import exact, strict


@exact
def power(x: float, y: float) -> float:
    """x ** y within 1 ulp, with C's special cases: anything ** 0 and 1 ** anything are 1."""
    magnitude = exp_of_log_product(fabs(x), y, -0.0, 0.0)
    half = 0.5 * y
    whole_exponent = rint(y) == y
    odd = whole_exponent and rint(half) != half and fabs(y) < 9007199254740992.0
    signed = copysign(magnitude, x) if odd else magnitude
    negative = x < 0.0 and not whole_exponent and fabs(x) != inf
    result = nan if negative or isnan(x) or isnan(y) else signed
    general = 1.0 if y == 0.0 or x == 1.0 or (x == -1.0 and fabs(y) == inf) else result
    small = x if y == 1.0 else x * x  # nothing else is computed where the exponent is known to be 1 or 2
    return small if y == 1.0 or y == 2.0 else general


@strict
def exp_of_log_product(x: float, y: float, summand: float, rest: float) -> float:
    """exp(y log(x) + summand + rest) for x >= 0 and a rest below 0.03, within 1 ulp."""
    n = log_exponent(x)
    f = log_fraction(x)

    # log(1 + f) = 2 s + 2/3 s**3 + 2/5 s**5 + ... with s = f / (2 + f), the first two terms in two floats each.
    d = 2.0 + f
    s = f / d
    s_rest = fma(-s, f - (d - 2.0), fma(-s, d, f)) / d
    z = s * s
    z_rest = fma(s, s, -z) + 2.0 * s * s_rest
    c = s * z
    c_rest = fma(s, z, -c) + fma(s, z_rest, s_rest * z)
    t = 0.6666666666666666 * c
    t_rest = fma(0.6666666666666666, c, -t) + fma(0.6666666666666666, c_rest, 3.700743415417188e-17 * c)
    small = fma(n, 1.9082149292705877e-10, fma(c * z, _log_tail(z), fma(2.0, s_rest, t_rest)))

    whole = n * 0.6931471803691238  # exact: the constant ends in zeros
    first = whole + 2.0 * s
    second = first + t
    small = small + ((2.0 * s - (first - whole)) + (t - (second - first)))
    both = second + small
    low = small - (both - second)
    high = -inf if x == 0.0 else (inf if x == inf else both)

    p = y * high
    p_rest = fma(y, high, -p) + fma(y, low, rest)
    total = p + summand
    part = total - summand
    p_rest = p_rest + ((p - part) + (summand - (total - part)))
    return _exp_of_sum(total, p_rest if fabs(total) < 750.0 else 0.0, 1.0, 0.0)


@exact
def _log_tail(z: float) -> float:
    """2/5 + 2/7 z + 2/9 z**2 + ... for 0 <= z <= 0.0295: what is left out is below 1e-21 of the logarithm."""
    w = z * z
    v = w * w
    a = (0.4 + z * 0.2857142857142857) + w * (0.2222222222222222 + z * 0.18181818181818182)
    b = (0.15384615384615385 + z * 0.13333333333333333) + w * (0.11764705882352941 + z * 0.10526315789473684)
    c = (0.09523809523809523 + z * 0.08695652173913043) + w * (0.08 + z * 0.07407407407407407)
    return a + v * (b + v * c)


@strict
def _exp_of_sum(x: float, rest: float, factor: float, factor_rest: float) -> float:
    """exp(x + rest) (factor + factor_rest), the rests below an ulp: as `exp`, that of x joins the reduced argument."""
    z = 710.0 if x > 710.0 else (-746.0 if x < -746.0 else x)
    shifted = fma(z, 1.4426950408889634, 6755399441055744.0)
    n = shifted - 6755399441055744.0
    r = fma(-n, 0.6931471803691238, z) - fma(n, 1.9082149292705877e-10, -rest)
    k = bits(shifted)
    less_1 = fma(r * r, _exp_tail(r), r)
    half = k >> 1
    scaled = (factor + fma(factor, less_1, factor_rest)) * from_bits((half + 1023) << 52)
    return scaled * from_bits((k - half + 1023) << 52)
