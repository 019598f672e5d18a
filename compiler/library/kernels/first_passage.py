"""When a drifting process reaches the upper of two boundaries, in trials that vary: densities and their integrals.

The drift varies normally, which is integrated out in closed form; the start varies uniformly over `var_beta` of the
distance and the delay uniformly over `var_tau`. What is asked is then a double integral of the density g(t) for one
start: over starts, and over times t with a weight that is linear between `time - var_tau` and `time`, where trials
whose delays differ part. `x` is how far such a time is from `time`, in units of `var_tau`.

- the density weighs those times only, with 1 / var_tau;
- the probability of being there by `time` weighs them by x, and earlier ones by 1;
- the probability of coming later weighs them by 1 - x, and later ones by 1.

Each is Gauss-Legendre quadrature in the logarithm of time, with as many points as the density varies; the slopes are
integrals over the same points.
"""

from __future__ import annotations

import math

from ..graph import np
from .quadrature import point
from .wiener import LONG, long_series, short_series

DENSITY, SOONER, LATER = 0, 1, 2
NEGLIGIBLE = 45.0  # exponentials of minus this do not count
TOP, VALUE, BY_TIME, BY_ALPHA, BY_BETA, BY_DELTA, BY_SPREAD, BY_VAR_BETA, BY_VAR_TAU = range(9)  # of the sums


def log_density(time, alpha, beta, delta, spread, var_beta, var_tau):
    return logarithms(DENSITY, time, alpha, beta, delta, spread, var_beta, var_tau)


def log_sooner(time, alpha, beta, delta, spread, var_beta, var_tau):
    return logarithms(SOONER, time, alpha, beta, delta, spread, var_beta, var_tau)


def log_later(time, alpha, beta, delta, spread, var_beta, var_tau):
    return logarithms(LATER, time, alpha, beta, delta, spread, var_beta, var_tau)


def logarithms(kind, time, alpha, beta, delta, spread, var_beta, var_tau):
    """The logarithm of the density or probability and its derivative in each argument; nan for impossible processes."""
    starts = 0 < beta < 1 and 0 <= var_beta < 1 and var_beta <= 2 * min(beta, 1 - beta)
    if (
        not (starts and 0 < alpha < math.inf and abs(time) + abs(delta) + spread + var_tau < math.inf)
        or min(spread, var_tau) < 0
    ):
        return math.nan, math.nan, math.nan, math.nan, math.nan, math.nan, math.nan, math.nan
    if time <= 0 and kind != LATER:
        return -math.inf, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    sums = np.zeros(9)
    sums[TOP] = -math.inf
    if var_beta == 0:
        add_start(sums, kind, 1.0, time, var_tau, (0.0, alpha, 1 - beta, delta, spread))
    else:
        add_starts(sums, kind, time, var_beta, var_tau, (0.0, alpha, 1 - beta, delta, spread))
    value = sums[VALUE]
    if value == 0:
        return -math.inf, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    return (
        sums[TOP] + math.log(value),
        sums[BY_TIME] / value,
        sums[BY_ALPHA] / value,
        sums[BY_BETA] / value,
        sums[BY_DELTA] / value,
        sums[BY_SPREAD] / value,
        sums[BY_VAR_BETA] / value,
        sums[BY_VAR_TAU] / value,
    )


def add_starts(sums, kind, time, var_beta, var_tau, process):
    """Add the parts of starts from the nearest to where they do not count: when time is short."""
    _, alpha, start, delta, spread = process
    nearest, farthest = alpha * (start - 0.5 * var_beta), alpha * (start + 0.5 * var_beta)
    pull = abs(delta) + spread * spread * farthest
    width = alpha * var_beta
    soonest = nearest * nearest / (50.0 if kind == LATER else 2 * NEGLIGIBLE)
    reach = farthest * farthest / 3  # the time by which most are there, or which tells starts apart
    if time - var_tau > soonest:
        reach = time - var_tau
    if time > soonest or kind != LATER:
        reach = min(reach, time)
    if kind != LATER:  # the nearest are there first
        width = min(width, math.sqrt(nearest * nearest + 2 * time * (NEGLIGIBLE + pull * width)) - nearest)
    change = width * ((nearest + 0.5 * width) / reach + pull)
    panels = whole(change / 15, 4)
    width /= panels * alpha * var_beta
    change /= panels
    size = 6 if change < 1 and width * var_beta < 0.3 else (10 if change < 5 else 20)
    for panel in range(panels):
        for i in range(size):
            position, share = point(size, i)
            offset = 0.5 - width * (panel + position)
            moved = (offset, alpha, start - var_beta * offset, delta, spread)
            add_start(sums, kind, share * width, time, var_tau, moved)


def add_start(sums, kind, share, time, var_tau, process):
    """Add the part of one start, which is `share` of all."""
    if time > 0 and var_tau == 0:
        rate = 0.0 if kind == DENSITY else (share if kind == SOONER else -share)
        add(sums, share if kind == DENSITY else 0.0, rate, kind == DENSITY, 0.5, time, process)
    elif time > 0:
        first = max(time - var_tau, 0.0)
        add_stretch(sums, kind, share, first, min(time, var_tau), time, var_tau, process)
    if kind == SOONER and time - var_tau > 0:
        add_stretch(sums, kind, share, 0.0, time - var_tau, 0.0, 0.0, process)
    if kind == LATER:
        add_stretch(sums, kind, share, max(time, 0.0), math.inf, 0.0, 0.0, process)


