"""Where chains start: a point at which the log density and its gradient are finite."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from pplc.runtime.console import on_behalf_of
from pplc.runtime.contract import Array, LogDensity
from pplc.runtime.threads import awaited
from pplc.runtime.watched import Halt, stoppable

ATTEMPTS = 100
# Transitions compare log densities to well within 1, which doubles of this size just resolve. A start beyond it would
# be left by rounding errors alone; recurrences that explode make the log density as small as -1e100.
RESOLVED = 1e-3 / np.finfo(np.float64).eps
_STREAM = 1  # keeps these random numbers apart from those of the chain itself


class InitialisationError(Exception):
    """No usable initial point. `position` is the last one tried: `Target.explain(position)` tells why it fails, unless
    it is None. `stopped`: not for want of one, but the program ended the search."""

    def __init__(self, message: str, position: Array | None, chain: int, stopped: bool = False) -> None:
        super().__init__(message)
        self.position = position
        self.chain = chain
        self.stopped = stopped


class Start(NamedTuple):
    position: Array
    log_density: float
    gradient: Array


def find_start(
    log_density: LogDensity, seed: int, chain: int, given: Array | None = None, radius: float = 2.0,
    time_limit: float = math.inf,
) -> Start:  # fmt: skip
    """A start for `chain`: `given`, or a usable point of up to 100 drawn uniformly from (-radius, radius).

    That is the first with a log density of ordinary size, or else the one with the largest.

    Raises InitialisationError, also where an evaluation takes longer than the time limit.
    """
    with on_behalf_of(chain), stoppable() as halt:
        return _find(_Evaluation(log_density, chain, halt, time_limit), seed, given, radius)


@dataclass(frozen=True)
class _Evaluation:
    """How points are tried for a chain."""

    log_density: LogDensity
    chain: int
    halt: Halt
    time_limit: float

    def start(self, position: Array) -> Start | None:
        """A start at this point, if it is usable."""
        try:
            value, gradient = awaited(partial(self.log_density, position), self.time_limit)
        except TimeoutError:
            message = f"an evaluation of the log density did not end within the time limit of {self.time_limit:g} s"
            raise InitialisationError(message, None, self.chain) from None
        if self.halt.reason:
            message = f"the search for an initial point was {self.halt.reason}"
            raise InitialisationError(message, position, self.chain, stopped=True)
        if np.isfinite(value) and np.isfinite(gradient).all():
            return Start(position, value, gradient)
        return None


def _find(evaluation: _Evaluation, seed: int, given: Array | None, radius: float) -> Start:
    chain = evaluation.chain
    if given is not None:
        given = np.array(given, dtype=np.float64)
        if start := evaluation.start(given):
            return start
        message = f"the log density or its gradient is not finite at the initial point given for chain {chain + 1}"
        raise InitialisationError(message, given, chain)
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(chain, _STREAM)))
    best: Start | None = None
    for _ in range(ATTEMPTS):
        position = random.uniform(-radius, radius, evaluation.log_density.size)
        start = evaluation.start(position)
        if start is not None and abs(start.log_density) < RESOLVED:
            return start
        if start is not None and (best is None or start.log_density > best.log_density):
            best = start
    if best is not None:
        return best
    where = "at 0" if radius == 0 else f"in {ATTEMPTS} random points between {-radius:g} and {radius:g}"
    raise InitialisationError(
        f"no finite log density and gradient was found {where} on the unconstrained scale, for chain {chain + 1}",
        position,
        chain,
    )
