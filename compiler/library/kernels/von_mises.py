"""The cdf of the von Mises distribution on a circle cut open at -pi, by quadrature of its density.

The integrand is smooth and positive, so the integral is exact to rounding also in the tails and for a
concentration of any size.
"""

from __future__ import annotations

import math

from .bessel import log_i0_scaled, log_i0_scaled_slope
from .quadrature import NODES, WEIGHTS

EXPONENT = 50.0  # what falls below exp(-EXPONENT) of the largest value does not count


def density(x, kappa):
    return math.exp(-2 * kappa * math.sin(0.5 * x) ** 2 - log_i0_scaled(kappa)) / (2 * math.pi)


def mass(start, end, kappa):
    """(probability, its derivative in kappa) of the angles from start to end around the mean direction 0."""
    nearest = max(start, min(0.0, end))
    if kappa > 0:
        reach = 2 * math.asin(math.sqrt(min(1.0, math.sin(0.5 * nearest) ** 2 + 0.5 * EXPONENT / kappa)))
        start, end = max(start, -reach), min(end, reach)
    panels = 4 + int((end - start) * math.sqrt(kappa))  # a panel is about one standard deviation wide
    width = (end - start) / panels
    mean_loss, log_scale = -log_i0_scaled_slope(kappa), log_i0_scaled(kappa) + math.log(2 * math.pi)
    total, slope = 0.0, 0.0
    for panel in range(panels):
        middle = start + (panel + 0.5) * width
        for i in range(len(NODES)):
            for sign in (-1.0, 1.0):
                loss = 2 * math.sin(0.5 * (middle + sign * 0.5 * width * NODES[i])) ** 2  # 1 - cosine
                term = 0.5 * width * WEIGHTS[i] * math.exp(-kappa * loss - log_scale)
                total += term
                slope += term * (mean_loss - loss)
    return total, slope


def turned(angle):
    """The same angle in [-pi, pi)."""
    return angle - 2 * math.pi * math.floor((angle + math.pi) / (2 * math.pi))


def mass_between(start, end, mu, kappa):
    """`mass` of start ... end around mu, for -pi <= start <= end <= pi; whole turns count as one."""
    if not (abs(start - mu) < math.inf and abs(end - mu) < math.inf and 0 <= kappa < math.inf):
        return math.nan, math.nan
    left = turned(start - mu)
    right = left + (end - start)
    if right <= math.pi:
        return mass(left, right, kappa)
    first, first_slope = mass(left, math.pi, kappa)
    second, second_slope = mass(-math.pi, right - 2 * math.pi, kappa)
    return first + second, first_slope + second_slope


def tail(upper, y, mu, kappa):
    """(log, its derivative in kappa) of the probability of the angles above or below y; the smaller is integrated."""
    if not (-math.pi <= y <= math.pi):
        return math.nan, math.nan
    value, slope = mass_between(y, math.pi, mu, kappa) if upper else mass_between(-math.pi, y, mu, kappa)
    if value > 0.5:
        rest, slope = mass_between(-math.pi, y, mu, kappa) if upper else mass_between(y, math.pi, mu, kappa)
        return math.log1p(-rest), -slope / (1 - rest)
    return (math.log(value) if value > 0 else (-math.inf if value == 0 else math.nan)), slope / value


def fall(start, end, mu, kappa):
    """The density at one angle less that at another, without cancellation."""
    rise = -2 * math.sin(0.5 * (end + start) - mu) * math.sin(0.5 * (end - start))  # of the cosine
    if rise > 0:
        return density(end - mu, kappa) * math.expm1(-kappa * rise)
    return -density(start - mu, kappa) * math.expm1(kappa * rise)


def log_cdf(y, mu, kappa):
    return tail(False, y, mu, kappa)[0]


def log_ccdf(y, mu, kappa):
    return tail(True, y, mu, kappa)[0]


def log_cdf_y(y, mu, kappa):
    return density(y - mu, kappa) / math.exp(log_cdf(y, mu, kappa))


def log_cdf_mu(y, mu, kappa):
    return fall(-math.pi, y, mu, kappa) / math.exp(log_cdf(y, mu, kappa))


def log_cdf_kappa(y, mu, kappa):
    return tail(False, y, mu, kappa)[1]


def log_ccdf_y(y, mu, kappa):
    return -density(y - mu, kappa) / math.exp(log_ccdf(y, mu, kappa))


def log_ccdf_mu(y, mu, kappa):
    return fall(y, math.pi, mu, kappa) / math.exp(log_ccdf(y, mu, kappa))


def log_ccdf_kappa(y, mu, kappa):
    return tail(True, y, mu, kappa)[1]
