"""hypergeometric(N, a, b): how many of N balls are red, drawn from a red and b white ones."""

from __future__ import annotations

from ..definitions import Condition, Distribution, Parameter
from ..domains import at_most, elementwise
from ..graph import pt
from ..kernels.draws import NO_OUTCOME
from ..supports import Integer
from ..zeros import defined
from ._terms import log_binomial


def log_density(n, N, a, b):
    possible = pt.and_(pt.le(n, pt.minimum(a, N)), pt.ge(n, N - b))
    n = pt.clip(n, pt.maximum(N - b, 0), pt.minimum(a, N))
    return defined(possible, log_binomial(a, n) + log_binomial(b, N - n) - log_binomial(a + b, N))


def draw(rng, N, a, b):
    if a + b < N:
        return NO_OUTCOME
    red = a
    for taken in range(N):
        if rng.random() * (a + b - taken) < red:
            red -= 1
    return a - red


hypergeometric = Distribution(
    name="hypergeometric",
    outcome=Integer(lower=0),
    parameters=(
        Parameter("N", Integer(lower=0)),
        Parameter("a", Integer(lower=0)),
        Parameter("b", Integer(lower=0)),
    ),
    log_density=log_density,
    draw=draw,
    reference="scipy.stats.hypergeom(a + b, a, N)",
    source="Functions reference, bounded discrete distributions: hypergeometric",
    signatures=("(int, int, int, int) => real", "rng: (int, int, int) => int"),
    domain=(
        at_most("outcome", "a"),
        at_most("outcome", "N"),
        Condition(("outcome", "N", "b"), "be at least N - b", elementwise(lambda n, N, b: n >= N - b)),
    ),
)
