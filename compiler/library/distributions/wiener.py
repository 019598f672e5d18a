"""wiener(alpha, tau, beta, delta): when a drifting process reaches the upper of two boundaries.

The process starts at beta times the distance alpha between the boundaries, has drift delta and unit noise,
and its time is counted after a delay tau. Where it starts from a boundary the density is zero. Densities that vary
the drift, start and delay from trial to trial are in `functions/wiener.py`.
"""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import relation
from ..graph import pt
from ..special import log_first_passage
from ..supports import Location, Positive, Probability, Real
from ..zeros import defined
from ._terms import INFINITY, within


def log_density(y, alpha, tau, beta, delta):
    late, ends = pt.gt(y, tau), pt.lt(y, INFINITY)
    time = pt.switch(late & ends, y - tau, 1.0)
    # seen from the upper boundary the process starts at 1 - beta and drifts by -delta
    drift = delta * alpha * (1 - beta) - 0.5 * delta**2 * time
    log_density = drift + log_first_passage(time / alpha**2, 1 - beta) - 2 * pt.log(alpha)
    return defined(late, within(ends, log_density))


wiener = Distribution(
    name="wiener",
    outcome=Real(above=0),
    parameters=(
        Parameter("alpha", Positive()),
        Parameter("tau", Positive()),
        Parameter("beta", Probability()),
        Parameter("delta", Location()),
    ),
    log_density=log_density,
    source="Functions reference, positive lower-bounded distributions: wiener; Navarro and Fuss 2009",
    domain=(relation("outcome", "tau", "greater than tau", lambda y, tau: y > tau),),
    unchecked_if_empty=True,
)
