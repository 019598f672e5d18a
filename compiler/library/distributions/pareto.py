"""pareto(y_min, alpha): a power law of exponent alpha + 1 from y_min on."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..graph import pt
from ..kernels.truncated import exponential_between
from ..supports import Positive, Real
from ..zeros import unless_nan
from ._terms import INFINITY, within


def log_density(y, y_min, alpha):
    inside = pt.ge(y, y_min)
    log_y = pt.log(pt.switch(inside, y, 1.0))
    return unless_nan(y, within(inside, pt.log(alpha) + alpha * pt.log(y_min) - (alpha + 1) * log_y))


def log_cdf(y, y_min, alpha):
    below = pt.le(y, y_min)
    return pt.switch(below, -INFINITY, pt.log1mexp(log_ccdf(pt.switch(below, 2 * y_min, y), y_min, alpha)))


def log_ccdf(y, y_min, alpha):
    return -alpha * pt.log(pt.maximum(y / y_min, 1.0))


def draw(rng, y_min, alpha):
    return y_min * math.exp(rng.standard_exponential() / alpha)


def draw_between(rng, lower, upper, y_min, alpha):
    low = alpha * math.log(max(lower, y_min) / y_min)
    high = alpha * math.log(upper / y_min) if upper > y_min else 0.0
    return min(max(y_min * math.exp(exponential_between(rng, low, high) / alpha), lower), upper)


pareto = Distribution(
    name="pareto",
    outcome=Real(above=0),
    takes=Real(),
    parameters=(
        Parameter("y_min", Positive()),
        Parameter("alpha", Positive()),
    ),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    draw_between=draw_between,
    reference="scipy.stats.pareto(alpha, scale=y_min)",
    source="Functions reference, positive lower-bounded distributions: pareto",
    unchecked_if_empty=True,
    cdfs_unchecked_if_empty=True,
)
