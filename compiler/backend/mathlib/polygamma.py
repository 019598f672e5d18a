"""The derivatives of log gamma.

From 3 on by series in 1 / x^2, fitted to [3, infinity); on [1, 3] by polynomials, and one step of the recurrence below.
Below 0 by reflection.
"""

# ruff: noqa: F821
from ..language import exact, strict


@strict
def _from_two(a: float) -> float:
    """Where the polynomials on [1, 3] are evaluated: for a, or for a + 1 if a < 1; beyond 3 they do not count."""
    t = (a - 1.0) if a < 1.0 else (a - 2.0)
    return t if a < 3.0 else 1.0


@strict
def _rest_of_inverse(u: float, a: float) -> float:
    """What u, 1 / a rounded, lacks."""
    return 0.0 if u == inf or a == inf else fma(-u, a, 1.0) * u


@strict
def digamma(x: float) -> float:
    """d/dx log |gamma(x)| within 2 ulp; nan at the poles."""
    below = digamma_below(nan if x > 0.0 else x)
    return digamma_above(x) if x > 0.0 else below


@strict
def digamma_above(a: float) -> float:
    """The same for a > 0."""
    small = a < 1.0
    t = _from_two(a)
    distance = (a - 0.46163214496836236) if small else (a - 1.4616321449683622)
    distance_rest = 1.5522348162858677e-17 if small else -9.549995429965697e-17
    inner = t * _digamma_series(t)
    series = 0.7853075386041053 + inner
    series_rest = (inner - (series - 0.7853075386041053)) - 2.470014521794762e-17
    near = fma(distance, series, fma(distance, series_rest, distance_rest * series))  # at a + 1 for a < 1
    u = 1.0 / a
    u_rest = _rest_of_inverse(u, a)
    s = u * u
    s = s if s < 0.112 else 0.112
    far = long_log(a, False) + (long_log(a, True) - fma(s, _digamma_far(s), 0.5 * u))
    far = inf if a == inf else far
    return ((near - u_rest) - u if small else near) if a < 3.0 else far


@exact
def _digamma_series(t: float) -> float:
    """(digamma(x) / (x - zero) - c) / t where t = x - 2 and c is the value for t = 0, 1 <= x <= 3; error 2e-18."""
    q = t * t
    w = q * q
    a = (-0.2607389546830014 + t * 0.10899991701762841) + q * (-0.04955103291766767 + t * 0.023447309597562315)
    b = (-0.011338432553553088 + t * 0.005552254176163854) + q * (-0.002739572878878444 + t * 0.001358142115660262)
    c = (-0.0006753134172771423 + t * 0.00033643307392409804) + q * (
        -0.00016781485745549608 + t * 8.377541533754836e-05
    )
    d = (-4.1847758637407615e-05 + t * 2.090944279433702e-05) + q * (-1.043615113408139e-05 + t * 5.216485445131201e-06)
    e = (-2.6450069563210817e-06 + t * 1.322327646207658e-06) + q * (-5.878282013270488e-07 + t * 2.938946209899294e-07)
    f = (-2.5162239592946485e-07 + t * 1.258090299216334e-07) + q * (4.46741085718643e-08 - t * 2.2337287908168016e-08)
    g = (-6.628736705562654e-08 + t * 3.314365249205256e-08) + q * (2.0501183895194647e-08 - t * 1.0250592958849892e-08)
    h = -5.4669888399440215e-09 + t * 2.7334936115473567e-09
    return a + w * (b + w * (c + w * (d + w * (e + w * (f + w * (g + w * h))))))


@exact
def _digamma_far(s: float) -> float:
    """(log x - 1 / (2 x) - digamma(x)) / s where s = 1 / x^2 for x >= 3; error 2.1e-18 of digamma."""
    q = s * s
    w = q * q
    a = (0.08333333333333333 - s * 0.008333333333294637) + q * (0.003968253948413878 - s * 0.004166662610806694)
    b = (0.007575319141339918 - s * 0.021063933358260106) + q * (0.0820733588984081 - s * 0.4045406921025246)
    c = (2.172186775531551 - s * 10.680672737836394) + q * (40.78054075278386 - s * 101.3156032293876)
    d = 119.19157811856279
    return a + w * (b + w * (c + w * d))


