"""The cdf of the skew normal distribution, exact in both tails.

All follows from `tail`, the cdf or its complement, which is computed once for value and slopes. At -h it is
Q(h) - 2 T(h, alpha) (Q: normal tail, T: Owen's function), where |alpha| > 1 by reflection a sum whose terms are small
where it is. Far out, and where that would take digits, it is an integral over the wedge that is left (`owens.arc`).
Above 0 the complement is the cdf at -z with shape -alpha.
Owen 1956, Tables for computing bivariate normal probabilities; Azzalini 1985, section 2.
"""

from __future__ import annotations

import math

from .normal import FAR, tail_series
from .owens import BROAD, ROOT_HALF, arc, normal_tail, owens_t_near

ROOT_2_OVER_PI = math.sqrt(2 / math.pi)
STEEP = 2.0  # alpha h up to which a difference takes no more than one digit


def is_far(z, alpha):
    """Whether the tail at z <= 0 is held without its exponential, exp(-z^2 (1 + max(alpha, 0)^2) / 2)."""
    return z < -BROAD or (z < 0 and alpha * z < -STEEP)


def tail(z, alpha):
    """The cdf, or minus its complement where that is less; the cdf where `is_far` without its exponential."""
    if z <= 0:
        return far_tail(-z, alpha) if is_far(z, alpha) else near_tail(-z, alpha)
    if not is_far(-z, -alpha):
        return -near_tail(z, -alpha)
    bend = min(alpha * z, 0.0)
    return -far_tail(z, -alpha) * math.exp(-0.5 * z * z - 0.5 * bend * bend)


def far_tail(h, alpha):
    """The cdf at -h without its exponential, where `is_far`."""
    s = abs(alpha) * h
    if alpha > 0:
        return arc(h, s, math.inf) / math.pi
    return tail_rest(h) + arc(h, 0.0, s) / math.pi


def near_tail(h, alpha):
    """The cdf at -h elsewhere, or minus its complement."""
    if abs(alpha) <= 1:
        return normal_tail(h) - math.copysign(2.0, alpha) * owens_t_near(h, abs(alpha))
    s = abs(alpha) * h if h > 0 else 0.0
    between = 2 * owens_t_near(s, 1 / abs(alpha))
    if alpha > 1:
        return between - math.erf(ROOT_HALF * h) * normal_tail(s)
    outside = math.erfc(ROOT_HALF * h)
    rest = math.erf(ROOT_HALF * h) * normal_tail(-s) + between
    return -rest if 0 < rest < 0.5 else outside + (1 - outside) * normal_tail(s) - between


def tail_rest(x):
    """The normal tail at x >= 0 without exp(-x^2 / 2)."""
    if x < -FAR:
        return normal_tail(x) * math.exp(0.5 * x * x)
    return tail_series(x) / (x * math.sqrt(2 * math.pi))


def is_complement(z, tail):
    return tail < 0 or (tail == 0 and z > 0)


def log_skew_normal_cdf(z, alpha, tail):
    """The logarithm of the cdf, with `tail(z, alpha)`."""
    if is_complement(z, tail):
        return math.log1p(tail)
    if is_far(z, alpha):
        bend = max(alpha, 0.0) * z
        return math.log(tail) - 0.5 * z * z - 0.5 * bend * bend
    return math.log(tail)


def log_skew_normal_cdf_z(z, alpha, tail):
    """The density over the cdf; far out without the exponentials that both have."""
    if z == math.inf or z == -math.inf:
        return 0.0
    s = alpha * z
    if is_far(z, alpha):
        return ROOT_2_OVER_PI * (tail_rest(-s) if alpha > 0 else normal_tail(-s)) / tail
    return ROOT_2_OVER_PI * math.exp(-0.5 * z * z) * normal_tail(-s) / near_cdf(z, tail)


def log_skew_normal_cdf_alpha(z, alpha, tail):
    """The cdf falls by exp(-z^2 (1 + alpha^2) / 2) / (pi (1 + alpha^2)) per unit of alpha."""
    if z == math.inf or z == -math.inf:
        return 0.0
    s, square = alpha * z, 1 + alpha * alpha
    if is_far(z, alpha):
        return -(1.0 if alpha > 0 else math.exp(-0.5 * s * s)) / (math.pi * square * tail)
    return -math.exp(-0.5 * z * z - 0.5 * s * s) / (math.pi * square * near_cdf(z, tail))


def near_cdf(z, tail):
    return 1 + tail if is_complement(z, tail) else tail
