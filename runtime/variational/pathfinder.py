"""Pathfinder: normal approximations along the climb to a mode (Zhang, Carpenter, Gelman and Vehtari 2022).

Every chain is a path from its own start. Along each, the approximation with the best evidence lower bound is chosen;
draws from all paths are then resampled by their importance weights, smoothed by a fitted Pareto tail.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pplc.runtime.contract import Array, Target
from pplc.runtime.drivers import Driver, Run, setting
from pplc.runtime.optimisation.modes import search
from pplc.runtime.psis import pareto_k, smoothed
from pplc.runtime.results import Draws, Result
from pplc.runtime.variational.path import best_normal, log_densities

STATISTICS = np.dtype([("lp", np.float64), ("log_q", np.float64)])
_STREAM = 4  # keeps these random numbers apart from those of the starts


@dataclass(frozen=True)
class Settings:
    draws: int = setting(1000, "draws from each path, and in the result", minimum=1)
    resample: str = setting(
        "psis", "how draws of all paths are put together: by importance, or not at all", choices=("psis", "none")
    )
    elbo_draws: int = setting(25, "draws by which the approximations along a path are compared", minimum=1)
    iterations: int = setting(1000, "the most steps uphill", minimum=1)
    tolerance: float = setting(1e-8, "stop when a step raises the log density by less", minimum=0)
    init_radius: float = setting(2.0, "random starts are uniform within this distance of 0", minimum=0)


def start(target: Target, settings: Settings, run: Run) -> Result:
    density = target.log_density
    found = search(density, run, settings.iterations, settings.tolerance, settings.init_radius)
    began = time.perf_counter()
    positions = np.empty((run.chains, settings.draws, density.size))
    statistics = np.zeros((run.chains, settings.draws), STATISTICS)
    bounds = np.empty(run.chains)
    evaluations = found.evaluations
    for chain, ascent in enumerate(found.ascents):
        random = np.random.default_rng(np.random.SeedSequence(run.seed, spawn_key=(chain, _STREAM)))
        best, bounds[chain] = best_normal(density, ascent, settings.elbo_draws, random)
        positions[chain], statistics["log_q"][chain] = best.draw(settings.draws, random)
        statistics["lp"][chain] = log_densities(density, positions[chain])
        evaluations += len(ascent.points) * settings.elbo_draws + settings.draws
    weights = statistics["lp"] - statistics["log_q"]
    report: dict[str, float | Array] = {
        **found.report,
        "elbo": bounds,
        "pareto_k": np.array([pareto_k(row) for row in weights]),
    }
    if settings.resample == "psis":
        random = np.random.default_rng(np.random.SeedSequence(run.seed, spawn_key=(_STREAM,)))
        chosen = _resample(weights.ravel(), settings.draws, random)
        positions = np.concatenate(positions)[chosen][None]
        statistics = statistics.ravel()[chosen][None]
        report["pareto_k"] = pareto_k(weights.ravel())
    return Result(
        method="pathfinder",
        settings=settings,
        seed=run.seed,
        sample=Draws(positions, statistics, np.full(len(positions), settings.draws)),
        complete=found.outcome.complete,
        reason=found.outcome.reason,
        gradients=evaluations,
        timings={"fitting": found.outcome.seconds + time.perf_counter() - began},
        report=report,
    )


def _resample(log_weights: Array, count: int, random: np.random.Generator) -> NDArray[np.intp]:
    """Indices drawn with probability proportional to the smoothed weights, with replacement."""
    weights = np.exp(smoothed(log_weights))
    return random.choice(len(weights), count, p=weights / weights.sum())


driver = Driver(
    "pathfinder", "normal approximations found on the way to a mode: very quick, check its Pareto k", Settings, start
)
