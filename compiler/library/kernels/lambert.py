"""The two real branches of Lambert's W: w exp(w) = x."""

from __future__ import annotations

import math


def near_branch_point(x, side):
    """The series in +-sqrt(2 (e x + 1)) around x = -1/e, where the branches meet (DLMF 4.13.6)."""
    p = side * math.sqrt(max(2 * (math.e * x + 1), 0.0))
    return -1 + p * (1 - p * (1 / 3 - p * (11 / 72 - p * 43 / 540)))


def halley(x, w):
    """Halley's iteration for w exp(w) = x."""
    for _ in range(50):
        exp_w = math.exp(w)
        error = w * exp_w - x
        if error == 0 or w == -1:
            break
        slope = exp_w * (w + 1) - 0.5 * (w + 2) * error / (w + 1)
        if slope == 0:  # at the branch point, to rounding
            break
        step = error / slope
        w -= step
        if abs(step) <= 1e-16 * (1 + abs(w)):
            break
    return w


def lambert_w0(x):
    """The branch with w >= -1."""
    if not x >= -1 / math.e:
        return math.nan
    if x == math.inf:
        return math.inf
    if x < -0.25:
        return halley(x, near_branch_point(x, 1.0))
    if x < 3:
        return halley(x, math.log1p(x) * (1 - math.log1p(math.log1p(x)) / (2 + math.log1p(x))) if x > 0 else x)
    return halley(x, math.log(x) - math.log(math.log(x)))


def lambert_wm1(x):
    """The branch with w <= -1, for -1/e <= x < 0."""
    if not (-1 / math.e <= x < 0):
        return -math.inf if x == 0 else math.nan
    if x < -0.25:
        return halley(x, near_branch_point(x, -1.0))
    log_x = math.log(-x)
    return halley(x, log_x - math.log(-log_x))


def slope_at(w):
    """dw/dx; infinite where the branches meet."""
    return 1 / (math.exp(w) * (1 + w)) if w != -1 else math.inf


def lambert_w0_slope(x):
    return slope_at(lambert_w0(x))


def lambert_wm1_slope(x):
    return slope_at(lambert_wm1(x))
