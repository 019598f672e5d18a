"""From unconstrained draws to the named variables a user sees: exact functions of each draw, then random ones.

Both are made in threads, so that Ctrl-C is noticed while compiled code runs. It never costs a draw: the exact
part is finished, the generated quantities of draws that were not reached hold nan.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pplc.runtime.chains import processors
from pplc.runtime.console import on_behalf_of
from pplc.runtime.contract import Failure, Target
from pplc.runtime.results import Draws
from pplc.runtime.threads import PATIENCE, Threads

_STREAM = 2  # keeps the randomness of generated quantities apart from that of the chain
UNSET = np.iinfo(np.int64).min  # an integer that was not computed, as compiled code leaves it

type Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Expansion:
    """The variables, each of shape (chain, draw, *variable.shape), and what became of the generated ones."""

    values: Arrays
    missing: int = 0  # draws whose generated quantities were not computed, because of an interrupt or the error
    failures: tuple[Failure, ...] = field(default=())  # draws for which the program could not compute them
    error: Exception | None = None  # a bug in generated code


def expand_draws(draws: Draws, target: Target, seed: int, threads: int | None = None) -> Expansion:
    """The named variables of all draws. Random ones depend on `seed` and the chain only."""
    chains, length, _ = draws.positions.shape
    values: Arrays = {v.name: np.empty((chains, length, *v.shape), v.dtype) for v in target.variables}
    if not length:
        return Expansion(values)
    work = _Work(draws, target, seed, values)
    workers = 1 if target.in_order else min(threads or processors(), chains)
    pool = Threads(workers, "expand")
    pending: set[Future[None]] = set()
    try:
        for chain in range(chains):
            pending.add(pool.submit(work.chain, chain))
    except KeyboardInterrupt:
        work.stop.set()
    while pending:
        try:
            done, pending = wait(pending, PATIENCE)
        except KeyboardInterrupt:
            if work.stop.is_set():
                raise  # asked twice: the user does not want to wait
            work.stop.set()
            continue
        for future in done:
            future.result()
    for chain in range(chains):  # those that an interrupt kept from being submitted, or from being waited for
        work.chain(chain)
    for name in target.generated:
        values[name] = with_nan(values[name])
    failures = tuple(failure for chain in work.failures for failure in chain)
    return Expansion(values, int(work.missing.sum()), failures, work.error)


class _Work:
    """What the threads share; each writes to its own chain."""

    def __init__(self, draws: Draws, target: Target, seed: int, values: Arrays) -> None:
        self.draws, self.target, self.seed, self.values = draws, target, seed, values
        self.stop = threading.Event()
        self.missing = np.zeros(len(draws.positions), np.int64)
        self.failures: list[list[Failure]] = [[] for _ in draws.positions]
        self.error: Exception | None = None
        self._working = [threading.Lock() for _ in draws.positions]
        self._finished = [False for _ in draws.positions]

    def chain(self, chain: int) -> None:
        """All of one chain, unless that was done; waits where it is being done."""
        with self._working[chain], on_behalf_of(chain):
            if self._finished[chain]:
                return
            for name, array in self.target.expand(self.draws.positions[chain]).items():
                self.values[name][chain] = array
            if self.target.generate is not None:
                self._generate(chain)
            self._finished[chain] = True

    def _generate(self, chain: int) -> None:
        rng = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(chain, _STREAM)))
        length = self.draws.positions.shape[1]
        for part in _parts(length):
            found = None if self.stop.is_set() else self._generated(chain, part, rng)
            if found is None:
                self.missing[chain] = length - part.start
                for name in self.target.generated:
                    _unset(self.values[name][chain, part.start :])
                return
            for name, array in found.items():
                self.values[name][chain, part] = array

    def _generated(self, chain: int, part: slice, rng: np.random.Generator) -> Arrays | None:
        """The generated quantities of some draws. A bug in their code ends the work and is kept, not raised: the draws
        must not be lost with it."""
        assert self.target.generate is not None
        given = {name: array[chain, part] for name, array in self.values.items()}
        try:
            found, failure = self.target.generate(given, part.stop - part.start, rng)
        except Exception as problem:
            self.error = problem
            self.stop.set()
            return None
        if failure is not None:
            self.failures[chain].append(failure)
        return found


def _parts(length: int) -> Iterator[slice]:
    """All draws in parts, each taking about as long as the patience."""
    start, size = 0, 8
    while start < length:
        end = min(start + size, length)
        began = time.perf_counter()
        yield slice(start, end)
        pace = (time.perf_counter() - began) / (end - start)
        size = max(1, min(int(PATIENCE / max(pace, 1e-9)), 8 * size))
        start = end


def _unset(values: NDArray[Any]) -> None:
    """Mark values as not computed: nan, or the smallest integer."""
    values[...] = np.nan if values.dtype.kind in "fc" else UNSET


def with_nan(values: NDArray[Any]) -> NDArray[Any]:
    """Integers some of which were not computed, as floating-point numbers with nan."""
    if values.dtype.kind != "i" or not (unset := values == UNSET).any():
        return values
    return np.where(unset, np.nan, values)
