"""ordered_probit(eta, c): which interval between the cut points c a normal variable around eta falls in."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import category, not_empty, with_elements
from ..elementary import log_ndtr
from ..graph import pt
from ..kernels.draws import category_of
from ..supports import Integer, Location, Ordered
from ..zeros import defined
from ._terms import between_cuts


def log_density(k, eta, c):
    """log(Phi(above - eta) - Phi(below - eta)), both taken in the lower tail."""
    below, above = between_cuts(c, k)
    below, above = below - eta, above - eta
    in_upper_tail = pt.gt(below, 0)
    high, low = pt.switch(in_upper_tail, -below, above), pt.switch(in_upper_tail, -above, below)
    log_high = log_ndtr(high)
    return defined(pt.le(k, c.shape[-1] + 1), log_high + pt.log1mexp(log_ndtr(low) - log_high))


def draw(rng, eta, c):
    return category_of(rng.normal(eta, 1.0), c)


ordered_probit = Distribution(
    name="ordered_probit",
    outcome=Integer(lower=1),
    parameters=(Parameter("eta", Location()), Parameter("c", Ordered())),
    log_density=log_density,
    draw=draw,
    reference="ordered(scipy.stats.norm, eta, c)",
    source="Functions reference, bounded discrete distributions: ordered_probit",
    signatures=(
        "(int, real, vector) => real",
        "(array[] int, real|vector, vector|array[] vector) => real",
        "rng: (real, vector) => int",
    ),
    domain=(with_elements("c", -1), category("c", more=1)),
    draw_domain=(not_empty("c"),),
)
