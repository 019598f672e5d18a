"""poisson_log(alpha): poisson with the logarithm of its mean."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..domains import relation, where, zero_unless
from ..elementary import log_gamma
from ..graph import pt
from ..kernels.draws import draw_poisson
from ..supports import Integer, Location, Real
from ..zeros import zero_beyond
from ._terms import INFINITY


def log_density(n, alpha):
    return zero_beyond(pt.neq(alpha, INFINITY), n * alpha - pt.exp(alpha) - log_gamma(n + 1))


def draw(rng, alpha):
    return draw_poisson(rng, math.exp(alpha))


_CERTAIN_ZERO = relation(
    "alpha", "outcome", "finite where the outcome is 0", lambda alpha, n: pt.gt(alpha, -INFINITY) | pt.gt(n, 0)
)

poisson_log = Distribution(
    name="poisson_log",
    outcome=Integer(lower=0),
    parameters=(Parameter("alpha", Real()),),
    log_density=log_density,
    draw=draw,
    reference="scipy.stats.poisson(numpy.exp(alpha))",
    source="Functions reference, unbounded discrete distributions: poisson_log",
    domain=(*zero_unless(alpha=Real(below=INFINITY)), _CERTAIN_ZERO),
    draw_domain=where(nan=False, alpha=Location()),
)
