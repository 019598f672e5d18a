"""Automatic differentiation variational inference: the best normal approximation, mean-field or full-rank."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pplc.runtime.chains import Outcome, Progress, run_chains
from pplc.runtime.contract import Array, LogDensity, Stop, Target
from pplc.runtime.drivers import Driver, Run, SettingsError, setting
from pplc.runtime.initial import find_start
from pplc.runtime.kernels.kernel import Kernel
from pplc.runtime.optimisation.modes import search
from pplc.runtime.psis import pareto_k
from pplc.runtime.results import Draws, Result
from pplc.runtime.variational.approximation import PLAN, STATISTICS, Approximation, Record, new_approximation
from pplc.runtime.variational.path import best_normal

ASCEND = Kernel(
    "pplc.runtime.variational.ascent",
    "ascend",
    lambda: (0, np.zeros(1, PLAN), _approximation(), np.zeros(1), 0, np.zeros(1, np.int64)),
)
SAMPLE = Kernel(
    "pplc.runtime.variational.ascent",
    "sample",
    lambda: (0, _approximation(), np.zeros((1, 1)), np.zeros(1, STATISTICS), np.zeros(1, np.int64)),
)

LARGEST_FULL_RANK = 3000  # parameters; the approximation holds several matrices of this size
NEGLIGIBLE = 10.0  # nats by which a fit's bound may be below the best one's
PATH_STEPS, PATH_DRAWS, PATH_TOLERANCE = 1000, 25, 1e-8  # as in `pathfinder`
_STREAM = 5  # keeps the paths' random numbers apart from others

# Mean and factor of the first approximation of every fit, how the search for them ended, evaluations of the density.
type Firsts = tuple[list[tuple[Array, Array]], Outcome, int]


@dataclass(frozen=True)
class Settings:
    draws: int = setting(1000, "draws from each approximation", minimum=0)
    rank: str = setting(
        "mean-field", "mean-field ignores correlations, full-rank learns them", choices=("mean-field", "full-rank")
    )
    iterations: int = setting(20_000, "the most steps uphill", minimum=1)
    samples: int = setting(8, "draws per step", minimum=1)
    rate: float = setting(0.1, "size of the first steps, in standard deviations of the approximation", above=0, below=1)
    last_rate: float = setting(1e-3, "stop when steps are smaller than this", above=0)
    window: int = setting(
        100, "number of steps whose mean objective is compared with that of the steps before", minimum=10
    )
    tolerance: float = setting(0.01, "stop when the objective rises by less: per step, in advi per window", minimum=0)
    start: str = setting(
        "path",
        "the first approximation: found on a path to the mode, or around a random point",
        choices=("path", "random"),
    )
    initial_scale: float = setting(0.5, "standard deviation of the first approximation around a point", above=0)
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
    firsts, outcome, evaluations = (_on_paths if settings.start == "path" else _at_random)(density, settings, run)
    for index, (mean, factor) in enumerate(firsts):
        state = new_approximation(mean, factor, run.seed, index, settings.rate)
        fits.append(Fit(index, settings.iterations, density, plan, state, objectives[index]))
    ASCEND.load()
    prepared = time.perf_counter()
    if outcome.complete:
        outcome = run_chains(fits, run.observe, run.threads, run.time_limit - outcome.seconds, run.chunk)

    # An interrupted approximation is sampled too: it may be rough, but it is what there is.
    positions = np.empty((run.chains, settings.draws, density.size))
    statistics = np.zeros((run.chains, settings.draws), STATISTICS)
    for fit in fits:
        SAMPLE(density.address, fit.state, positions[fit.index], statistics[fit.index], np.zeros(1, np.int64))
    final = np.array([_last_objective(fit, settings.window) for fit in fits])
    iterations = np.array([fit.state.scalars["iteration"][0] for fit in fits])
    return Result(
        method="advi",
        settings=settings,
        seed=run.seed,
        sample=Draws(positions, statistics, np.where(_worth_keeping(final), settings.draws, 0)),
        complete=outcome.complete,
        reason=outcome.reason,
        scale=np.stack([_deviations(fit.state) for fit in fits]),
        gradients=evaluations + int(sum(fit.state.scalars["gradients"][0] for fit in fits)),
        timings={"initial": prepared - began, "fitting": outcome.seconds},
        report={
            "elbo": final,
            "elbo_trace": objectives[:, : iterations.max()],
            "pareto_k": np.array([pareto_k(s["lp"] - s["log_q"]) for s in statistics]),
            "converged": np.array([bool(fit.state.scalars["converged"][0]) for fit in fits]),
            "iterations": iterations,
        },
    )


def _approximation() -> Approximation:
    return new_approximation(np.zeros(1), np.ones(1), 0, 0, 1.0)


def _at_random(density: LogDensity, settings: Settings, run: Run) -> Firsts:
    """Around random points, or those given."""
    factor = np.full(density.size, settings.initial_scale)
    if settings.rank == "full-rank":
        factor = np.diag(factor)
    given = [None] * run.chains if run.starts is None else run.starts
    radius, limit = settings.init_radius, run.time_limit
    starts = [find_start(density, run.seed, i, given[i], radius, limit) for i in range(run.chains)]
    return [(start.position, factor) for start in starts], Outcome(True, "", 0.0), 0


def _on_paths(density: LogDensity, settings: Settings, run: Run) -> Firsts:
    """The best that Pathfinder sees on its way to a mode, from each start."""
    found = search(density, run, PATH_STEPS, PATH_TOLERANCE, settings.init_radius)
    firsts = []
    for chain, ascent in enumerate(found.ascents):
        random = np.random.default_rng(np.random.SeedSequence(run.seed, spawn_key=(chain, _STREAM)))
        normal, _ = best_normal(density, ascent, PATH_DRAWS, random)
        # The mean-field approximation that is nearest to a normal has its conditional deviations.
        full = settings.rank == "full-rank"
        firsts.append((normal.mean, normal.covariance_factor() if full else normal.precision() ** -0.5))
    evaluations = found.evaluations + PATH_DRAWS * sum(len(ascent.points) for ascent in found.ascents)
    return firsts, found.outcome, evaluations


def _worth_keeping(bounds: Array) -> NDArray[np.bool_]:
    """Fits whose evidence is not negligible beside the best one's; all if nothing is known of them."""
    known = bounds[np.isfinite(bounds)]
    return bounds >= known.max() - NEGLIGIBLE if known.size else np.ones(len(bounds), bool)


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
    "advi",
    "variational inference with a normal approximation: quick, but check its Pareto k",
    Settings,
    start,
    (ASCEND, SAMPLE),
)
