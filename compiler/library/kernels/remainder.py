"""The remainder of a division, exact for quotients of any size, and its derivatives."""

from __future__ import annotations

import math


def fmod(x, y):
    """x minus the multiple of y next to it towards zero."""
    if math.isnan(x) or math.isnan(y) or y == 0 or abs(x) == math.inf:
        return math.nan
    return x if abs(y) == math.inf else math.fmod(x, y)


def fmod_x(x, y):
    return 1.0


def fmod_y(x, y):
    return -(x - fmod(x, y)) / y
