"""poisson_log(alpha): poisson with the logarithm of its mean."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..domains import where
from ..graph import pt
from ..kernels.draws import draw_poisson
from ..supports import Integer, Location, Real


def log_density(n, alpha):
    return n * alpha - pt.exp(alpha) - pt.gammaln(n + 1)


def draw(rng, alpha):
    return draw_poisson(rng, math.exp(alpha))


poisson_log = Distribution(
    name="poisson_log",
    outcome=Integer(lower=0),
    parameters=(Parameter("alpha", Real()),),
    log_density=log_density,
    draw=draw,
    reference="scipy.stats.poisson(numpy.exp(alpha))",
    source="Functions reference, unbounded discrete distributions: poisson_log",
    domain=where(alpha=Location()),
    draw_domain=where(nan=False, alpha=Location()),
)
