"""exp, log and their relatives without branches, so that loops around them become SIMD.

All follow one plan: split off a power of two exactly, evaluate a polynomial on what is left, put the power
back by integer arithmetic on the exponent bits. Polynomials are minimax fits (Remez, 40 digits) with the
error given at each. `6755399441055744.0` is 1.5 * 2**52: adding it rounds to an integer, which then stands in
the low bits of the sum.
"""

# ruff: noqa: F821
from ..language import exact, strict


@exact
def exp(x: float) -> float:
    """e ** x within 1 ulp; overflows to inf, underflows gradually to 0.

    The lower bound is as far below as two factors reach: LLVM may multiply the parts with what the result is multiplied
    with, and even 1e308 times that is nothing. At the upper bound, 2048 log(2), both factors are inf: LLVM may take
    their product from something without rounding it, and inf less a large number would not be nan.
    """
    above = -1416.0 if x < -1416.0 else x
    z = 1419.565425786768 if above > 1419.565425786768 else above
    shifted = z * 1.4426950408889634 + 6755399441055744.0
    n = shifted - 6755399441055744.0
    r = (z - n * 0.6931471803691238) - n * 1.9082149292705877e-10
    k = bits(shifted)  # the bits above the exponent are shifted out below
    p = _exp_tail(r)
    half = k >> 1
    scaled = (1.0 + (r + r * r * p)) * from_bits((half + 1023) << 52)
    return scaled * from_bits((k - half + 1023) << 52)


@exact
def _exp_tail(r: float) -> float:
    """(exp(r) - 1 - r) / r**2 for |r| <= log(2) / 2; error 3.6e-18 relative to exp(r)."""
    q = r * r
    a = 0.5000000000000011 + r * 0.16666666666666413
    b = 0.041666666666530155 + r * 0.008333333333494461
    c = 0.0013888888943630134 + r * 0.00019841269506578723
    d = 2.480149309888739e-05 + r * 2.755758637378518e-06
    e = 2.763024838532302e-07 + r * 2.500006162553128e-08
    return a + q * (b + q * (c + q * (d + q * e)))


@exact
def expm1(x: float) -> float:
    """e ** x - 1 within 2 ulp, also near 0."""
    z = 40.0 if x > 40.0 else (-40.0 if x < -40.0 else x)
    shifted = z * 1.4426950408889634 + 6755399441055744.0
    n = shifted - 6755399441055744.0
    r = (z - n * 0.6931471803691238) - n * 1.9082149292705877e-10
    k = bits(shifted)  # the bits above the exponent are shifted out below
    q = r * r
    # Taylor's series: its error 4e-18 is relative to r.
    a = 0.5 + r * 0.16666666666666666
    b = 0.041666666666666664 + r * 0.008333333333333333
    c = 0.001388888888888889 + r * 0.0001984126984126984
    d = 2.48015873015873e-05 + r * 2.7557319223985893e-06
    e = 2.755731922398589e-07 + r * 2.505210838544172e-08
    f = 2.08767569878681e-09 + r * 1.6059043836821613e-10
    p = r + q * (a + q * (b + q * (c + q * (d + q * (e + q * f)))))
    power_of_two = from_bits((k + 1023) << 52)
    return exp(x) if x > 38.0 else power_of_two * p + (power_of_two - 1.0)


@exact
def _log_quotient(f: float) -> float:
    """log(1 + f) - f for sqrt(1/2) <= 1 + f <= sqrt(2), by log((1 + s) / (1 - s)) with s = f / (2 + f)."""
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    # (log((1 + s) / (1 - s)) / s - 2) / z; error 2.5e-18.
    even = 0.6666666666666735 + w * (0.2857142874414318 + w * (0.18183575173301295 + w * 0.1479906787553036))
    odd = 0.39999999999407476 + w * (0.22222198378313246 + w * 0.15313755572933932)
    half_square = 0.5 * f * f
    return s * (half_square + z * (even + z * odd)) - half_square


@exact
def log_exponent(x: float) -> float:
    """The whole n with x = 2 ** n (1 + f) and sqrt(1/2) <= 1 + f <= sqrt(2), as a float."""
    tiny = x < 2.2250738585072014e-308
    k = (bits(x * 18014398509481984.0 if tiny else x) - 4604544271217802189) >> 52
    return from_bits(k + 4843621399236968448) - 6755399441055744.0 - (54.0 if tiny else 0.0)


@exact
def log_fraction(x: float) -> float:
    """The f with x = 2 ** n (1 + f) and sqrt(1/2) <= 1 + f <= sqrt(2); exact."""
    word = bits(x * 18014398509481984.0 if x < 2.2250738585072014e-308 else x)
    return from_bits(word - (((word - 4604544271217802189) >> 52) << 52)) - 1.0


@exact
def log(x: float) -> float:
    """Natural logarithm within 1 ulp; -inf at 0, nan below."""
    n = log_exponent(x)
    f = log_fraction(x)
    result = n * 0.6931471803691238 + (f + (_log_quotient(f) + n * 1.9082149292705877e-10))
    finite = result if x > 0.0 else (-inf if x == 0.0 else nan)
    return x if x == inf else finite


