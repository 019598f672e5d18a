"""Running several chains at once in threads, watching them, and stopping them without losing a draw."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, wait
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from pplc.runtime.console import on_behalf_of
from pplc.runtime.contract import Stop
from pplc.runtime.threads import Threads, unfinished
from pplc.runtime.watched import stoppable

OBSERVATION_INTERVAL = 0.1  # seconds
GRACE = 30.0  # seconds after the time limit in which an evaluation of the density may end


@dataclass(frozen=True)
class Progress:
    """How far one chain is; counters are read while the chain runs."""

    chain: int
    done: int  # transitions, warmup included
    total: int
    warmup: int
    divergences: int  # after warmup
    step_size: float
    gradients: int  # evaluations of the density

    @property
    def warming(self) -> bool:
        return self.done < self.warmup

    @property
    def finished(self) -> bool:
        return self.done >= self.total


type Observer = Callable[[Sequence[Progress]], None]


class Chain(Protocol):
    """Something that advances by transitions, in compiled code that releases the GIL."""

    total: int

    def advance(self, until: int, stop: Stop) -> int:
        """Make transitions until `until` of them are done or `stop[0]` is set; returns how many are done."""
        ...

    def progress(self) -> Progress: ...


@dataclass(frozen=True)
class Outcome:
    """How a run ended; `reason` is empty if it is complete."""

    complete: bool
    reason: str
    seconds: float


def run_chains(
    chains: Sequence[Chain],
    observe: Observer | None = None,
    threads: int | None = None,
    time_limit: float = float("inf"),
    chunk: int | None = None,
) -> Outcome:
    """Run all chains to their end, or until the time limit, an interrupt (Ctrl-C) or the program stops them cleanly.

    Chains do not depend on each other or on how they are scheduled. A chain's error stops all and is raised.
    """
    began = time.perf_counter()
    stop = np.zeros(1, np.int64)
    pool = Threads(min(threads or processors(), len(chains)), "chain")
    reason, grace = "", float("inf")
    futures: list[Future[str]] = []
    try:
        for chain in chains:
            futures.append(pool.submit(_run_to_end, chain, chunk, stop))
        pending = set(futures)
        while pending:
            remaining = time_limit - (time.perf_counter() - began)
            patience = max(0.0, min(OBSERVATION_INTERVAL, remaining))  # also how soon Ctrl-C is noticed anywhere
            done, pending = wait(pending, patience, FIRST_EXCEPTION)
            if any(future.exception() for future in done):
                break
            if observe:
                observe([chain.progress() for chain in chains])
            if remaining <= 0 and pending:
                reason, grace = f"stopped at the time limit of {time_limit:g} s", GRACE
                break
    except KeyboardInterrupt:
        reason = "interrupted"
    finally:
        stop[0] = 1
        for future in futures:
            future.cancel()
        stuck = unfinished(futures, grace)  # another Ctrl-C ends this, and the run without its draws
    if stuck:
        reason += f"; {GRACE:g} s later an evaluation of the density had not returned"
    for future in futures:
        if future.done() and not future.cancelled():
            reason = future.result() or reason
    complete = all(chain.progress().finished for chain in chains)
    return Outcome(complete, "" if complete else reason, time.perf_counter() - began)


def _run_to_end(chain: Chain, chunk: int | None, stop: Stop) -> str:
    """Why the program stopped the run, if it did."""
    before = chain.progress()
    done = before.done
    with on_behalf_of(before.chain), stoppable(stop) as halt:
        while done < chain.total and stop[0] == 0:
            done = chain.advance(chain.total if chunk is None else min(done + chunk, chain.total), stop)
    return halt.reason


def processors() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
