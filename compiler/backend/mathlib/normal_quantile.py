"""The inverse of the normal distribution function, and the derivative of that."""

# ruff: noqa: F821
from ..language import exact, strict


@strict
def normal_quantile(p: float) -> float:
    """The z with P(Z <= z) = p within 2 ulp; infinite for p = 0 and 1, nan outside."""
    q = p - 0.5
    tail = p if q < 0.0 else 1.0 - p
    near = _central_quantile(q if fabs(q) < 0.425 else 0.425, False)
    far = _tail_quantile(-2.0 * long_log(tail, False), -2.0 * long_log(tail, True), False)
    far = inf if tail == 0.0 else (far if tail > 0.0 else nan)
    return near if fabs(q) < 0.425 else copysign(far, q)


@strict
def normal_quantile_slope(p: float) -> float:
    """One over the density at the quantile within 2 ulp, from the probability and the ratio of tail and density."""
    q = p - 0.5
    tail = p if q < 0.0 else 1.0 - p
    high = long_log(tail, False)
    low = long_log(tail, True)
    return _quantile_slope(q, tail, tail, high, low, 1.2533141373155003, -9.164289990229583e-17)


@strict
def inverse_erfc_slope(x: float) -> float:
    """The derivative of `inverse_erfc` within 2 ulp."""
    q = 0.5 * (x - 1.0)
    tail = x if q < 0.0 else 2.0 - x
    high = _log_of_half(tail, False)
    low = _log_of_half(tail, True)
    return -_quantile_slope(q, 0.5 * tail, tail, high, low, 0.886226925452758, -3.8332932499128993e-17)


@strict
def _log_of_half(x: float, rest: bool) -> float:
    """log(x / 2) as `long_log`; half of x may have fewer digits."""
    whole = long_log(x, False)
    high = whole - 0.6931471805599453
    return ((whole - high) - 0.6931471805599453) + (long_log(x, True) - 2.3190468138462996e-17) if rest else high


@strict
def _quantile_slope(
    q: float, share: float, tail: float, high: float, low: float, scale: float, scale_rest: float
) -> float:
    """(scale + scale_rest) `normal_ratio` / tail at the quantile of 1/2 + q.

    The probability beyond it is `share`, the logarithm of that high + low. The quantile is computed as everywhere.
    """
    central = fabs(q) < 0.425
    inner = q if central else 0.425
    near = fabs(_central_quantile(inner, False))
    near_rest = copysign(1.0, inner) * _central_quantile(inner, True)
    z = near if central else _tail_quantile(-2.0 * high, -2.0 * low, False)
    z = z if z < 40.0 else 40.0
    lost = ((0.5 - fabs(q)) - share) * (2.5 + 30.0 * inner * inner)  # roughly times one over the density
    z_rest = near_rest + lost if central else _tail_quantile(-2.0 * high, -2.0 * low, True)
    z_rest = z_rest if z < 40.0 else 0.0
    top = scale * _ratio_at(z, z_rest, False)
    top_rest = fma(scale, _ratio_at(z, z_rest, False), -top) + fma(
        scale, _ratio_at(z, z_rest, True), scale_rest * _ratio_at(z, z_rest, False)
    )
    quotient = top / tail
    lost = (fma(-quotient, tail, top) + top_rest) / tail
    return quotient + lost if fabs(lost) < inf else quotient


@strict
def _ratio_at(z: float, z_rest: float, rest: bool) -> float:
    """`normal_ratio` of a number in two floats."""
    ratio = normal_ratio(z, 4.666904755832408, False)
    more = fma(z_rest, fma(z, ratio, -0.7978845608028654), normal_ratio(z, 4.666904755832408, True))
    return more if rest else ratio


