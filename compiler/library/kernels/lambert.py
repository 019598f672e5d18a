"""The two real branches of Lambert's W: w exp(w) = x, for x >= -1/e where they meet.

There w + 1 is a power series in p = +-sqrt(2 (e x + 1)). On the lower branch Newton's method then solves
t - log(1 + t) = -log(-e x) for t = -(w + 1), of which no digits are lost; far away both solve w + log |w| = log |x|.
"""

from __future__ import annotations

import math

BRANCH_POINT, BRANCH_POINT_REST = -0.36787944117144233, 1.2428753672788363e-17  # -1 / e
NEAR = 0.5  # up to this |p| the series is exact to double precision
BESIDE = 0.9  # up to this |p| -(w + 1) is found for the lower branch
LOG_2, LOG_2_REST = 0.6931471805599453, 2.3190468138462996e-17
SERIES = (  # of (w + 1) / p, highest power first (DLMF 4.13.6)
    4.039473012801551e-08, -5.8668630897722623e-08, 8.527035161685821e-08, -1.240275440042248e-07,
    1.8054472775101636e-07, -2.6303786192718643e-07, 3.8356638514918114e-07, -5.598551881378799e-07,
    8.179940565280027e-07, -1.1964453089157262e-06, 1.752006726826339e-06, -2.568705039055097e-06,
    3.7710949611072513e-06, -5.544203208567362e-06, 8.163531982496608e-06, -1.2040352739559983e-05,
    1.779034580507957e-05, -2.63380647472311e-05, 3.907668486743903e-05, -5.8113607504413824e-05,
    8.665035805208126e-05, -0.00012957426685274886, 0.00019438727605453922, -0.00029267722472962757,
    0.0004424730618146208, -0.0006720616311561363, 0.0010262633205076073, -0.0015769303446867841,
    0.002440877991143984, -0.0038112980348919993, 0.00601454325295612, -0.009616892024299429, 0.015635632532333927,
    -0.025984714873603758, 0.04450231481481482, -0.07962962962962962, 0.1527777777777778, -0.3333333333333333, 1.0,
)  # fmt: skip


def from_branch_point(x):
    """|p|, with the rounding of 1/e put back."""
    return math.sqrt(2 * math.e * max((x - BRANCH_POINT) - BRANCH_POINT_REST, 0.0))


def near_branch_point(p):
    """w + 1 for small p, positive on the upper branch."""
    total = 0.0
    for k in range(39):
        total = total * p + SERIES[k]
    return p * total


def beside_branch_point(p):
    """-(w + 1) on the lower branch."""
    t = -near_branch_point(-p)
    if p <= NEAR:
        return t
    wanted = -math.log1p(-0.5 * p * p)
    for _ in range(20):
        step = (t - math.log1p(t) - wanted) * (1 + t) / t
        t -= step
        if abs(step) <= 1e-9 * t:
            break
    return t


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


def polished(x, w):
    """A step of Newton's method for w near -log 2: w / 2 is exact, and exp(w) is 1/2 and little more."""
    more = math.expm1((w + LOG_2) + LOG_2_REST)
    return w - ((0.5 * w - x) + 0.5 * w * more) / (0.5 * (1 + more) * (w + 1))


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
    if x < 0:
        w = halley(x, near_branch_point(p) - 1)
        return polished(x, w) if x < -0.2 else w
    if x < 3:
        start = math.log1p(x)
        return halley(x, start * (1 - math.log1p(start) / (2 + start)))
    log_x = math.log(x)
    return far_out(log_x, log_x - math.log(log_x))


def lambert_wm1(x):
    """The branch with w <= -1, for -1/e <= x < 0."""
    if not (BRANCH_POINT <= x < 0):
        return -math.inf if x == 0 else math.nan
    p = from_branch_point(x)
    if p <= BESIDE:
        return -1 - beside_branch_point(p)
    log_x = math.log(-x)
    return far_out(log_x, log_x - math.log(-log_x))


def slope_at(x, w):
    """dw/dx = w / (w + 1) / x = exp(-w) / (w + 1), away from the branch point."""
    return math.exp(-w) / (w + 1) if abs(w) < 0.5 else w / (w + 1) / x


def lambert_w0_slope(x):
    p = from_branch_point(x)
    if p == 0:
        return math.inf
    w = lambert_w0(x)
    return math.exp(-w) / near_branch_point(p) if p <= NEAR else slope_at(x, w)


def lambert_wm1_slope(x):
    p = from_branch_point(x)
    if p == 0:
        return math.inf
    if p <= BESIDE:
        t = beside_branch_point(p)
        return -math.exp(1 + t) / t
    return slope_at(x, lambert_wm1(x))