@strict
def long_log(x: float, rest: bool) -> float:
    """log(x) as the nearest float; with `rest`, what that lacks, so that both together are right to 3e-17; x > 0."""
    n = log_exponent(x)
    f = log_fraction(x)
    whole = n * 0.6931471803691238  # exact: the constant ends in zeros
    first = whole + f
    small = (f - (first - whole)) + fma(n, 1.9082149292705877e-10, _log_quotient(f))
    both = first + small
    lost = small - (both - first)
    return (lost if x < inf else 0.0) if rest else (both if x < inf else x)


@strict
def logit(x: float) -> float:
    """log(x / (1 - x)) within 2 ulp, also near its zero 1/2: what rounding the quotient loses is added back."""
    y = 1.0 - x
    quotient = x / y
    lost = fma(-quotient, y, x) - quotient * ((1.0 - y) - x)
    n = log_exponent(quotient)
    f = log_fraction(quotient)
    small = fma(n, 1.9082149292705877e-10, _log_quotient(f)) + lost / x
    result = fma(n, 0.6931471803691238, f + small)
    inside = result if x > 0.0 and x < 1.0 else nan
    return -inf if x == 0.0 else (inf if x == 1.0 else inside)


@exact
def mantissa(x: float) -> float:
    """m of x = m * 2**k with sqrt(1/2) <= m < sqrt(2); of 0, inf and nan the number itself, of negative ones nan."""
    return normal_mantissa(x * 18014398509481984.0 if x < 2.2250738585072014e-308 else x)


@exact
def normal_mantissa(x: float) -> float:
    """The same, but not of subnormal numbers."""
    word = bits(x)
    m = from_bits(word - (((word - 4604544271217802189) >> 52) << 52))
    other = nan if x < 0.0 else x
    return m if x > 0.0 and x < inf else other


@exact
def exponent(x: float) -> float:
    """k of x = m * 2**k, as `mantissa` splits it; 0 where that is the number itself."""
    tiny = x > 0.0 and x < 2.2250738585072014e-308
    return normal_exponent(x * 18014398509481984.0 if tiny else x) - (54.0 if tiny else 0.0)


@exact
def normal_exponent(x: float) -> float:
    """The same, but not of subnormal numbers."""
    k = (bits(x) - 4604544271217802189) >> 52
    n = from_bits(k + 4843621399236968448) - 6755399441055744.0
    return n if x > 0.0 and x < inf else 0.0


@exact
def log1p(x: float) -> float:
    """log(1 + x) within 2 ulp, also near 0: what rounding 1 + x loses is added back."""
    u = 1.0 + x
    word = bits(u)
    k = (word - 4604544271217802189) >> 52
    f = from_bits(word - (k << 52)) - 1.0
    n = from_bits(k + 4843621399236968448) - 6755399441055744.0
    lost = (x - (u - 1.0)) if u < 2.0 else (1.0 - (u - x))
    result = n * 0.6931471803691238 + (f + (_log_quotient(f) + (n * 1.9082149292705877e-10 + lost / u)))
    finite = result if u > 0.0 else (-inf if u == 0.0 else nan)
    return x if x == inf else finite


@exact
def _log1p_unit(e: float) -> float:
    """log(1 + e) for 0 <= e <= 1."""
    u = 1.0 + e
    lost = e - (u - 1.0)
    large = u > 1.4142135623730951
    f = (0.5 * u - 1.0 + 0.5 * lost) if large else e
    n = 1.0 if large else 0.0
    return n * 0.6931471803691238 + (f + (_log_quotient(f) + n * 1.9082149292705877e-10))


@exact
def tanh(x: float) -> float:
    """Hyperbolic tangent within 2 ulp: near 1 as what it lacks."""
    a = fabs(x)
    e = expm1(-2.0 * a)
    rest = exp(-2.0 * a)
    result = (1.0 - 2.0 * rest / (1.0 + rest)) if a > 0.6 else -e / (e + 2.0)
    return copysign(result, x)


@exact
def sigmoid(x: float) -> float:
    """1 / (1 + exp(-x)), without overflow on either side."""
    e = exp(-fabs(x))
    return (1.0 if x >= 0.0 else e) / (1.0 + e)


@exact
def square_of_sech(x: float) -> float:
    """1 / cosh(x)^2, the derivative of tanh, also where tanh is 1 to rounding."""
    e = exp(-2.0 * fabs(x))
    return 4.0 * e / ((1.0 + e) * (1.0 + e))


@exact
def softplus(x: float) -> float:
    """log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|))."""
    return (x if x > 0.0 else 0.0) + _log1p_unit(exp(-fabs(x)))


@exact
def log1mexp(x: float) -> float:
    """log(1 - exp(x)) for x <= 0; the switch at -log 2 keeps all digits (Maechler 2012)."""
    return log(-expm1(x)) if x > -0.6931471805599453 else log1p(-exp(x))