@strict
def inverse_erfc(x: float) -> float:
    """The z with erfc(z) = x, minus the normal quantile of x / 2 over sqrt(2); infinite at 0 and 2, nan outside."""
    q = 0.5 * (x - 1.0)
    tail = x if q < 0.0 else 2.0 - x
    near = _central_quantile(q if fabs(q) < 0.425 else 0.425, False)
    far = _tail_quantile(-2.0 * _log_of_half(tail, False), -2.0 * _log_of_half(tail, True), False)
    far = inf if tail == 0.0 else (far if tail > 0.0 else nan)
    z = near if fabs(q) < 0.425 else copysign(far, q)
    return -fma(z, 0.7071067811865476, z * -4.833646656726457e-17 if fabs(z) < inf else 0.0)


@strict
def normal_log_quantile(log_p: float) -> float:
    """The z with log P(Z <= z) = log_p within 2 ulp, also where exp(log_p) is 0 or 1 to double precision."""
    upper = log_p > -0.5
    tail = -expm1(log_p if upper else -1.0)
    square = -2.0 * (long_log(tail, False) if upper else log_p)
    far = _tail_quantile(square, -2.0 * long_log(tail, True) if upper else 0.0, False)
    far = far if upper else -far
    central = log_p > -2.5902671654458267 and log_p < -0.07796154146971184
    near = _central_quantile(
        0.5 * expm1(((log_p if central else -0.7) + 0.6931471805599453) + 2.3190468138462996e-17), False
    )
    result = near if central else (far if log_p > -745.0 else -sqrt(_far_log_square(log_p)))
    return inf if log_p == 0.0 else (result if log_p < 0.0 else nan)


@exact
def _far_log_square(log_p: float) -> float:
    """`normal_log_quantile`^2 below -745: log P = -z^2/2 - log(-z sqrt(2 pi)) + log(1 - 1/z^2 + 3/z^4 - ...)."""
    square = -2.0 * log_p
    start = square - 1.8378770664093453 - log(square)
    once = _newton_for_square(start, square)
    return _newton_for_square(once, square) if log_p > -inf else inf


@exact
def _newton_for_square(s: float, wanted: float) -> float:
    """One step of Newton's method for s + log(2 pi s) - 2 log(1 - 1/s + 3/s^2 - ...) = wanted."""
    u = 1.0 / s
    series = u * (-1.0 + u * (2.5 + u * (-12.333333333333334 + u * (88.25 - u * 816.2))))
    excess = (s - wanted) + (1.8378770664093453 + log(s) - 2.0 * series)
    return s - excess / (1.0 + u)


@strict
def normal_log_quantile_slope(log_p: float) -> float:
    """P over the density at the quantile, the derivative in log P, within 2 ulp."""
    upper = log_p > -0.6931471805599453
    tail = -expm1(log_p if upper else -1.0)
    central = log_p > -2.5902671654458267 and log_p < -0.07796154146971184
    square = -2.0 * (long_log(tail, False) if log_p > -0.5 else log_p)
    square_rest = -2.0 * long_log(tail, True) if log_p > -0.5 else 0.0
    below = -0.5 * expm1(((log_p if central else -0.7) + 0.6931471805599453) + 2.3190468138462996e-17)
    above = 0.5 - tail if central else 0.25
    q = above if upper else below
    near = _central_quantile(q, False)
    far_square = _far_log_square(log_p)
    root = sqrt(far_square)
    far = _tail_quantile(square, square_rest, False) if log_p > -745.0 else root
    far_rest = (
        _tail_quantile(square, square_rest, True) if log_p > -745.0 else -fma(root, root, -far_square) / (2.0 * root)
    )
    z = near if central else far
    z_rest = _central_quantile(q, True) if central else far_rest
    ratio = _ratio_at(z, z_rest, False)
    ratio_rest = _ratio_at(z, z_rest, True)
    top = 1.2533141373155003 * ratio
    top_rest = fma(1.2533141373155003, ratio, -top) + fma(
        1.2533141373155003, ratio_rest, -9.164289990229583e-17 * ratio
    )
    result = top + top_rest
    quotient = top / tail
    lost = (fma(-quotient, tail, top) + top_rest) / tail
    return (quotient - top) + (lost - top_rest) if upper else result


