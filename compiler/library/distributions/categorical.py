"""categorical(theta): k with probability theta[k]."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import category
from ..graph import pt
from ..supports import Integer, Simplex
from ..zeros import defined
from ._terms import pick


def log_density(n, theta):
    possible = pt.le(n, theta.shape[-1])
    return defined(possible, pt.log(pick(theta, pt.switch(possible, n, 1) - 1)))


def draw(rng, theta):
    u = rng.random()
    k = 0
    while k < len(theta) - 1 and u >= theta[k]:
        u -= theta[k]
        k += 1
    return k + 1


categorical = Distribution(
    name="categorical",
    outcome=Integer(lower=1),
    parameters=(Parameter("theta", Simplex(), vectorised=False),),
    log_density=log_density,
    draw=draw,
    reference="scipy.stats.rv_discrete(values=(numpy.arange(1, len(theta) + 1), theta))",
    source="Functions reference, bounded discrete distributions: categorical",
    domain=(category("theta"),),
)
