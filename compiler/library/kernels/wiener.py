"""The first-passage density of a standard Wiener process at one end of the unit interval.

f(u, w) is the density of the time u at which a process started at w leaves (0, 1) at 0. Two series describe
it, one that converges fast for short times and one for long ones; both, and their derivatives, are summed to
double precision with the leading exponential taken out, so that the logarithm never underflows. There are no
branches and no loops, so that loops over many outcomes become SIMD code.
Navarro and Fuss 2009, Journal of Mathematical Psychology 53, equations 5 and 6.
"""

from __future__ import annotations

import math

LONG = 0.3  # from this time on the series in eigenfunctions is the shorter one
LOG_SQRT_2PI = 0.9189385332046727


def short_series(u, w):
    """Sums over k of x, x^3 and 1 - x^2 / u, each times exp((w^2 - x^2) / (2 u)), where x = w + 2 k.

    Images farther than from -3 to 2 have weights below exp(-60) up to LONG.
    """
    rest = 1 - w
    round_trip, back, lost = math.exp(-2 / u), math.exp(-2 * rest / u), math.expm1(-2 * rest / u)
    right = round_trip * math.exp(-2 * w / u)
    right_2 = right * right * (round_trip * round_trip)
    left_2 = back * round_trip * (back * round_trip)
    left_3 = left_2 * (back * (round_trip * round_trip) * (round_trip * round_trip))
    a, b, c, d, e, f = w * w, (w + 2) ** 2, (w + 4) ** 2, (w - 2) ** 2, (w - 4) ** 2, (w - 6) ** 2
    # images in pairs that are each other's negative at the far end
    x0 = w + back * (w - 2) if w < 0.5 else -lost - rest * (2 + lost)
    x1, x2 = right * (w + 2) + left_2 * (w - 4), right_2 * (w + 4) + left_3 * (w - 6)
    odd = rest * (3 + rest * rest)
    y0 = w * a + back * ((w - 2) * d) if w < 0.5 else -2 * odd - lost * (1 + 3 * rest * rest + odd)
    y1 = right * ((w + 2) * b) + left_2 * ((w - 4) * e)
    y2 = right_2 * ((w + 4) * c) + left_3 * ((w - 6) * f)
    weights = 1 + back + (right + left_2) + (right_2 + left_3)
    squares = a + back * d + (right * b + left_2 * e) + (right_2 * c + left_3 * f)
    return x0 + (x1 + x2), y0 + (y1 + y2), weights - squares / u


def long_series(u, w):
    """Sums over k of k sin, k^3 sin and k^2 cos of k pi w, each times exp((1 - k^2) pi^2 u / 2).

    Eigenfunctions after the fifth have weights below exp(-50) from LONG on.
    """
    end = min(w, 1 - w)
    half = 0.5 * math.pi * end  # at most pi / 4
    z = half * half
    sine = half * sine_terms(z)
    cosine = cosine_terms(z)
    first = 2 * sine * cosine
    direction = 1 - 2 * sine * sine
    direction = direction if w < 0.5 else -direction
    decay = math.exp(-0.5 * math.pi * math.pi * u)
    decay_2 = decay * decay
    decay_4 = decay_2 * decay_2
    weight_2 = decay_2 * decay
    weight_3 = decay_4 * decay_4
    weight_4 = weight_3 * decay_4 * weight_2
    weight_5 = weight_3 * weight_3 * weight_3
    # sines of k pi w over that of pi w, and cosines, by their recurrence
    twice = 2 * direction
    s2 = twice
    s3 = twice * s2 - 1
    s4 = twice * s3 - s2
    s5 = twice * s4 - s3
    c2 = twice * direction - 1
    c3 = twice * c2 - direction
    c4 = twice * c3 - c2
    c5 = twice * c4 - c3
    total = 1 + (weight_2 * (2 * s2) + weight_3 * (3 * s3)) + (weight_4 * (4 * s4) + weight_5 * (5 * s5))
    cubes = 1 + (weight_2 * (8 * s2) + weight_3 * (27 * s3)) + (weight_4 * (64 * s4) + weight_5 * (125 * s5))
    slope = (weight_2 * (4 * c2) + weight_3 * (9 * c3)) + (weight_4 * (16 * c4) + weight_5 * (25 * c5))
    return first * total, first * cubes, direction + slope


def sine_terms(z):
    """sin(x) / x, z = x^2, x at most pi / 4."""
    tail = 1 / 362880 + z * (-1 / 39916800 + z * (1 / 6227020800 - z / 1307674368000))
    return 1 + z * (-1 / 6 + z * (1 / 120 + z * (-1 / 5040 + z * tail)))


def cosine_terms(z):
    """cos(x), z = x^2, x at most pi / 4."""
    tail = 1 / 40320 + z * (-1 / 3628800 + z * (1 / 479001600 + z * (-1 / 87178291200 + z / 20922789888000)))
    return 1 + z * (-1 / 2 + z * (1 / 24 + z * (-1 / 720 + z * tail)))


def log_first_passage(u, w):
    """log f(u, w), for 0 <= w <= 1; -inf before the start, and from an end, which a process leaves at once."""
    early = min(u, LONG) if u > 0 else LONG
    late = max(u, LONG) if u > 0 else LONG
    images, _, _ = short_series(early, w)
    modes, _, _ = long_series(late, w)
    long = u >= LONG
    total = math.log(math.pi * modes if long else images)
    exponent = -0.5 * math.pi * math.pi * late if long else -0.5 * w * w / early - 1.5 * math.log(early) - LOG_SQRT_2PI
    reached = total + exponent if 0 < w < 1 else (-math.inf if w == 0 or w == 1 else math.nan)
    return reached if u > 0 else (-math.inf if u <= 0 else u)


def log_first_passage_u(u, w):
    early = min(u, LONG) if u > 0 else LONG
    late = max(u, LONG) if u > 0 else LONG
    images, image_cubes, _ = short_series(early, w)
    modes, mode_cubes, _ = long_series(late, w)
    short = (0.5 * image_cubes / (early * images) - 1.5) / early
    long = -0.5 * math.pi * math.pi * mode_cubes / modes
    return (long if u >= LONG else short) if u > 0 and w != 0 and w != 1 else 0.0


def log_first_passage_w(u, w):
    early = min(u, LONG) if u > 0 else LONG
    late = max(u, LONG) if u > 0 else LONG
    images, _, image_slope = short_series(early, w)
    modes, _, mode_slope = long_series(late, w)
    slope = math.pi * mode_slope / modes if u >= LONG else image_slope / images
    return slope if u > 0 and w != 0 and w != 1 else 0.0
