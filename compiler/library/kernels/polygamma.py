"""The third derivative of log gamma on the whole real line; nan at the poles 0, -1, -2, ..."""

from __future__ import annotations

import math

FAR = 15.0  # from here on the asymptotic series below is exact to double precision


def tetragamma(x):
    """The derivative of trigamma; for x <= 0 by reflection (DLMF 5.15.6)."""
    if x <= 0:
        distance = x - math.floor(x + 0.5)
        if distance == 0:
            return math.nan
        cosine = math.sin(math.pi * (0.5 - abs(distance)))  # which is as exact near its zero, where that of the sum is
        return tetragamma_right(1 - x) - 2 * math.pi**3 * cosine / math.sin(math.pi * distance) ** 3
    return tetragamma_right(x)


def tetragamma_right(x):
    """tetragamma for x > 0: recurrence, then the asymptotic series (DLMF 5.15.5, 5.15.8)."""
    total = 0.0
    while x < FAR:
        total -= 2 / (x * x * x)
        x += 1
    s = 1 / (x * x)
    series = 1 / 2 - s * (1 / 6 - s * (1 / 6 - s * (3 / 10 - s * (5 / 6 - s * 691 / 210))))
    return total - s * (1 + 1 / x + s * series)
