"""Where chains start: a point at which the log density and its gradient are finite."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from pplc.runtime.console import on_behalf_of
from pplc.runtime.contract import Array, LogDensity
from pplc.runtime.watched import Halt, stoppable

ATTEMPTS = 100
# Transitions compare log densities to well within 1, which doubles of this size just resolve. A start beyond it would
# be left by rounding errors alone; recurrences that explode make the log density as small as -1e100.
RESOLVED = 1e-3 / np.finfo(np.float64).eps
_STREAM = 1  # keeps these random numbers apart from those of the chain itself


class InitialisationError(Exception):
    """No usable initial point. `position` is the last one tried: `Target.explain(position)` tells why it fails."""

    def __init__(self, message: str, position: Array, chain: int) -> None:
        super().__init__(message)
        self.position = position
        self.chain = chain


class Start(NamedTuple):
    position: Array
    log_density: float
    gradient: Array


def find_start(
    log_density: LogDensity, seed: int, chain: int, given: Array | None = None, radius: float = 2.0
) -> Start:
    """A start for `chain`: `given`, or a usable point of up to 100 drawn uniformly from (-radius, radius).

    That is the first with a log density of ordinary size, or else the one with the largest.

    Raises InitialisationError.
    """
    with on_behalf_of(chain), stoppable() as halt:
        return _find(log_density, seed, chain, given, radius, halt)


def _find(log_density: LogDensity, seed: int, chain: int, given: Array | None, radius: float, halt: Halt) -> Start:
    if given is not None:
        given = np.array(given, dtype=np.float64)
        if start := _try(log_density, given, chain, halt):
            return start
        message = f"the log density or its gradient is not finite at the initial point given for chain {chain + 1}"
        raise InitialisationError(message, given, chain)
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(chain, _STREAM)))
    best: Start | None = None
    for _ in range(ATTEMPTS):
        position = random.uniform(-radius, radius, log_density.size)
        start = _try(log_density, position, chain, halt)
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


def _try(log_density: LogDensity, position: Array, chain: int, halt: Halt) -> Start | None:
    value, gradient = log_density(position)
    if halt.reason:
        raise InitialisationError(f"the search for an initial point was {halt.reason}", position, chain)
    if np.isfinite(value) and np.isfinite(gradient).all():
        return Start(position, value, gradient)
    return None