@strict
def _central_quantile(q: float, rest: bool) -> float:
    """The z with P(0 < Z < z) = q for |q| <= 0.426, q sqrt(2 pi) and what is more; with `rest`, what that lacks."""
    square = q * q
    s = square - 0.09375
    more = 3.35944580290135 + fma(s, _central_series(s), 1.0414058700181285e-16)
    added = q * fma(square, more, -1.8328579980459167e-16)
    z = fma(q, 2.5066282746310007, added)
    linear = q * 2.5066282746310007
    return (linear - z) + added + fma(q, 2.5066282746310007, -linear) if rest else z


@exact
def _central_series(s: float) -> float:
    """((z / q - sqrt(2 pi)) / q^2 - c) / s where s = q^2 - 0.09375 and c is the value for s = 0; error 3e-17."""
    q = s * s
    w = q * q
    a = (10.754212618662743 + s * 44.42570111590521) + q * (207.0235885589763 + s * 1034.127293074313)
    b = (5403.0644928392785 + s * 29128.37739179589) + q * (160696.74570329156 + s * 902331.7210746033)
    c = (5137842.1203655405 + s * 29586634.725457307) + q * (171969085.51748255 + s * 1007373425.3414278)
    d = (5941801850.083875 + s * 35260120081.94461) + q * (209608095190.30295 + s * 1246495357744.8323)
    e = (7687915273421.021 + s * 49051689217140.65) + q * (247194281311962.2 + s * 864839978165841.9)
    f = (1.4341904375732768e16 + s * 1.9773183458260173e17) + q * (1.0185444115069834e16 - s * 1.3865367508712536e19)
    g = (2.5644583216243606e19 + s * 1.3997634114257934e21) + q * (1.8122865672167217e21 - s * 6.300687277260194e22)
    h = (-1.393190468918762e23 + s * 1.7985083103395503e24) + q * 6.989376477829894e24
    return a + w * (b + w * (c + w * (d + w * (e + w * (f + w * (g + w * h))))))


@strict
def _tail_quantile(square: float, square_rest: float, rest: bool) -> float:
    """The z > 0 with log P(Z > z) = -square / 2, 2.27^2 to 38.65^2, as r = sqrt(square) less something.

    With `rest`, what that lacks.
    """
    r = sqrt(square)
    r_rest = (square_rest - fma(r, r, -square)) / (2.0 * r)
    s = ((r - 8.0) / (r + 8.0)) - 0.0625
    less = 0.3482837011131521 + fma(s, _tail_series(s), -1.1137287131203318e-17)
    less = less - r_rest
    z = r - less
    return (r - z) - less if rest else z


@exact
def _tail_series(s: float) -> float:
    """(r - z - c) / s where s = (r - 8) / (r + 8) - 1 / 16 and c is the value for s = 0; error 1e-16 of r - z."""
    q = s * s
    w = q * q
    a = (-0.4874041943316653 + s * 0.2566711695363478) + q * (-0.20015913455177037 + s * 0.13829416947021178)
    b = (-0.11254844879089926 + s * 0.08295808680343489) + q * (-0.06972580563103678 + s * 0.05331053200100343)
    c = (-0.04633775844643107 + s * 0.03640291985432538) + q * (-0.032633967142554315 + s * 0.026083890924446403)
    d = (-0.02397564054910154 + s * 0.019300318110051444) + q * (-0.018187517231174115 + s * 0.01477405153516444)
    e = (-0.013650492446594876 + s * 0.010164418639913502) + q * (-0.013307986078006711 + s * 0.014598133594380867)
    f = (0.0014491687042940328 - s * 0.01608412241214757) + q * (-0.040698971773927256 + s * 0.07131724498773293)
    g = (0.07285580036722303 - s * 0.1297352136869317) + q * (-0.13063758279716542 + s * 0.1881738619453017)
    h = (0.12161115094452968 - s * 0.15362604271282942) + q * (-0.06546057685927403 + s * 0.0659270895641113)
    return a + w * (b + w * (c + w * (d + w * (e + w * (f + w * (g + w * h))))))
