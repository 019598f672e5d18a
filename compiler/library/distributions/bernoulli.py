"""bernoulli(theta): 1 with probability theta, else 0."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..graph import pt
from ..supports import Integer, Probability
from ._terms import INFINITY


def log_density(n, theta):
    return pt.log(pt.switch(n, theta, 1 - theta))  # only the chosen probability's logarithm is taken


def log_cdf(n, theta):
    probability = pt.switch(pt.ge(n, 1), 1.0, 1 - theta)
    return pt.switch(pt.lt(n, 0), -INFINITY, pt.log(probability))


def cdf(n, theta):
    return pt.switch(pt.lt(n, 0), 0.0, pt.switch(pt.ge(n, 1), 1.0, 1 - theta))


def log_ccdf(n, theta):
    probability = pt.switch(pt.lt(n, 0), 1.0, theta)
    return pt.switch(pt.ge(n, 1), -INFINITY, pt.log(probability))


def draw(rng, theta):
    return 1 if rng.random() < theta else 0


bernoulli = Distribution(
    name="bernoulli",
    outcome=Integer(lower=0, upper=1),
    parameters=(Parameter("theta", Probability()),),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    cdf=cdf,
    draw=draw,
    reference="scipy.stats.bernoulli(theta)",
    source="Functions reference, binary distributions: bernoulli",
)
