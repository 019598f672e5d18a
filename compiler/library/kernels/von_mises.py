"""The cdf of the von Mises distribution on a circle cut open at -pi, by quadrature of its density.

The integrand is smooth and positive, so the integral is exact to rounding also in the tails and for a
concentration of any size.
"""

from __future__ import annotations

import math

from .bessel import i1_over_i0, log_i0
from .quadrature import NODES, WEIGHTS


def density(x, kappa):
    return math.exp(kappa * math.cos(x) - log_i0(kappa)) / (2 * math.pi)


def mass(start, end, kappa):
    """(probability, its derivative in kappa) of the angles from start to end around the mean direction 0."""
    panels = 4 + int((end - start) * math.sqrt(kappa))  # a panel is about one standard deviation wide
    width = (end - start) / panels
    mean_cosine, log_scale = i1_over_i0(kappa), log_i0(kappa) + math.log(2 * math.pi)
    total, slope = 0.0, 0.0
    for panel in range(panels):
        middle = start + (panel + 0.5) * width
        for i in range(len(NODES)):
            for sign in (-1.0, 1.0):
                cosine = math.cos(middle + sign * 0.5 * width * NODES[i])
                term = 0.5 * width * WEIGHTS[i] * math.exp(kappa * cosine - log_scale)
                total += term
                slope += term * (cosine - mean_cosine)
    return total, slope


def turned(angle):
    """The same angle in [-pi, pi)."""
    return angle - 2 * math.pi * math.floor((angle + math.pi) / (2 * math.pi))


def mass_between(start, end, mu, kappa):
    """`mass` of start ... end around mu, for -pi <= start <= end <= pi; whole turns count as one."""
    left = turned(start - mu)
    right = left + (end - start)
    if right <= math.pi:
        return mass(left, right, kappa)
    first, first_slope = mass(left, math.pi, kappa)
    second, second_slope = mass(-math.pi, right - 2 * math.pi, kappa)
    return first + second, first_slope + second_slope


def log_cdf(y, mu, kappa):
    if not (-math.pi <= y <= math.pi):
        return math.nan
    value = mass_between(-math.pi, y, mu, kappa)[0]
    return math.log(min(value, 1.0)) if value > 0 else -math.inf


def log_ccdf(y, mu, kappa):
    if not (-math.pi <= y <= math.pi):
        return math.nan
    value = mass_between(y, math.pi, mu, kappa)[0]
    return math.log(min(value, 1.0)) if value > 0 else -math.inf


def log_cdf_y(y, mu, kappa):
    return density(y - mu, kappa) / math.exp(log_cdf(y, mu, kappa))


def log_cdf_mu(y, mu, kappa):
    return (density(math.pi - mu, kappa) - density(y - mu, kappa)) / math.exp(log_cdf(y, mu, kappa))


def log_cdf_kappa(y, mu, kappa):
    value, slope = mass_between(-math.pi, y, mu, kappa)
    return slope / value


def log_ccdf_y(y, mu, kappa):
    return -density(y - mu, kappa) / math.exp(log_ccdf(y, mu, kappa))


def log_ccdf_mu(y, mu, kappa):
    return (density(y - mu, kappa) - density(math.pi - mu, kappa)) / math.exp(log_ccdf(y, mu, kappa))


def log_ccdf_kappa(y, mu, kappa):
    value, slope = mass_between(y, math.pi, mu, kappa)
    return slope / value
