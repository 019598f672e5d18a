"""The Laplace approximation: a normal with the mode's position and curvature, on unconstrained space."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from pplc.runtime.contract import Array, LogDensity, Target
from pplc.runtime.drivers import Driver, Run, SettingsError, setting
from pplc.runtime.optimisation.ascent import Point
from pplc.runtime.optimisation.modes import search
from pplc.runtime.psis import pareto_k
from pplc.runtime.results import Draws, Result

STATISTICS = np.dtype([("lp", np.float64), ("log_q", np.float64)])
LARGEST = 3000  # parameters; the curvature is a matrix of this size
NOT_A_PEAK = (
    "stopped, since the log density does not fall in every direction from the mode (it is flat there, or the mode lies"
    " at the edge of the support)"
)
_STREAM = 3  # keeps these random numbers apart from those of the starts


@dataclass(frozen=True)
class Settings:
    draws: int = setting(1000, "draws from the approximation", minimum=0)
    iterations: int = setting(2000, "the most steps uphill", minimum=1)
    tolerance: float = setting(1e-10, "stop when a step raises the log density by less", minimum=0)
    init_radius: float = setting(2.0, "random starts are uniform within this distance of 0", minimum=0)


def start(target: Target, settings: Settings, run: Run) -> Result:
    """One chain of independent draws around the best mode of `run.chains` climbs."""
    density = target.log_density
    if density.size > LARGEST:
        raise SettingsError([f"laplace is for at most {LARGEST} parameters, not {density.size}"])
    found = search(density, run, settings.iterations, settings.tolerance, settings.init_radius)
    began = time.perf_counter()
    positions, statistics = np.empty((0, density.size)), np.zeros(0, STATISTICS)
    complete, reason = found.outcome.complete, found.outcome.reason
    factor = _factor(density, found.best)
    if factor is not None:
        random = np.random.default_rng(np.random.SeedSequence(run.seed, spawn_key=(_STREAM,)))
        positions, statistics = _draw(density, found.best.position, factor, settings.draws, random)
    else:
        complete, reason = False, reason or NOT_A_PEAK
    return Result(
        method="laplace",
        settings=settings,
        seed=run.seed,
        sample=Draws(positions[None], statistics[None], np.array([len(positions)])),
        complete=complete,
        reason=reason,
        gradients=found.evaluations + 2 * density.size + len(positions),
        timings={"fitting": found.outcome.seconds, "sampling": time.perf_counter() - began},
        report=found.report | {"pareto_k": pareto_k(statistics["lp"] - statistics["log_q"])},
    )


def _factor(density: LogDensity, mode: Point) -> Array | None:
    """The lower Cholesky factor of the negative Hessian, by central differences of the gradient; None without one."""
    size = density.size
    curvature = np.empty((size, size))
    for i in range(size):
        step = np.zeros(size)
        step[i] = np.cbrt(np.finfo(float).eps) * max(1.0, abs(mode.position[i]))
        curvature[i] = (density(mode.position - step)[1] - density(mode.position + step)[1]) / (2.0 * step[i])
    try:
        return np.linalg.cholesky(0.5 * (curvature + curvature.T))
    except np.linalg.LinAlgError:
        return None


def _draw(
    density: LogDensity, mean: Array, factor: Array, count: int, random: np.random.Generator
) -> tuple[Array, np.ndarray]:
    noise = random.standard_normal((count, len(mean)))
    positions = mean + np.linalg.solve(factor.T, noise.T).T
    statistics = np.zeros(count, STATISTICS)
    log_determinant = np.log(np.diag(factor)).sum()
    statistics["lp"] = [density(position)[0] for position in positions]
    statistics["log_q"] = log_determinant - 0.5 * (noise**2).sum(axis=1) - 0.5 * len(mean) * np.log(2 * np.pi)
    return positions, statistics


driver = Driver("laplace", "normal approximation at the mode: quick, but check its Pareto k", Settings, start)
