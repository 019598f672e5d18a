"""ordered_logistic(eta, c): which interval between the cut points c a logistic variable around eta falls in."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import category, not_empty
from ..graph import pt
from ..kernels.draws import category_of
from ..supports import Integer, Location, Ordered
from ..zeros import defined
from ._terms import between_cuts


def log_density(k, eta, c):
    """log(F(above - eta) - F(below - eta)), where F(a) - F(b) = (1 - exp(b - a)) F(a) (1 - F(b))."""
    below, above = between_cuts(c, k)
    gap = pt.log1mexp(below - above)
    return defined(pt.le(k, c.shape[-1] + 1), gap - pt.softplus(eta - above) - pt.softplus(below - eta))


def draw(rng, eta, c):
    return category_of(rng.logistic(eta, 1.0), c)


ordered_logistic = Distribution(
    name="ordered_logistic",
    outcome=Integer(lower=1),
    parameters=(Parameter("eta", Location()), Parameter("c", Ordered())),
    log_density=log_density,
    draw=draw,
    reference="ordered(scipy.stats.logistic, eta, c)",
    source="Functions reference, bounded discrete distributions: ordered_logistic",
    signatures=(
        "(int, real, vector) => real",
        "(array[] int, vector, vector|array[] vector) => real",
        "rng: (real, vector) => int",
    ),
    domain=(category("c", more=1),),
    draw_domain=(not_empty("c"),),
)
