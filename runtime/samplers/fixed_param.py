"""No sampling at all: the parameters stay where they start, and generated quantities are drawn again and again.

For programs that simulate (Stan's `algorithm=fixed_param`). Without initial values all chains share one random start.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from pplc.runtime.contract import Target
from pplc.runtime.drivers import Driver, Run, setting
from pplc.runtime.initial import find_start
from pplc.runtime.results import Draws, Result

STATISTICS = np.dtype([("lp", np.float64)])


@dataclass(frozen=True)
class Settings:
    draws: int = setting(1000, "draws kept per chain", minimum=0)
    init_radius: float = setting(2.0, "random starts are uniform within this distance of 0", minimum=0)


def start(target: Target, settings: Settings, run: Run) -> Result:
    began = time.perf_counter()
    density = target.log_density
    positions = np.empty((run.chains, settings.draws, density.size))
    statistics = np.zeros((run.chains, settings.draws), STATISTICS)
    for chain in range(run.chains):
        given = None if run.starts is None else run.starts[chain]
        index = 0 if given is None else chain
        first = find_start(density, run.seed, index, given, settings.init_radius, run.time_limit)
        positions[chain] = first.position
        statistics[chain]["lp"] = first.log_density
    return Result(
        method="fixed_param",
        settings=settings,
        seed=run.seed,
        sample=Draws(positions, statistics, np.full(run.chains, settings.draws)),
        gradients=run.chains,
        timings={"sampling": time.perf_counter() - began},
    )


driver = Driver(
    "fixed_param", "parameters stay at their initial values; generated quantities are drawn anew", Settings, start
)
