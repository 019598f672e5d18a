"""Searching modes from several starts at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pplc.runtime.chains import Outcome, run_chains
from pplc.runtime.contract import LogDensity
from pplc.runtime.drivers import Run
from pplc.runtime.initial import find_start
from pplc.runtime.optimisation.ascent import Ascent, Point


@dataclass(frozen=True)
class Search:
    """The climbs from all starts, and how they ended."""

    ascents: list[Ascent]
    outcome: Outcome

    @property
    def best(self) -> Point:
        return max((ascent.points[-1] for ascent in self.ascents), key=lambda point: point.log_density)

    @property
    def report(self) -> dict[str, np.ndarray]:
        """What a result tells of each climb; arrays of shape (chain,)."""
        return {
            "modes": np.array([ascent.points[-1].log_density for ascent in self.ascents]),
            "converged": np.array([ascent.arrived for ascent in self.ascents]),
            "iterations": np.array([len(ascent.points) - 1 for ascent in self.ascents]),
        }

    @property
    def evaluations(self) -> int:
        return sum(ascent.evaluations for ascent in self.ascents)


def search(density: LogDensity, run: Run, iterations: int, tolerance: float, radius: float) -> Search:
    """Climb from as many starts as `run` has chains."""
    ascents = []
    for chain in range(run.chains):
        given = None if run.starts is None else run.starts[chain]
        start = find_start(density, run.seed, chain, given, radius, run.time_limit)
        ascents.append(Ascent(chain, density, [Point(*start)], iterations, tolerance))
    outcome = run_chains(ascents, run.observe, run.threads, run.time_limit, run.chunk)
    return Search(ascents, outcome)
