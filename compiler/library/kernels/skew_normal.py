"""The cdf of the skew normal distribution, exact in both tails.

For z <= 0 the cdf at z is (1/pi) times the integral of exp(-z^2 / (2 sin(t)^2)) over t from 0 to the angle
arccot(alpha) (Owen's T function in the form that needs no subtraction), here over x = cot(t); for z > 0 its
complement is the cdf at -z with shape -alpha. Where neither tail is small, Phi(z) - 2 T(z, alpha) loses nothing, and
takes a tenth of the time.
Owen 1956, Tables for computing bivariate normal probabilities; Azzalini 1985, section 2.
"""

from __future__ import annotations

import math

from .gamma import log1mexp
from .normal import log_ndtr, log_tail_rest
from .owens import ROOT_HALF, owens_t
from .quadrature import NODES, WEIGHTS

ROOT_2_OVER_PI = math.sqrt(2 / math.pi)
SMALL = 0.1  # a tail from which the subtraction takes digits


def share_below(z, alpha):
    """The cdf by Owen's T; good for `is_middling` values."""
    return 0.5 * math.erfc(-ROOT_HALF * z) - 2 * owens_t(z, alpha)


def is_middling(share):
    return SMALL < share < 1 - SMALL


def wedge(h, alpha):
    """(exponent, rest): the integral above for h = |z| is exp(-exponent) * rest; it is largest at x = max(alpha, 0)."""
    if alpha <= 0:  # the normal tail, and what the angle adds beyond a right angle
        return 0.5 * h * h, math.exp(log_tail_rest(h)) + arc(h, 0.0, -alpha) / math.pi
    return 0.5 * h * h * (1 + alpha * alpha), arc(h, alpha, math.inf) / math.pi


def log_wedge(h, alpha):
    exponent, rest = wedge(h, alpha)
    return math.log(rest) - exponent


def arc(h, start, end):
    """The integral of exp(-h^2 (x^2 - start^2) / 2) / (1 + x^2) over x from start >= 0 to end.

    Over u = asinh(x), in which it decays within a few units however small h is; sinh(u)^2 - sinh(first)^2 is a product.
    """
    first = math.asinh(start)
    length = 40.0  # beyond this 1 / cosh(u) is below exp(-40) of its first value
    if end < math.inf:
        length = min(length, math.asinh(end) - first)
    if h > 0:  # and beyond this the exponential is
        reach = 80 / (h * h)
        last = math.sqrt(start * start + reach)  # the sum formula of asinh keeps the digits of a short way
        length = min(length, math.asinh(reach / (last * math.hypot(1.0, start) + start * math.hypot(1.0, last))))
    panels = 2 + int(length)
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
    share = share_below(z, alpha)
    if is_middling(share):
        return math.log(share)
    return log_wedge(-z, alpha) if z <= 0 else log1mexp(log_wedge(z, -alpha))


def log_skew_normal_cdf_z(z, alpha):
    """The density over the cdf; on the left without the exponentials that both have."""
    if z == math.inf or z == -math.inf:
        return 0.0
    share = share_below(z, alpha)
    if is_middling(share):
        return ROOT_2_OVER_PI * math.exp(log_ndtr(alpha * z) - 0.5 * z * z) / share
    if z <= 0:
        _, rest = wedge(-z, alpha)
        return ROOT_2_OVER_PI * math.exp(log_tail_rest(-alpha * z) if alpha > 0 else log_ndtr(alpha * z)) / rest
    log_density = log_ndtr(alpha * z) - 0.5 * z * z
    return ROOT_2_OVER_PI * math.exp(log_density - log_skew_normal_cdf(z, alpha))


def log_skew_normal_cdf_alpha(z, alpha):
    """The cdf falls by exp(-z^2 (1 + alpha^2) / 2) / (pi (1 + alpha^2)) per unit of alpha."""
    if z == math.inf or z == -math.inf:
        return 0.0
    square = 1 + alpha * alpha
    share = share_below(z, alpha)
    if is_middling(share):
        return -math.exp(-0.5 * z * z * square) / (math.pi * square * share)
    if z <= 0:
        _, rest = wedge(-z, alpha)
        return -(1.0 if alpha > 0 else math.exp(-0.5 * z * z * alpha * alpha)) / (math.pi * square * rest)
    return -math.exp(-0.5 * z * z * square - log_skew_normal_cdf(z, alpha)) / (math.pi * square)