@strict
def trigamma(x: float) -> float:
    """The second derivative of log gamma within 2 ulp; inf at the poles."""
    a = fabs(x)
    small = a < 1.0
    t = _from_two(a)
    near = fma(t, _trigamma_series(t), 0.6449340668482264)  # at a + 1 for a < 1
    u = 1.0 / a
    u_rest = _rest_of_inverse(u, a)
    s = u * u
    s_rest = 0.0 if s == inf else fma(u, u, -s) + 2.0 * u * u_rest
    bounded = s if s < 0.112 else 0.112
    far = u + fma(0.5, s, u_rest + u * (bounded * _trigamma_far(bounded)))
    right = (s + (near + s_rest) if small else near) if a < 3.0 else far

    # trigamma(x) = (pi / sin(pi x))^2 - trigamma(1 - x)
    f = x - rint(x)
    ratio = long_sine_ratio(f, False)
    sine = f * ratio
    sine_rest = fma(f, long_sine_ratio(f, True), fma(f, ratio, -sine))
    v = 3.141592653589793 / sine
    v_rest = (fma(-v, sine, 3.141592653589793) + (1.2246467991473532e-16 - v * sine_rest)) / sine
    square = v * v
    after = near if small else right - s
    left = square + ((fma(v, v, -square) + 2.0 * v * v_rest) - after)
    left = inf if f == 0.0 or square == inf or a == inf else left
    result = right if x > 0.0 else left
    return result if x == x else x


@exact
def _trigamma_series(t: float) -> float:
    """(trigamma(x) - trigamma(2)) / t where t = x - 2, 1 <= x <= 3; error 1.2e-18."""
    q = t * t
    w = q * q
    a = (-0.4041138063191886 + t * 0.24696970113341415) + q * (-0.14771102057347948 + t * 0.08671530992228557)
    b = (-0.05009566429155739 + t * 0.02854149338410166) + q * (-0.016067142607884617 + t * 0.008951176180350354)
    c = (-0.004941886056561095 + t * 0.002706951725604859) + q * (-0.0014725599860647782 + t * 0.000796228610307791)
    d = (-0.0004282367710766434 + t * 0.00022921824128015883) + q * (
        -0.00012218714249389844 + t * 6.495547422216737e-05
    )
    e = (-3.4379339216418935e-05 + t * 1.794848746730281e-05) + q * (-9.448059588250854e-06 + t * 5.383471862784878e-06)
    f = (-2.81553897100006e-06 + t * 7.78463770835194e-07) + q * (-4.1161102689013854e-07 + t * 1.0584850363201798e-06)
    g = (-5.45289599193843e-07 - t * 4.701977152110525e-07) + q * (2.4041213362089556e-07 + t * 3.538778211670739e-07)
    h = (-1.815314030753097e-07 - t * 1.1078570976274719e-07) + q * (5.677637583919174e-08 + t * 2.3525899842974557e-08)
    i = -1.2070398145805711e-08
    return a + w * (b + w * (c + w * (d + w * (e + w * (f + w * (g + w * (h + w * i)))))))


@exact
def _trigamma_far(s: float) -> float:
    """(trigamma(x) - 1 / x - 1 / (2 x^2)) x^3 where s = 1 / x^2, for x >= 3; error 2.4e-18 of trigamma."""
    q = s * s
    w = q * q
    a = (0.16666666666666663 - s * 0.033333333333160034) + q * (0.023809523706389883 - s * 0.03333330880144696)
    b = (0.07575447786930659 - s * 0.25287399814659733) + q * (1.1542975037487164 - s * 6.639068782706134)
    c = (42.586552301671425 - s * 262.6816398079848) + q * (1355.617460055766 - s * 5159.302656872705)
    d = 12453.77249775757 - s * 14074.060850362162
    return a + w * (b + w * (c + w * d))
