"""Automatic differentiation variational inference: the best normal approximation, mean-field or full-rank."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from pplc.runtime.chains import Progress, run_chains
from pplc.runtime.contract import Array, LogDensity, Stop, Target
from pplc.runtime.drivers import Driver, Run, SettingsError, setting
from pplc.runtime.initial import find_start
from pplc.runtime.native import Kernel
from pplc.runtime.psis import pareto_k
from pplc.runtime.results import Draws, Result
from pplc.runtime.variational.approximation import PLAN, STATISTICS, Approximation, Record, new_approximation

ASCEND = Kernel("pplc.runtime.variational.ascent", "ascend")
SAMPLE = Kernel("pplc.runtime.variational.ascent", "sample")

LARGEST_FULL_RANK = 3000  # parameters; the approximation holds several matrices of this size


@dataclass(frozen=True)
class Settings:
    draws: int = setting(1000, "draws from each approximation", minimum=0)
    rank: str = setting(
        "mean-field", "mean-field ignores correlations, full-rank learns them", choices=("mean-field", "full-rank")
    )
    iterations: int = setting(20_000, "at most so many steps uphill", minimum=1)
    samples: int = setting(8, "draws per step", minimum=1)
    rate: float = setting(0.1, "first step, in units of the approximation's standard deviations", above=0, below=1)
    last_rate: float = setting(1e-3, "convergence is declared when steps are smaller than this", above=0)
    window: int = setting(100, "steps whose mean objective is compared with that of the steps before", minimum=10)
    tolerance: float = setting(0.01, "a gain per window that is not worth going on for", minimum=0, unit="nats")
    initial_scale: float = setting(0.5, "standard deviation of the first approximation", above=0)
    init_radius: float = setting(2.0, "random starts are uniform within this distance of 0", minimum=0)


@dataclass
class Fit:
    """One optimisation, as `run_chains` wants it; a converged one counts as done."""

    index: int
    total: int
    density: LogDensity
    plan: Record
    state: Approximation
    objectives: Array  # shape (iterations,)

    def advance(self, until: int, stop: Stop) -> int:
        done = ASCEND(self.density.address, self.plan, self.state, self.objectives, until, stop)
        return self.total if self.state.scalars["converged"][0] else done

    def progress(self) -> Progress:
        now = self.state.scalars[0]
        done = self.total if now["converged"] else int(now["iteration"])
        return Progress(self.index, done, self.total, 0, 0, float(now["rate"]), int(now["gradients"]))


def start(target: Target, settings: Settings, run: Run) -> Result:
    """Every chain is an optimisation from its own start: if they disagree, there are several optima."""
    density = target.log_density
    full = settings.rank == "full-rank"
    if full and density.size > LARGEST_FULL_RANK:
        raise SettingsError([f"<rank=full-rank> is for at most {LARGEST_FULL_RANK} parameters, not {density.size}"])
    began = time.perf_counter()
    plan = np.zeros(1, PLAN)
    plan[0] = (settings.samples, settings.window, settings.tolerance, settings.last_rate, 1 / 3)
    objectives = np.full((run.chains, settings.iterations), np.nan)
    fits = []
    for index in range(run.chains):
        given = None if run.starts is None else run.starts[index]
        first = find_start(density, run.seed, index, given, settings.init_radius)
        state = new_approximation(first.position, run.seed, index, settings.rate, settings.initial_scale, full)
        fits.append(Fit(index, settings.iterations, density, plan, state, objectives[index]))
    ASCEND.load(0, plan, state, objectives[0], 0, np.zeros(1, np.int64))
    prepared = time.perf_counter()
    outcome = run_chains(fits, run.observe, run.threads, run.time_limit, run.chunk)

    # An interrupted approximation is sampled too: it may be rough, but it is what there is.
    positions = np.empty((run.chains, settings.draws, density.size))
    statistics = np.zeros((run.chains, settings.draws), STATISTICS)
    for fit in fits:
        SAMPLE(density.address, fit.state, positions[fit.index], statistics[fit.index], np.zeros(1, np.int64))
    final = [_last_objective(fit, settings.window) for fit in fits]
    iterations = np.array([fit.state.scalars["iteration"][0] for fit in fits])
    return Result(
        method="advi",
        settings=settings,
        seed=run.seed,
        sample=Draws(positions, statistics, np.full(run.chains, settings.draws)),
        complete=outcome.complete,
        reason=outcome.reason,
        scale=np.stack([_deviations(fit.state) for fit in fits]),
        gradients=int(sum(fit.state.scalars["gradients"][0] for fit in fits)),
        timings={"initial": prepared - began, "fitting": outcome.seconds},
        report={
            "elbo": np.array(final),
            "elbo_trace": objectives[:, : iterations.max()],
            "pareto_k": np.array([pareto_k(s["lp"] - s["log_q"]) for s in statistics]),
            "converged": np.array([bool(fit.state.scalars["converged"][0]) for fit in fits]),
            "iterations": iterations,
        },
    )


def _last_objective(fit: Fit, window: int) -> float:
    """The bound at the end: its mean over the last window."""
    done = int(fit.state.scalars["iteration"][0])
    last = fit.objectives[max(0, done - window) : done]
    return float(np.nanmean(last)) if np.isfinite(last).any() else float("nan")


def _deviations(state: Approximation) -> Array:
    """Standard deviation of each coordinate."""
    variance = np.exp(2.0 * state.log_scale)
    if state.factor.size:
        variance = variance + (np.tril(state.factor, -1) ** 2).sum(axis=1)
    return np.sqrt(variance)


driver = Driver(
    "advi", "variational inference with a normal approximation: quick, but check its Pareto k", Settings, start
)
