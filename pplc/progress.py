"""How far the chains are: a live table on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from pplc.runtime.chains import Observer, Progress

PATIENCE = 0.3  # seconds; quicker runs show nothing, which saves importing what draws the table
INTERVAL = 10.0  # seconds between plain lines


@contextmanager
def watch(stream: TextIO | None = None) -> Iterator[Observer]:
    """An observer that reports to a stream (standard error) until the context ends."""
    stream = sys.stderr if stream is None else stream
    display = _Table(stream) if stream.isatty() else _Lines(stream)
    try:
        yield display.observe
    finally:
        display.close()


class _Lines:
    """One line for all chains every few seconds; nothing for runs that are over by then."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.began = self.last = 0.0

    def observe(self, chains: Sequence[Progress]) -> None:
        now = time.monotonic()
        if not self.began:  # not before: on a new machine the sampler itself is compiled first
            self.began = self.last = now
        if now - self.last >= INTERVAL:
            self.last = now
            print(describe(chains, now - self.began), file=self.stream, flush=True)

    def close(self) -> None:
        """Nothing is left open."""


class _Table:
    """A line per chain, redrawn in place."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.began = 0.0
        self.started: dict[int, float] = {}  # when a chain was first seen moving: some wait for a free processor
        self.live: Any = None

    def observe(self, chains: Sequence[Progress]) -> None:
        now = time.monotonic()
        self.began = self.began or now
        for chain in chains:
            if chain.done:
                self.started.setdefault(chain.chain, now - 0.1)
        if now - self.began < PATIENCE:
            return
        if self.live is None:
            from rich.console import Console
            from rich.live import Live

            self.live = Live(console=Console(file=self.stream), auto_refresh=False, transient=True)
            self.live.start()
        self.live.update(table(chains, {n: now - at for n, at in self.started.items()}), refresh=True)

    def close(self) -> None:
        if self.live is not None:
            self.live.stop()


def table(chains: Sequence[Progress], elapsed: Mapping[int, float]) -> Any:
    """The state of all chains as a rich table; `elapsed` has the seconds since each chain started."""
    from rich import box
    from rich.progress_bar import ProgressBar
    from rich.table import Table

    found = Table("chain", "", box=box.SIMPLE_HEAD, padding=(0, 1))
    for column in ("draws", "divergences", "step size", "gradients", "time left"):
        found.add_column(column, justify="right")
    for chain in chains:
        bar = ProgressBar(
            chain.total, chain.done, 24, style="dim", complete_style="yellow" if chain.warming else "cyan"
        )
        found.add_row(
            str(chain.chain + 1),
            bar,
            f"{chain.done}/{chain.total}{' warmup' if chain.warming else ''}",
            f"[red]{chain.divergences}[/red]" if chain.divergences else "0",
            f"{chain.step_size:.3g}",
            f"{chain.gradients:,}",
            duration(seconds_left([chain], elapsed.get(chain.chain, 0.0))),
        )
    return found


def describe(chains: Sequence[Progress], elapsed: float) -> str:
    """The state of all chains in a line."""
    done, total = sum(c.done for c in chains), max(1, sum(c.total for c in chains))
    warming = sum(c.warming for c in chains)
    parts = [
        f"{100 * done / total:.0f}% after {duration(elapsed)}",
        f"chains at {', '.join(str(c.done) for c in chains)} of {chains[0].total}",
    ]
    if warming:
        parts.append(f"{warming} warming up")
    if divergences := sum(c.divergences for c in chains):
        parts.append(f"{divergences} divergences")
    return f"{'; '.join(parts)}; {duration(seconds_left(chains, elapsed))} left"


def seconds_left(chains: Sequence[Progress], elapsed: float) -> float:
    """Until these chains are done, if they go on as so far; inf before the first transition."""
    done, total = sum(c.done for c in chains), sum(c.total for c in chains)
    return elapsed * (total - done) / done if done else float("inf")


def duration(seconds: float) -> str:
    """A time as people say it."""
    if seconds == float("inf"):
        return "?"
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"
