"""The first three derivatives of log gamma on the whole real line; nan at the poles 0, -1, -2, ..."""

from __future__ import annotations

import math

from .gamma import digamma as digamma_right

FAR = 15.0  # from here on the asymptotic series below are exact to double precision


def digamma(x):
    """The derivative of log |gamma(x)|; for x <= 0 by reflection (DLMF 5.5.4)."""
    if x > 0:
        return digamma_right(x)
    if x == math.floor(x):
        return math.nan
    return digamma_right(1 - x) - math.pi / math.tan(math.pi * x)


def trigamma(x):
    """The derivative of digamma: recurrence, then the asymptotic series (DLMF 5.15.5, 5.15.8)."""
    if x <= 0:
        return (math.pi / math.sin(math.pi * x)) ** 2 - trigamma_right(1 - x) if x != math.floor(x) else math.inf
    return trigamma_right(x)


def trigamma_right(x):
    """trigamma for x > 0."""
    steps = 0.0
    while x + steps < FAR:
        steps += 1.0
    far = x + steps
    s = 1 / (far * far)
    series = 1 / 6 - s * (1 / 30 - s * (1 / 42 - s * (1 / 30 - s * (5 / 66 - s * 691 / 2730))))
    total = 1 / far + s * (0.5 + series / far)
    lost = 0.0
    while steps > 0.0:  # small terms first, and what rounding loses of the sum is added at the end
        steps -= 1.0
        term = 1 / ((x + steps) * (x + steps))
        new = total + term
        added = new - total
        lost += (total - (new - added)) + (term - added)
        total = new
    return total + lost


def tetragamma(x):
    """The derivative of trigamma."""
    if x <= 0:
        if x == math.floor(x):
            return math.nan
        angle = math.pi * x
        return tetragamma_right(1 - x) - 2 * math.pi**3 * math.cos(angle) / math.sin(angle) ** 3
    return tetragamma_right(x)


def tetragamma_right(x):
    """tetragamma for x > 0."""
    total = 0.0
    while x < FAR:
        total -= 2 / (x * x * x)
        x += 1
    s = 1 / (x * x)
    series = 1 / 2 - s * (1 / 6 - s * (1 / 6 - s * (3 / 10 - s * (5 / 6 - s * 691 / 210))))
    return total - s * (1 + 1 / x + s * series)
