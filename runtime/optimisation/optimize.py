"""The mode: the parameters' most likely values, by L-BFGS from several starts of which the best end counts.

As in Stan, the mode is by default that of the density of the parameters as declared (for flat priors the maximum
likelihood estimate); with `jacobian` it is that on unconstrained space, around which approximations are built.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pplc.runtime.contract import Target
from pplc.runtime.drivers import Driver, Run, setting
from pplc.runtime.optimisation.modes import search
from pplc.runtime.results import Draws, Result

STATISTICS = np.dtype([("lp", np.float64)])


@dataclass(frozen=True)
class Settings:
    jacobian: bool = setting(False, "seek the mode on unconstrained space instead of that of the declared parameters")
    iterations: int = setting(2000, "the most steps uphill", minimum=1)
    tolerance: float = setting(1e-10, "stop when a step raises the log density by less", minimum=0)
    init_radius: float = setting(2.0, "random starts are uniform within this distance of 0", minimum=0)


def start(target: Target, settings: Settings, run: Run) -> Result:
    """One draw, the best mode; `report` has the log densities of all."""
    density = target.log_density
    if not settings.jacobian and target.without_jacobian is not None:
        density = target.without_jacobian()
    found = search(density, run, settings.iterations, settings.tolerance, settings.init_radius)
    best = found.best
    statistics = np.zeros((1, 1), STATISTICS)
    statistics["lp"] = best.log_density
    return Result(
        method="optimize",
        settings=settings,
        seed=run.seed,
        sample=Draws(best.position[None, None], statistics, np.ones(1, int)),
        complete=found.outcome.complete,
        reason=found.outcome.reason,
        gradients=found.evaluations,
        timings={"fitting": found.outcome.seconds},
        report=found.report,
    )


driver = Driver("optimize", "the mode of the posterior, or the maximum likelihood: a point, no draws", Settings, start)
