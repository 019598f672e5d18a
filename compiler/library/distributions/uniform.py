"""uniform(alpha, beta): constant between alpha and beta."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import relation
from ..graph import pt
from ..supports import Location, Real
from ..zeros import defined, unless_nan
from ._terms import INFINITY, NAN, within


def log_density(y, alpha, beta):
    inside = pt.and_(pt.ge(y, alpha), pt.le(y, beta))
    return unless_nan(y, defined(pt.gt(beta, alpha), within(inside, -pt.log(beta - alpha))))


def log_cdf(y, alpha, beta):
    return _log_fraction(y - alpha, beta - alpha)


def log_ccdf(y, alpha, beta):
    return _log_fraction(beta - y, beta - alpha)


def _log_fraction(part, whole):
    """log(part / whole), clipped to 0 ... 1; nan where the interval is empty."""
    none, everything = pt.le(part, 0), pt.ge(part, whole)
    fraction = pt.switch(pt.or_(none, everything), 1.0, part / whole)
    return pt.switch(pt.gt(whole, 0), pt.switch(none, -INFINITY, pt.log(fraction)), NAN)


def draw(rng, alpha, beta):
    return rng.uniform(alpha, beta) if alpha < beta else NAN


def draw_between(rng, lower, upper, alpha, beta):
    return rng.uniform(max(lower, alpha), min(upper, beta)) if alpha < beta else NAN


uniform = Distribution(
    name="uniform",
    outcome=Real(),
    parameters=(Parameter("alpha", Location()), Parameter("beta", Location())),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    draw_between=draw_between,
    reference="scipy.stats.uniform(alpha, beta - alpha)",
    source="Functions reference, bounded continuous distributions: uniform",
    domain=(relation("beta", "alpha", "greater than alpha", lambda beta, alpha: beta > alpha),),
)
