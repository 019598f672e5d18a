"""Hamiltonian Monte Carlo with a fixed number of steps per draw (see `runtime.dynamics.static`)."""

from __future__ import annotations

from dataclasses import dataclass

from pplc.runtime.contract import Target
from pplc.runtime.drivers import Driver, Run, setting
from pplc.runtime.dynamics.run import ADVANCE, HamiltonianSettings, run_hamiltonian
from pplc.runtime.results import Result


@dataclass(frozen=True)
class Settings(HamiltonianSettings):
    step_size_jitter: float = setting(
        0.2, "relative range in which each step size is varied, so that no trajectory is periodic", minimum=0, below=1
    )
    steps: int = setting(10, "leapfrog steps of every trajectory", minimum=1)


def start(target: Target, settings: Settings, run: Run) -> Result:
    return run_hamiltonian("hmc", target, settings, run, steps=settings.steps)


driver = Driver("hmc", "Hamiltonian Monte Carlo with trajectories of fixed length", Settings, start, (ADVANCE,))
