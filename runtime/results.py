"""What a run leaves behind: unconstrained draws, statistics of the method, and the named variables made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pplc.runtime.console import on_behalf_of
from pplc.runtime.contract import Array, Target

_STREAM = 2  # keeps the randomness of generated quantities apart from that of the chain


@dataclass(frozen=True)
class Draws:
    """Draws of one phase of all chains; an interrupted chain has fewer than the arrays have room for."""

    positions: Array  # shape (chain, draw, size), unconstrained
    statistics: NDArray[np.void]  # shape (chain, draw), a record per draw with ArviZ's names
    lengths: NDArray[np.integer]  # shape (chain,): draws that were made

    def rectangle(self) -> Draws:
        """The part in which all chains are equally long; chains without a draw are left out if others have some."""
        chains = np.flatnonzero(self.lengths)
        length = int(self.lengths[chains].min()) if chains.size else 0
        if chains.size == len(self.lengths):  # a slice is a view: no draw is copied
            return Draws(self.positions[:, :length], self.statistics[:, :length], self.lengths.clip(max=length))
        return Draws(
            self.positions[chains, :length], self.statistics[chains, :length], self.lengths[chains].clip(max=length)
        )


@dataclass(frozen=True)
class Result:
    """The outcome of any driver."""

    method: str
    settings: Any
    seed: int
    sample: Draws
    warmup: Draws | None = None
    complete: bool = True
    reason: str = ""  # why the run is incomplete
    step_size: Array | None = None  # shape (chain,)
    scale: Array | None = None  # shape (chain, size): the metric as standard deviations
    gradients: int = 0
    timings: Mapping[str, float] = field(default_factory=dict)  # seconds
    # What only this method has to tell: numbers, and arrays of shape (chain,) or (chain, iteration).
    report: Mapping[str, Any] = field(default_factory=dict)


def expand_draws(draws: Draws, target: Target, seed: int) -> dict[str, NDArray[Any]]:
    """The named variables of all draws, each of shape (chain, draw, *variable.shape).

    Random generated quantities depend on `seed` and the chain only. One chain is expanded at a time, so no more
    than one chain's values exist twice.
    """
    chains, length, _ = draws.positions.shape
    expanded = {v.name: np.empty((chains, length, *v.shape), v.dtype) for v in target.variables}
    for chain in range(chains if length else 0):
        stream = np.random.SeedSequence(seed, spawn_key=(chain, _STREAM))
        with on_behalf_of(chain):
            values = target.expand(draws.positions[chain], int(stream.generate_state(1)[0]))
        for name, array in expanded.items():
            array[chain] = values[name]
    return expanded