def add_stretch(sums, kind, share, first, span, time, var_tau, process):
    """Add the integral over the times from `first` to `first + span`; with `var_tau`, where trials part."""
    last = first + span
    peak = min(max(likeliest(process), first), last)
    least = loss(peak, process)
    start, end = trimmed(first, peak, least, process), trimmed(last, peak, least, process)
    length = math.log1p(span / first) if start == first and end == last else math.log(end / start)
    if start > first:
        first = start
    ahead = var_tau if start == time - var_tau else time - start
    change = max(loss(start, process), loss(end, process)) - least
    panels = whole(max(max(length / 1.5, change / 15), length * math.sqrt(least) / 5), 200)
    width = length / panels
    change /= panels
    size = 6 if width < 0.5 and change < 0.5 else (10 if width < 1 and change < 4 else 20)
    for panel in range(panels):
        for i in range(size):
            position, weight = point(size, i)
            z = width * (panel + position)
            t = start * math.exp(z)
            weight = share * weight * width * t
            if var_tau == 0:
                add(sums, weight, 0.0, False, 0.0, t, process)
                continue
            x = (ahead - start * math.expm1(z)) / var_tau
            if kind == DENSITY:
                add(sums, weight / var_tau, 0.0, True, x, t, process)
            elif kind == SOONER:
                add(sums, weight * x, weight / var_tau, False, x, t, process)
            else:
                add(sums, weight * (1 - x), -weight / var_tau, False, x, t, process)


def whole(x, most):
    """The next whole number, but no more than `most`, which also stands for nan."""
    return 1 + int(x) if x < most - 1 else most


def loss(t, process):
    """About minus the logarithm of the density: it falls to where t is likeliest, and rises from there on."""
    _, alpha, start, delta, spread = process
    distance, square = alpha * start, spread * spread
    drive = delta + square * distance
    return 0.5 * (distance * distance / t + t * (drive * drive / (1 + square * t) + (math.pi / alpha) ** 2))


def likeliest(process):
    """About the time at which `loss` is least."""
    _, alpha, start, delta, spread = process
    distance, square = alpha * start, spread * spread
    speed = abs(delta + square * distance) - square * distance
    return distance / max(speed, math.pi / alpha)


def trimmed(end, peak, least, process):
    """About the time between `end` and the peak beyond which nothing counts, `end` if there is none."""
    _, alpha, start, _, _ = process
    most = least + NEGLIGIBLE
    if end == 0:
        end = (alpha * start) ** 2 / (2 * most)
    elif end == math.inf:
        end = 2 * most * (alpha / math.pi) ** 2
    if loss(end, process) <= most:
        return end
    outer, inner = math.log(end), math.log(peak)
    for _ in range(8):
        middle = 0.5 * (outer + inner)
        if loss(math.exp(middle), process) > most:
            outer = middle
        else:
            inner = middle
    return math.exp(outer)


def add(sums, weight, rate, moves, x, t, process):
    """Add g(t) times `weight`; to the slope in `time`, g(t) times `rate`, and where t `moves` with it g'(t)."""
    offset, alpha, start, delta, spread = process
    exponent, factor, by_u, by_w = passage(t / (alpha * alpha), start)
    distance = alpha * start
    square = spread * spread
    scale = 1 + square * t
    numerator = square * distance * distance + 2 * delta * distance - delta * delta * t
    exponent += 0.5 * numerator / scale
    height = factor / (math.sqrt(scale) * alpha * alpha)
    if exponent > sums[TOP]:
        shrunk = math.exp(sums[TOP] - exponent)
        for k in range(VALUE, BY_VAR_TAU + 1):
            sums[k] *= shrunk
        sums[TOP] = exponent
    height *= math.exp(exponent - sums[TOP])
    part = weight * height
    late = (numerator / scale + 1) / scale
    by_time = height * rate
    if moves:
        by_time += part * (by_u / (alpha * alpha) - 0.5 * (delta * delta / scale + square * late))
    by_start = part * (alpha * (square * distance + delta) / scale + by_w)
    sums[VALUE] += part
    sums[BY_TIME] += by_time
    sums[BY_VAR_TAU] -= x * by_time
    sums[BY_ALPHA] += part * (
        (square * distance + delta) * start / scale - 2 * (t * by_u / (alpha * alpha) + 1) / alpha
    )
    sums[BY_BETA] -= by_start
    sums[BY_VAR_BETA] -= offset * by_start
    sums[BY_DELTA] += part * (distance - delta * t) / scale
    sums[BY_SPREAD] += part * spread * (distance * distance / scale - t * late)


def passage(u, w):
    """(e, f, slopes) where f exp(e) is the standard process's density and the slopes those of its logarithm."""
    if u < LONG:
        images, cubes, slope = short_series(u, w)
        height = images / (math.sqrt(2 * math.pi * u) * u)
        return -0.5 * w * w / u, height, (0.5 * cubes / (u * images) - 1.5) / u, slope / images
    modes, cubes, slope = long_series(u, w)
    square = math.pi * math.pi
    return -0.5 * square * u, math.pi * modes, -0.5 * square * cubes / modes, math.pi * slope / modes
