"""Owen's T: the probability of X > h and 0 < Y < a X for independent standard normal X and Y.

The integral of exp(-h^2 (1 + x^2) / 2) / (2 pi (1 + x^2)) from 0 to a. Where |a| <= 1 and |a h| <= 3, half of a Gauss
rule of 24 points on (-a, a), as the integrand is even; its poles at i and -i, where the exponential is exp(h^2 / 2),
leave less than 1e-14 of it. Beyond a h = 3 in u = h x, see `arc`; larger |a| by reflection (Owen 1956, equation 2.3).
"""

from __future__ import annotations

import math

from .quadrature import NODES_OF_24, WEIGHTS_OF_24

ROOT_HALF = 0.7071067811865476
BROAD = 3.0  # a h from which the integral is one over u
LAST = 37.0  # exp(-LAST) is nothing beside 1


def owens_t(h, a):
    """T(h, a)."""
    if not (h == h and a == a):
        return math.nan
    size, slope = abs(h), abs(a)
    value = owens_t_near(size, slope) if slope <= 1 else owens_t_reflected(size, slope)
    return -value if a < 0 else value


def owens_t_reflected(h, a):
    """For h >= 0 and a > 1; the tails of two normal variables, less T(a h, 1 / a)."""
    there = a * h if h > 0 else 0.0
    p, q = normal_tail(h), normal_tail(there)
    return 0.5 * (p + q) - p * q - owens_t_near(there, 1 / a)


def normal_tail(x):
    return 0.5 * math.erfc(ROOT_HALF * x)


def owens_t_near(h, a):
    """For h >= 0 and 0 <= a <= 1."""
    if h == math.inf:
        return 0.0
    if a * h > BROAD:
        return math.exp(-0.5 * h * h) * arc(h, 0.0, a * h) / (2 * math.pi)
    half, total = -0.5 * h * h, 0.0
    for k in range(len(NODES_OF_24)):
        x = a * NODES_OF_24[k]
        total += WEIGHTS_OF_24[k] * math.exp(half * (1 + x * x)) / (1 + x * x)
    return a * total / (2 * math.pi)


def arc(h, start, length):
    """The integral of exp(-start u - u^2 / 2) h / (h^2 + (start + u)^2) over u from 0 to length.

    That of exp(-h^2 (x^2 - x0^2) / 2) / (1 + x^2) over x = u / h + x0 with x0 = start / h. For h >= 3 or start >= 2:
    then the poles are far from where the exponential counts, and 24 points leave less than 1e-14 of it.
    """
    radius = math.hypot(h, start)
    if radius == math.inf:
        return 0.0
    length = min(length, 2 * LAST / (start + math.hypot(start, math.sqrt(2 * LAST))))
    half, total = 0.5 * length, 0.0
    for k in range(len(NODES_OF_24)):
        near, far = half * (1 - NODES_OF_24[k]), half * (1 + NODES_OF_24[k])
        total += WEIGHTS_OF_24[k] * (arc_height(radius, start, near) + arc_height(radius, start, far))
    return half * total * (h / radius) / radius


def arc_height(radius, start, u):
    """The integrand over its value at 0."""
    return math.exp(-u * (start + 0.5 * u)) / (1 + (u / radius) * ((2 * start + u) / radius))


def owens_t_h(h, a):
    """The derivative in h."""
    scaled = a * h if h != 0 else 0.0
    return -0.19947114020071635 * math.exp(-0.5 * h * h) * math.erf(ROOT_HALF * scaled)


def owens_t_a(h, a):
    """The derivative in a."""
    if abs(a) == math.inf:
        return 0.0
    return math.exp(-0.5 * h * h * (1 + a * a)) / (2 * math.pi * (1 + a * a))
