"""The cdf of the skew normal distribution, exact in both tails.

For z <= 0 the cdf at z is (1/pi) times the integral of exp(-z^2 / (2 sin(t)^2)) over t from 0 to the angle
arccot(alpha) (Owen's T function in the form that needs no subtraction), here over x = cot(t); for z > 0 its
complement is the cdf at -z with shape -alpha.
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
        added = arc(h, 0.0, -alpha) / math.pi
        return log_ndtr(-h) + math.log1p(added * math.exp(-0.5 * h * h - log_ndtr(-h)))
    return -0.5 * h * h * (1 + alpha * alpha) + math.log(arc(h, alpha, math.inf) / math.pi)


def arc(h, start, end):
    """The integral of exp(-h^2 (x^2 - start^2) / 2) / (1 + x^2) over x from start >= 0 to end.

    Over u = asinh(x), in which it decays within a few units however small h is; sinh(u)^2 - sinh(first)^2 is a product.
    """
    first = math.asinh(start)
    length = 40.0  # beyond this 1 / cosh(u) is below exp(-40) of its first value
    if end < math.inf:
        length = min(length, math.asinh(end) - first)
    if h > 0:  # and beyond this the exponential is
        length = min(length, math.asinh(math.sqrt(start * start + 80 / (h * h))) - first)
    panels = 8 + int(length)
    total = 0.0
    half = 0.5 * length / panels
    for panel in range(panels):
        middle = (2 * panel + 1) * half
        for i in range(len(NODES)):
            below, above = middle - half * NODES[i], middle + half * NODES[i]
            total += WEIGHTS[i] * (arc_height(h, first, below) + arc_height(h, first, above))
    return half * total


def arc_height(h, first, beyond):
    return math.exp(-0.5 * h * h * math.sinh(2 * first + beyond) * math.sinh(beyond)) / math.cosh(first + beyond)


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
