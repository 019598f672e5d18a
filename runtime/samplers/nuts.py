"""The No-U-Turn Sampler, multinomial, with Stan's or nutpie's adaptation (see `runtime.dynamics.trajectory`)."""

from __future__ import annotations

from dataclasses import dataclass

from pplc.runtime.contract import Target
from pplc.runtime.drivers import Driver, Run, setting
from pplc.runtime.dynamics.run import ADVANCE, HamiltonianSettings, run_hamiltonian
from pplc.runtime.results import Result


@dataclass(frozen=True)
class Settings(HamiltonianSettings):
    # Stan's default is 0.8, but the mean after its short last window is 0.9 or more; here it is what is asked for.
    target_accept: float = setting(
        0.9, "mean acceptance probability that the step size aims at; nearer 1: smaller steps", above=0, below=1
    )
    max_depth: int = setting(10, "how many times a trajectory may double", minimum=1, maximum=20)


def start(target: Target, settings: Settings, run: Run) -> Result:
    return run_hamiltonian("nuts", target, settings, run, max_depth=settings.max_depth)


driver = Driver("nuts", "No-U-Turn Sampler, the default", Settings, start, (ADVANCE,))
