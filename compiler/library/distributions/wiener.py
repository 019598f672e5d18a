"""wiener(alpha, tau, beta, delta): when a drifting process reaches the upper of two boundaries.

The process starts at beta times the distance alpha between the boundaries, has drift delta and unit noise,
and its time is counted after a delay tau. Densities that vary the drift, start and delay from trial to trial
are in `functions/wiener.py`.
"""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..domains import relation
from ..graph import pt
from ..special import log_first_passage
from ..supports import Location, Positive, Real
from ..zeros import defined


def log_density(y, alpha, tau, beta, delta):
    time = y - tau
    late = pt.gt(time, 0)
    time = pt.switch(late, time, 1.0)
    # seen from the upper boundary the process starts at 1 - beta and drifts by -delta
    drift = delta * alpha * (1 - beta) - 0.5 * delta**2 * time
    return defined(late, drift + log_first_passage(time / alpha**2, 1 - beta) - 2 * pt.log(alpha))


wiener = Distribution(
    name="wiener",
    outcome=Real(above=0, finite=True),
    parameters=(
        Parameter("alpha", Positive()),
        Parameter("tau", Positive()),
        Parameter("beta", Real(above=0, below=1)),
        Parameter("delta", Location()),
    ),
    log_density=log_density,
    source="Functions reference, positive lower-bounded distributions: wiener; Navarro and Fuss 2009",
    domain=(relation("outcome", "tau", "greater than tau", lambda y, tau: y > tau),),
    unchecked_if_empty=True,
)
