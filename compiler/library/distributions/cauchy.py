"""cauchy(mu, sigma): median mu, half-width sigma at half height, no mean."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..graph import pt
from ..supports import Location, Positive, Real
from ._terms import LOG_PI


def log_density(y, mu, sigma):
    return -pt.log1p(((y - mu) / sigma) ** 2) - pt.log(sigma) - LOG_PI


def log_cdf(y, mu, sigma):
    return _log_lower((y - mu) / sigma)


def log_ccdf(y, mu, sigma):
    return _log_lower((mu - y) / sigma)


def _log_lower(z):
    right = pt.gt(z, 0)
    tail = pt.arctan2(1.0, pt.switch(right, z, -z)) / math.pi  # the angle above the ray to (|z|, 1)
    return pt.switch(right, pt.log1p(-tail), pt.log(tail))


def draw(rng, mu, sigma):
    return mu + sigma * math.tan(math.pi * (rng.random() - 0.5))


cauchy = Distribution(
    name="cauchy",
    outcome=Real(),
    parameters=(Parameter("mu", Location()), Parameter("sigma", Positive())),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="scipy.stats.cauchy(mu, sigma)",
    source="Functions reference, unbounded continuous distributions: cauchy",
    unchecked_if_empty=True,
)
