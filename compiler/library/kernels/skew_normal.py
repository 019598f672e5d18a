"""The cdf of the skew normal distribution, exact in both tails.

For z <= 0 the cdf at z is (1/pi) times the integral of exp(-z^2 / (2 sin(t)^2)) over t from 0 to the angle
arccot(alpha) (Owen's T function in the form that needs no subtraction); for z > 0 its complement is the cdf
at -z with shape -alpha.
Owen 1956, Tables for computing bivariate normal probabilities; Azzalini 1985, section 2.
"""

from __future__ import annotations

import math

from .gamma import log1mexp
from .normal import log_ndtr
from .quadrature import NODES, WEIGHTS


def log_wedge(h, alpha):
    """log of the integral above for h = |z|. It is dominated by x = cot(t) near max(alpha, 0)."""
    if alpha <= 0:  # the normal tail, and what the angle adds beyond a right angle
        added = arc(h, 0.0, math.atan(-alpha)) / math.pi
        return log_ndtr(-h) + math.log1p(added * math.exp(-0.5 * h * h - log_ndtr(-h)))
    start = math.atan(alpha)
    return -0.5 * h * h * (1 + alpha * alpha) + math.log(arc(h, start, 0.5 * math.pi) / math.pi)


def arc(h, start, end):
    """The integral of exp(-h^2 (tan(t)^2 - tan(start)^2) / 2) over t from start >= 0 to end <= pi/2."""
    base = math.tan(start)
    if h > 0:  # beyond this the integrand is below exp(-40)
        end = min(end, math.atan(math.sqrt(base * base + 80 / (h * h))))
    total = 0.0
    width = (end - start) / 8
    for panel in range(8):
        middle = start + (panel + 0.5) * width
        for i in range(len(NODES)):
            step = 0.5 * width * NODES[i]
            below, above = math.tan(middle - step), math.tan(middle + step)
            values = math.exp(-0.5 * h * h * (below - base) * (below + base))
            values += math.exp(-0.5 * h * h * (above - base) * (above + base))
            total += 0.5 * width * WEIGHTS[i] * values
    return total


def log_skew_normal_cdf(z, alpha):
    if math.isnan(z) or math.isnan(alpha):
        return math.nan
    if z == math.inf or z == -math.inf:
        return 0.0 if z > 0 else -math.inf
    return log_wedge(-z, alpha) if z <= 0 else log1mexp(log_wedge(z, -alpha))


def log_skew_normal_cdf_z(z, alpha):
    """The density over the cdf."""
    if z == math.inf or z == -math.inf:
        return 0.0
    log_density = math.log(2 / math.sqrt(2 * math.pi)) - 0.5 * z * z + log_ndtr(alpha * z)
    return math.exp(log_density - log_skew_normal_cdf(z, alpha))


def log_skew_normal_cdf_alpha(z, alpha):
    """The cdf falls by exp(-z^2 (1 + alpha^2) / 2) / (pi (1 + alpha^2)) per unit of alpha."""
    if z == math.inf or z == -math.inf:
        return 0.0
    square = 1 + alpha * alpha
    return -math.exp(-0.5 * z * z * square - log_skew_normal_cdf(z, alpha)) / (math.pi * square)
