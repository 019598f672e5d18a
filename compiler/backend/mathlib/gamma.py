"""The gamma function and its logarithm.

From 3 on by Stirling's formula, whose remainder is a polynomial in 1 / x^2 fitted to [3, infinity); below by
polynomials on [1, 3], which hold the zeros of the logarithm as factors, and one step of the recurrence. Below 0 by
reflection: gamma(x) gamma(1 - x) = pi / sin(pi x).
"""

# ruff: noqa: F821
from ..language import exact, strict


@strict
def log_gamma(x: float) -> float:
    """log |gamma(x)| within 2 ulp."""
    below = log_gamma_below(nan if x > 0.0 else x)
    return log_gamma_above(x, False) if x > 0.0 else below


@strict
def log_gamma_above(x: float, rest: bool) -> float:
    """log gamma(x) for x > 0; with `rest`, what that lacks, which is known for x >= 3 alone."""
    small = x < 1.0
    next_near = _log_gamma_near(x if small else x - 1.0, (x - 1.0) if small else (x - 2.0))
    high = long_log(x, False)
    low = long_log(x, True)
    near = (next_near - low) - high if small else next_near

    less = high - 1.0
    half = x - 0.5
    main = half * less
    more = fma(half, less, -main) + (half * (low + ((high - less) - 1.0)) + (0.4189385332046728 + _stirling(x)))
    far = main + more
    lost = 0.0 if x < 3.0 else more - (far - main)
    return lost if rest else (near if x < 3.0 else (far if x < 2.55634867e305 else inf))


@strict
def _log_gamma_near(u: float, v: float) -> float:
    """log gamma(1 + u) where v = u - 1, for 0 <= u <= 2; beyond, it does not count."""
    t = v if v < 1.0 else 1.0
    series = 0.42278433509846713 + fma(t, _log_gamma_series(t), 4.942915152430645e-18)
    w = u * v
    return fma(w, series, fma(u, v, -w) * series)


@exact
def _log_gamma_series(t: float) -> float:
    """(lgamma(x) / ((x - 1) (x - 2)) - c) / t where t = x - 2 and c is the value for t = 0, on [1, 3]; error 2e-18."""
    q = t * t
    w = q * q
    a = (-0.1003173016743539 + t * 0.032965000621155816) + q * (-0.012384192193374183 + t * 0.004998641164698706)
    b = (-0.0021081308338353785 + t * 0.0009153769221939477) + q * (-0.0004057073998333553 + t * 0.00018255264018626728)
    c = (-8.309510094797398e-05 + t * 3.8168877217049974e-05) + q * (-1.7661849545809686e-05 + t * 8.22227252824938e-06)
    d = (-3.8465374565754054e-06 + t * 1.8077244952477939e-06) + q * (
        -8.554195306752008e-07 + t * 4.0491176292722286e-07
    )
    e = (-1.8624721164419038e-07 + t * 8.858800462314761e-08) + q * (
        -5.1889381335192836e-08 + t * 2.4876913129422816e-08
    )
    f = (-9.172949166290702e-10 + t * 3.821541398410965e-10) + q * (-8.87711600370437e-09 + t * 4.305220610785349e-09)
    g = (2.444386936885692e-09 - t * 1.1901740908188623e-09) + q * (-8.152852870624974e-10 + t * 3.9592899392841773e-10)
    return a + w * (b + w * (c + w * (d + w * (e + w * (f + w * g)))))


@exact
def _stirling(x: float) -> float:
    """log gamma(x) less (x - 1/2) log x - x + log(2 pi) / 2, for x >= 3; error 7e-19."""
    u = 1.0 / x
    s = u * u
    s = s if s < 0.112 else 0.112
    return u * _stirling_series(s)


@exact
def _stirling_series(s: float) -> float:
    """x times the remainder, with s = 1 / x^2."""
    q = s * s
    w = q * q
    a = (0.08333333333333333 - s * 0.002777777777767353) + q * (0.0007936507891020488 - s * 0.0005952373063227016)
    b = (0.000841678862598761 - s * 0.0019135564194573535) + q * (0.006266355072207451 - s * 0.02591763548428459)
    c = (0.11229667461420963 - s * 0.41302940091672014) + q * (1.0364376287210755 - s * 1.2591741378706647)
    return a + w * (b + w * c)


