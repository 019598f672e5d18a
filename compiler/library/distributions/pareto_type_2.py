"""pareto_type_2(mu, lambda, alpha): a power law that starts smoothly at mu, of scale lambda."""

from __future__ import annotations

import math

from ..definitions import Distribution, Parameter
from ..domains import relation
from ..graph import pt
from ..supports import Positive, Real
from ..zeros import defined
from ._terms import INFINITY, NAN


def log_density(y, mu, scale, alpha):
    x = (y - mu) / scale
    inside = pt.ge(x, 0)
    log_growth = pt.log1p(pt.switch(inside, x, 0.0))
    return defined(inside, pt.log(alpha) - pt.log(scale) - (alpha + 1) * log_growth)


def log_cdf(y, mu, scale, alpha):
    above = pt.gt(y, mu)
    log_probability = pt.log1mexp(log_ccdf(pt.switch(above, y, mu + scale), mu, scale, alpha))
    return pt.switch(above, log_probability, pt.switch(pt.eq(y, mu), -INFINITY, NAN))


def log_ccdf(y, mu, scale, alpha):
    return pt.switch(pt.ge(y, mu), -alpha * pt.log1p(pt.maximum((y - mu) / scale, 0.0)), NAN)


def draw(rng, mu, scale, alpha):
    return mu + scale * math.expm1(rng.standard_exponential() / alpha)


_ABOVE_MU = (relation("outcome", "mu", "at least mu", lambda y, mu: y >= mu),)

pareto_type_2 = Distribution(
    name="pareto_type_2",
    outcome=Real(),
    parameters=(
        Parameter("mu", Real()),
        Parameter("lambda", Positive()),
        Parameter("alpha", Positive()),
    ),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="scipy.stats.lomax(alpha, mu, lambda_)",
    source="Functions reference, positive lower-bounded distributions: pareto_type_2",
    domain=_ABOVE_MU,
    cdf_domain=_ABOVE_MU,
    unchecked_if_empty=True,
    cdfs_unchecked_if_empty=True,
)
