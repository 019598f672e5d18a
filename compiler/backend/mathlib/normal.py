"""The error function, the normal distribution function and their derivatives.

Everything rests on the tail over its main factor, erfcx(z) = exp(z^2) erfc(z) for z >= 0, a smooth function of
y = k / (z + k), which goes from 1 to 0 as z goes from 0 to infinity. The rounding errors of y and of squares in
exponents would count many times in the tails: they are found by fused multiply-adds and put back.
"""

# ruff: noqa: F821
from ..language import exact, strict


@strict
def erf(x: float) -> float:
    """2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x, within 1 ulp."""
    a = fabs(x)
    z = a if a < 0.66 else 0.66
    tail = _normal_tail(a, a, 3.3000000000008445)
    z = z * z
    near = fma(x, 1.1283791670955126, x * fma(z, _erf_ratio(z), 1.5283154376002372e-17))
    return near if a < 0.66 else copysign(1.0 - tail, x)


@exact
def _erf_ratio(z: float) -> float:
    """(erf(x) / x - 2 / sqrt(pi)) / z with z = x^2 for |x| <= 0.66; error 6e-18 of erf."""
    q = z * z
    w = q * q
    a = (-0.3761263890318375 + z * 0.11283791670954858) + q * (-0.02686617064503548 + z * 0.0052239776236797245)
    b = (-0.0008548326834063042 + z * 0.00012055320278174762) + q * (
        -1.492510199267582e-05 + z * 1.6446854105532698e-06
    )
    c = -1.6100263946388349e-07 + z * 1.214881898912895e-08
    return a + w * (b + w * c)


@strict
def erfc(x: float) -> float:
    """1 - erf(x) within 2 ulp, also in the upper tail."""
    a = fabs(x)
    tail = _normal_tail(a, a, 3.3000000000008445)
    return tail if x > 0.0 else 2.0 - tail


@strict
def normal_cdf(x: float) -> float:
    """P(Z <= x) for a standard normal Z within 2 ulp, also in the lower tail."""
    a = fabs(x)
    half_tail = 0.5 * _normal_tail(a, 0.5 * a, 4.666904755832408)
    return half_tail if x < 0.0 else 1.0 - half_tail


@strict
def normal_density(x: float) -> float:
    """exp(-x^2 / 2) / sqrt(2 pi), also far out."""
    a = fabs(x)
    a = 40.0 if a > 40.0 else a
    square = 0.5 * a * a
    return _exp_of_sum(-square, -fma(0.5 * a, a, -square), 0.3989422804014327, -2.4923272022777433e-17) if x == x else x


@strict
def exp_minus_square(x: float) -> float:
    """exp(-x^2), also far out."""
    a = fabs(x)
    a = 28.0 if a > 28.0 else a
    square = a * a
    return _exp_of_sum(-square, -fma(a, a, -square), 1.0, 0.0) if x == x else x


@strict
def _normal_tail(a: float, b: float, k: float) -> float:
    """exp(-a b) erfcx(z) for a, b >= 0 with a / k = z / 3.3000000000008445."""
    x = 40.0 if a > 40.0 else a
    y = 40.0 if b > 40.0 else b
    product = x * y
    ratio = normal_ratio(x, k, False)
    tail = _exp_of_sum(-product, -fma(x, y, -product), ratio, normal_ratio(x, k, True))
    return tail if a == a else a


@strict
def normal_ratio(a: float, k: float, rest: bool) -> float:
    """erfcx(z) for z = 3.3000000000008445 a / k >= 0 as the nearest float; with `rest`, what that lacks.

    k = 3.3000000000008445 makes z = a; k = 4.666904755832408, which is sqrt(2) times that to 2^-65, z = a / sqrt(2):
    the upper tail of the normal distribution is exp(-a^2 / 2) / 2 times the result.
    """
    d = a + k
    y = k / d
    k_added = d - a
    d_rest = (a - (d - k_added)) + (k - k_added)
    y_rest = (fma(-y, d, k) - y * d_rest) * y / k
    t = 1.0 - 2.0 * y
    v = t * _ratio_series(t)
    u = v - 0.2782746459609661
    inner = t * u
    factor = 0.3280145951457877 + inner
    factor_rest = (inner - (factor - 0.3280145951457877)) + fma(t, v - (u + 0.2782746459609661), fma(t, u, -inner))
    slope = 0.6062892411067538 + t * (
        -0.9140087798669346 + t * (0.9429555096323144 + t * (t * 0.3971232903799022 - 0.85439252860482))
    )
    product = y * factor
    of_coefficients = fma(t, fma(t, 1.2160666368001743e-17, 1.0123458940025397e-17), -8.904829756004425e-18)
    lost = fma(y, factor, -product) + fma(y, factor_rest + of_coefficients, y_rest * slope)
    return lost if rest else product


@exact
def _ratio_series(t: float) -> float:
    """(erfcx(z) / y - p0 - p1 t) / t^2 where t = 1 - 2 y; error 2e-18 of erfcx."""
    q = t * t
    w = q * q
    a = (0.1987722061782478 - t * 0.11744433624620675) + q * (0.05536792760789536 - t * 0.019212196828214564)
    b = (0.003770025335909243 + t * 0.0003452107583570559) + q * (-0.00047742083928759894 + t * 8.397084972386774e-05)
    c = (3.871299363189201e-05 - t * 1.706636661106642e-05) + q * (-3.036304432618473e-06 + t * 2.703441169109916e-06)
    d = (3.012755542476981e-07 - t * 4.3037870243651607e-07) + q * (-5.136020441495626e-08 + t * 7.112565910674384e-08)
    e = (1.2863917579990333e-08 - t * 1.1737783569163651e-08) + q * (
        -3.208310828946171e-09 + t * 1.7755212458602847e-09
    )
    f = (6.065172128156509e-10 - t * 2.118215231283338e-10) + q * (-6.073892221885384e-11 + t * 1.4362291453100635e-11)
    return a + w * (b + w * (c + w * (d + w * (e + w * f))))


@strict
def normal_approximation(x: float) -> float:
    """1 / (1 + exp(-(0.07056 x^3 + 1.5976 x))); the cubic is carried in two floats, as are its coefficients."""
    a = fabs(x)
    a = 30.0 if a > 30.0 else a
    square = a * a
    square_rest = fma(a, a, -square)
    factor = fma(0.07056, square, 1.5976)
    u = 0.07056 * square
    u_rest = fma(0.07056, square, -u) + (0.07056 * square_rest + square * 2.2781776465308212e-18)
    factor = u + 1.5976
    factor_rest = (u - (factor - 1.5976)) + (u_rest + 9.094947017729283e-17)
    cubic = a * factor
    cubic_rest = fma(a, factor, -cubic) + a * factor_rest
    e = _exp_of_sum(-cubic, -cubic_rest, 1.0, 0.0)
    result = (e if x < 0.0 else 1.0) / (1.0 + e)
    return result if x == x else x


@strict
def normal_approximation_slope(x: float) -> float:
    """The derivative of `normal_approximation`."""
    p = normal_approximation(-fabs(x))
    return p * (1.0 - p) * fma(0.21168 * x, x, 1.5976)
