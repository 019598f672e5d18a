"""bernoulli_logit(alpha): bernoulli with log odds alpha."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..domains import where
from ..graph import pt
from ..supports import Integer, Location, Real


def log_density(n, alpha):
    return -pt.softplus((1.0 - 2.0 * n) * alpha)


def draw(rng, alpha):
    return 1 if rng.random() * (1 + math.exp(-alpha)) < 1 else 0


bernoulli_logit = Distribution(
    name="bernoulli_logit",
    outcome=Integer(lower=0, upper=1),
    parameters=(Parameter("alpha", Real()),),
    log_density=log_density,
    draw=draw,
    reference="scipy.stats.bernoulli(scipy.special.expit(alpha))",
    source="Functions reference, binary distributions: bernoulli_logit",
    draw_domain=where(nan=False, alpha=Location()),
)
