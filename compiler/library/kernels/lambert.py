"""The two real branches of Lambert's W: w exp(w) = x, for x >= -1/e where they meet.

There w + 1 is a power series in p = +-sqrt(2 (e x + 1)); far from there Newton's method solves w + log w = log x.
"""

from __future__ import annotations

import math

BRANCH_POINT, BRANCH_POINT_REST = -0.36787944117144233, 1.2428753672788363e-17  # -1 / e
NEAR = 0.3  # up to this |p| the series is exact to double precision
SERIES = (  # of (w + 1) / p, highest power first (DLMF 4.13.6)
    -5.544203208567359e-06, 8.163531982496613e-06, -1.2040352739559977e-05, 1.7790345805079586e-05,
    -2.63380647472311e-05, 3.907668486743905e-05, -5.811360750441382e-05, 8.665035805208128e-05,
    -0.00012957426685274883, 0.00019438727605453933, -0.00029267722472962746, 0.0004424730618146209,
    -0.0006720616311561362, 0.0010262633205076071, -0.0015769303446867841, 0.0024408779911439826,
    -0.0038112980348919993, 0.006014543252956118, -0.009616892024299432, 0.01563563253233392,
    -0.02598471487360376, 0.044502314814814814, -0.07962962962962963, 0.1527777777777778,
    -0.3333333333333333, 1.0,
)  # fmt: skip


def from_branch_point(x):
    """|p|, with the rounding of 1/e put back."""
    return math.sqrt(2 * math.e * max((x - BRANCH_POINT) - BRANCH_POINT_REST, 0.0))


def near_branch_point(p):
    """w + 1 for small p, positive on the upper branch."""
    total = 0.0
    for k in range(26):
        total = total * p + SERIES[k]
    return p * total


def halley(x, w):
    """Halley's iteration for w exp(w) = x."""
    for _ in range(50):
        exp_w = math.exp(w)
        error = w * exp_w - x
        step = error / (exp_w * (w + 1) - 0.5 * (w + 2) * error / (w + 1))
        w -= step
        if abs(step) <= 1e-9 * abs(w):  # the next step would be the cube of that
            break
    return w


def far_out(log_x, w):
    """Newton's method for w + log |w| = log_x, where |w| > 1."""
    for _ in range(20):
        step = (w + math.log(abs(w)) - log_x) * w / (w + 1)
        w -= step
        if abs(step) <= 1e-9 * abs(w):
            break
    return w


def lambert_w0(x):
    """The branch with w >= -1."""
    if not x >= BRANCH_POINT:
        return math.nan
    if x == math.inf or x == 0:
        return x
    p = from_branch_point(x)
    if p <= NEAR:
        return near_branch_point(p) - 1
    if x < 3:
        start = (
            math.log1p(x) * (1 - math.log1p(math.log1p(x)) / (2 + math.log1p(x))) if x > 0 else near_branch_point(p) - 1
        )
        return halley(x, start)
    log_x = math.log(x)
    return far_out(log_x, log_x - math.log(log_x))


def lambert_wm1(x):
    """The branch with w <= -1, for -1/e <= x < 0."""
    if not (BRANCH_POINT <= x < 0):
        return -math.inf if x == 0 else math.nan
    p = from_branch_point(x)
    if p <= NEAR:
        return near_branch_point(-p) - 1
    log_x = math.log(-x)
    return far_out(log_x, log_x - math.log(-log_x) if x > -0.1 else near_branch_point(-p) - 1)


def slope_at(x, w, p):
    """dw/dx = w / (w + 1) / x = exp(-w) / (w + 1); infinite where the branches meet."""
    if p == 0:
        return math.inf
    above = near_branch_point(p) if abs(p) <= NEAR else w + 1
    return math.exp(-w) / above if abs(w) < 2 else w / above / x


def lambert_w0_slope(x):
    return slope_at(x, lambert_w0(x), from_branch_point(x))


def lambert_wm1_slope(x):
    return slope_at(x, lambert_wm1(x), -from_branch_point(x))
