"""Running Hamiltonian chains: from settings to a Result."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pplc.runtime.chains import Progress, run_chains
from pplc.runtime.contract import Array, LogDensity, Stop, Target
from pplc.runtime.drivers import Run, setting
from pplc.runtime.dynamics.plan import FISHER, WINDOWED, fisher_schedule, new_plan, windowed_schedule
from pplc.runtime.dynamics.state import CURRENT, STATISTICS, Chain, Record, new_chain
from pplc.runtime.initial import find_start
from pplc.runtime.kernels.kernel import Kernel
from pplc.runtime.results import Draws, Result


def _example() -> tuple[object, ...]:
    chain = new_chain(1, 0, 0, 1, dense=False)
    return 0, new_plan(), chain, np.zeros((1, 1)), np.zeros(1, STATISTICS), 0, np.zeros(1, np.int64)


ADVANCE = Kernel("pplc.runtime.dynamics.chain", "advance", _example)


@dataclass(frozen=True)
class HamiltonianSettings:
    """What NUTS and static HMC have in common."""

    draws: int = setting(1000, "draws kept per chain", minimum=0)
    warmup: int = setting(1000, "transitions that tune step size and metric, per chain", minimum=0)
    thin: int = setting(1, "keep every n-th transition", minimum=1)
    save_warmup: bool = setting(False, "keep the draws of the warmup too")
    target_accept: float = setting(0.8, "mean acceptance probability that the step size aims at", above=0, below=1)
    metric: str = setting(
        "fisher",
        "how scales are learned: fisher (diagonal, from gradients and draws), diag or dense (Stan's windows)",
        choices=("fisher", "diag", "dense"),
    )
    step_size: float = setting(0.1, "where the search for a step size begins; used as it is without warmup", above=0)
    step_size_jitter: float = setting(0.0, "relative range in which each step size is varied", minimum=0, below=1)
    max_energy_error: float = setting(1000.0, "a larger error of the energy is a divergence", above=0)
    init_radius: float = setting(2.0, "random starts are uniform within this distance of 0", minimum=0)


@dataclass
class HamiltonianChain:
    """One chain's state beside the arrays that receive its draws, as `run_chains` wants it."""

    index: int
    total: int
    warmup: int
    density: LogDensity
    plan: Record
    state: Chain
    positions: Array  # shape (kept draws, size)
    statistics: NDArray[np.void]  # shape (kept draws,)

    def advance(self, until: int, stop: Stop) -> int:
        return ADVANCE(self.density.address, self.plan, self.state, self.positions, self.statistics, until, stop)

    def progress(self) -> Progress:
        now = self.state.scalars[0]
        return Progress(
            chain=self.index,
            done=int(now["iteration"]),
            total=self.total,
            warmup=self.warmup,
            divergences=int(now["divergences"]),
            step_size=float(now["step_size"]),
            gradients=int(now["gradients"]),
        )


def run_hamiltonian(
    method: str, target: Target, settings: HamiltonianSettings, run: Run, *, steps: int = 0, max_depth: int = 10
) -> Result:
    """Run all chains of a method whose trajectories have `steps` steps, or as many as NUTS finds if that is 0."""
    size = target.log_density.size
    warmup, thin = settings.warmup, settings.thin
    kept_warmup = -(-warmup // thin) if settings.save_warmup else 0
    total = kept_warmup * thin + settings.draws * thin if settings.save_warmup else warmup + settings.draws * thin
    rows = kept_warmup + settings.draws
    plan = _plan(settings, steps, max_depth)
    began = time.perf_counter()
    # Unwritten pages cost no memory, and each chain writes its own part: draws are never copied.
    positions = np.empty((run.chains, rows, size))
    statistics = np.zeros((run.chains, rows), STATISTICS)
    chains = []
    for index in range(run.chains):
        state = new_chain(size, run.seed, index, max_depth, dense=settings.metric == "dense")
        start = find_start(
            target.log_density,
            run.seed,
            index,
            None if run.starts is None else run.starts[index],
            settings.init_radius,
            run.time_limit,
        )
        state.trajectory.position[CURRENT, :size] = start.position
        state.trajectory.gradient[CURRENT, :size] = start.gradient
        state.scalars["log_density"] = start.log_density
        chains.append(
            HamiltonianChain(index, total, warmup, target.log_density, plan, state, positions[index], statistics[index])
        )
    prepared = time.perf_counter()
    ADVANCE.load()
    loaded = time.perf_counter()
    outcome = run_chains(chains, run.observe, run.threads, run.time_limit, run.chunk)

    done = np.array([chain.progress().done for chain in chains])
    written = -(-np.maximum(done - int(plan["keep_from"][0]), 0) // thin)
    return Result(
        method=method,
        settings=settings,
        seed=run.seed,
        complete=outcome.complete,
        reason=outcome.reason,
        sample=Draws(positions[:, kept_warmup:], statistics[:, kept_warmup:], np.maximum(written - kept_warmup, 0)),
        warmup=Draws(positions[:, :kept_warmup], statistics[:, :kept_warmup], np.minimum(written, kept_warmup))
        if settings.save_warmup
        else None,
        step_size=np.array([chain.state.scalars["step_size"][0] for chain in chains]),
        scale=np.stack([_scales(chain.state) for chain in chains]),
        refused=int(sum(chain.state.scalars["refused"][0] for chain in chains)),
        refused_at=np.concatenate([c.state.refused[: c.state.scalars["refused"][0]] for c in chains]),
        gradients=int(sum(chain.state.scalars["gradients"][0] for chain in chains)),
        timings={"initial": prepared - began, "load": loaded - prepared, "sampling": outcome.seconds},
    )


def _plan(settings: HamiltonianSettings, steps: int, max_depth: int) -> Record:
    fisher = settings.metric == "fisher"
    return new_plan(
        warmup=settings.warmup,
        adaptation=FISHER if fisher else WINDOWED,
        target_accept=settings.target_accept,
        initial_step=settings.step_size,
        jitter=settings.step_size_jitter,
        steps=steps,
        max_depth=max_depth,
        max_energy_error=settings.max_energy_error,
        keep_from=0 if settings.save_warmup else settings.warmup,
        thin=settings.thin,
        **(fisher_schedule if fisher else windowed_schedule)(settings.warmup),
    )


def _scales(chain: Chain) -> Array:
    """Standard deviations according to the metric."""
    if chain.metric.factor.size:
        return np.sqrt((chain.metric.factor**2).sum(axis=1))
    return chain.metric.scale[: chain.scalars["size"][0]]
