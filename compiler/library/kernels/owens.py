"""Owen's T: the probability of X > h and 0 < Y < a X for independent standard normal X and Y.

The integral of exp(-h^2 (1 + x^2) / 2) / (2 pi (1 + x^2)) from 0 to a, by Gauss's rule for |a| <= 1; larger |a| by
reflection (Owen 1956, equation 2.3).
"""

from __future__ import annotations

import math

from .quadrature import NODES, WEIGHTS

ROOT_HALF = 0.7071067811865476
HALF_WIDTH = 9.0  # standard deviations after which nothing of the integrand is left


def owens_t(h, a):
    """T(h, a)."""
    if not (h == h and a == a):
        return math.nan
    size, slope = abs(h), abs(a)
    value = owens_t_near(size, slope) if slope <= 1 else owens_t_reflected(size, slope)
    return -value if a < 0 else value


def owens_t_reflected(h, a):
    """For h >= 0 and a > 1; the tails of two normal variables, less T(a h, 1 / a)."""
    here = 0.5 * math.erfc(ROOT_HALF * h)
    there = 0.0 if a == math.inf and h > 0 else 0.5 * math.erfc(ROOT_HALF * (a * h if h > 0 else 0.0))
    rest = owens_t_near(a * h if h > 0 else 0.0, 1 / a) if there > 0 else 0.0
    return 0.5 * (here + there) - here * there - rest


def owens_t_near(h, a):
    """For h >= 0 and 0 <= a <= 1."""
    if h == math.inf:
        return 0.0
    end = min(a, HALF_WIDTH / h) if h > 0 else a
    quarter, total = 0.25 * end, 0.0
    for k in range(len(NODES)):
        near, far = quarter * (1 - NODES[k]), quarter * (1 + NODES[k])
        pairs = bell(h, near) + bell(h, far) + bell(h, near + 2 * quarter) + bell(h, far + 2 * quarter)
        total += WEIGHTS[k] * pairs
    return math.exp(-0.5 * h * h) * total * quarter / (2 * math.pi)


def bell(h, x):
    return math.exp(-0.5 * h * h * x * x) / (1 + x * x)


def owens_t_h(h, a):
    """The derivative in h."""
    scaled = a * h if h != 0 else 0.0
    return -0.19947114020071635 * math.exp(-0.5 * h * h) * math.erf(ROOT_HALF * scaled)


def owens_t_a(h, a):
    """The derivative in a."""
    if abs(a) == math.inf:
        return 0.0
    return math.exp(-0.5 * h * h * (1 + a * a)) / (2 * math.pi * (1 + a * a))
