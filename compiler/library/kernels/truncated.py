"""Draws between bounds by the inverse of the distribution function, in whatever tail the bounds lie."""

from __future__ import annotations

import math

from .normal import log_ndtr
from .quantiles import normal_log_quantile


def normal_between(rng, lower, upper):
    """A standard normal draw between the bounds; the upper tail is the lower one, mirrored."""
    low, high = lower, upper
    if lower > 0:
        low, high = -upper, -lower
    last = log_ndtr(high)
    u = rng.random()
    z = normal_log_quantile(last + math.log(u + (1 - u) * math.exp(log_ndtr(low) - last)))
    z = min(max(z, low), high)
    return -z if lower > 0 else z


def exponential_between(rng, lower, upper):
    """A draw with rate 1 between the bounds, of which the lower one is positive or 0: it has no memory."""
    return lower - math.log1p(rng.random() * math.expm1(lower - upper))