@strict
def gamma(x: float) -> float:
    """The gamma function within 2 ulp; nan at its poles."""
    a = fabs(x)
    right = x > 0.0
    small = a < 1.0
    close = a < 3.0
    base = _gamma_near(a)  # gamma(a + 1) for a < 1
    near = base / a if small else base

    summand = 0.9189385332046728 - a
    rest = (0.9189385332046728 - (a + summand)) + (_stirling(a) - 3.878294158067242e-17)
    sign = 1.0 if right else -1.0
    far = exp_of_log_product(a, sign * (a - 0.5), sign * summand, sign * rest)  # gamma(x), or 1 / gamma(-x)
    positive = near if close else (far if a < 172.0 else inf)

    # gamma(x) = pi / (sin(pi x) gamma(1 - x))
    n = rint(x)
    f = x - n
    ratio = long_sine_ratio(f, False)
    sine = f * ratio
    sine_rest = fma(f, long_sine_ratio(f, True), fma(f, ratio, -sine))
    times = 1.0 if small else a
    product = times * base
    top = -1.0 if close else far
    bottom = product if close else x
    bottom_rest = fma(times, base, -product) if close else 0.0
    scaled = top / bottom
    above = 3.141592653589793 * scaled
    lost = 3.141592653589793 * (fma(-scaled, bottom, top) - scaled * bottom_rest) / bottom
    lost = lost + fma(1.2246467991473532e-16, scaled, fma(3.141592653589793, scaled, -above))
    quotient = above / sine
    lost = (fma(-quotient, sine, above) - quotient * sine_rest + lost) / sine
    left = quotient + lost if fabs(lost) < 1e-10 * fabs(quotient) else quotient
    left = left if rint(0.5 * n) != 0.5 * n else -left
    at_pole = copysign(inf, x) if x == 0.0 else nan
    left = at_pole if f == 0.0 or a == inf else left
    result = positive if right else left
    return result if x == x else x


@strict
def _gamma_near(x: float) -> float:
    """gamma(x) for 1 <= x <= 3, gamma(x + 1) for 0 < x < 1."""
    t = (x - 1.0) if x < 1.0 else (x - 2.0)
    return fma(t if t < 1.0 else 1.0, _gamma_series(t if t < 1.0 else 1.0), 1.0)


@exact
def _gamma_series(t: float) -> float:
    """(gamma(x) - 1) / t where t = x - 2, 1 <= x <= 3; error 3.7e-18."""
    q = t * t
    w = q * q
    a = (0.4227843350984671 + t * 0.41184033042643975) + q * (0.08157691924709548 + t * 0.07424901075350929)
    b = (-0.000266982069181964 + t * 0.011154045718349466) + q * (-0.0028526458114755196 + t * 0.0021039333358574765)
    c = (-0.0009195739604007311 + t * 0.0004903885116099796) + q * (-0.0002409404742596216 + t * 0.00012167332574976826)
    d = (-6.079799223183639e-05 + t * 3.0456107498764377e-05) + q * (
        -1.5216066749160227e-05 + t * 7.6123451211101325e-06
    )
    e = (-3.861901424634753e-06 + t * 1.9313871756410163e-06) + q * (-8.587314880278354e-07 + t * 4.294135372536154e-07)
    f = (-3.6772844652455485e-07 + t * 1.8386954441677968e-07) + q * (6.530260621177383e-08 - t * 3.265072907304092e-08)
    g = (-9.688701632832752e-08 + t * 4.844358449423901e-08) + q * (2.996521317467199e-08 - t * 1.4982604101564093e-08)
    h = -7.99070759719813e-09 + t * 3.995355788211703e-09
    return a + w * (b + w * (c + w * (d + w * (e + w * (f + w * (g + w * h))))))


@strict
def sine_ratio(f: float) -> float:
    """sin(pi f) / f for |f| <= 1/2; pi at 0."""
    z = f * f
    return 3.141592653589793 + fma(z, _sine_ratio_series(z), 1.2246467991473532e-16)


@strict
def long_sine_ratio(f: float, rest: bool) -> float:
    """sin(pi f) / f as the nearest float; with `rest`, what that lacks, so that both together are right to 1e-17."""
    z = f * f
    first = -5.16771278004997 * z
    first_rest = fma(-5.16771278004997, fma(f, f, -z), fma(-5.16771278004997, z, -first))
    high = 3.141592653589793 + first
    lost = (first - (high - 3.141592653589793)) + fma(2.2665622825789447e-16, z, first_rest + 1.2246467991473532e-16)
    low = fma(z * z, _sine_ratio_tail(z), lost)
    both = high + low
    return low - (both - high) if rest else both


@exact
def _sine_ratio_series(z: float) -> float:
    """(sin(pi f) / f - pi) / z where z = f^2; error 3e-21."""
    return -5.16771278004997 + z * _sine_ratio_tail(z)


@exact
def _sine_ratio_tail(z: float) -> float:
    """((sin(pi f) / f - pi) / z + pi^3 / 6) / z where z = f^2; error 5e-20."""
    q = z * z
    w = q * q
    a = (2.5501640398773455 - z * 0.599264529320791) + q * (0.08214588661108463 - z * 0.007370430944816936)
    b = (0.0004663027953897944 - z * 2.1915282920601852e-05) + q * (7.949258149042043e-07 - z * 2.2349456072698055e-08)
    return a + w * b
