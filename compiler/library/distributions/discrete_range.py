"""discrete_range(lower, upper): every integer from lower to upper is as likely."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import relation
from ..graph import pt
from ..kernels.draws import NO_OUTCOME
from ..supports import Integer
from ..zeros import defined
from ._terms import NAN, within


def log_density(n, lower, upper):
    inside = pt.and_(pt.ge(n, lower), pt.le(n, upper))
    return defined(pt.ge(upper, lower), within(inside, -pt.log(_count(lower, upper))))


def log_cdf(n, lower, upper):
    return _log_share(n - lower + 1, _count(lower, upper))


def log_ccdf(n, lower, upper):
    return _log_share(upper - n, _count(lower, upper))


def _count(lower, upper):
    return pt.cast(upper - lower + 1, "float64")


def _log_share(part, whole):
    return pt.switch(pt.gt(whole, 0), pt.log(pt.clip(part, 0, whole) / whole), NAN)  # nan where the range is empty


def draw(rng, lower, upper):
    return rng.integers(lower, upper + 1) if lower <= upper else NO_OUTCOME


discrete_range = Distribution(
    name="discrete_range",
    outcome=Integer(),
    parameters=(
        Parameter("lower", Integer()),
        Parameter("upper", Integer()),
    ),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="scipy.stats.randint(lower, upper + 1)",
    source="Functions reference, bounded discrete distributions: discrete_range",
    domain=(relation("upper", "lower", "at least lower", lambda upper, lower: upper >= lower),),
)
