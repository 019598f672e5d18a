"""The result of a run: unconstrained draws and statistics of the method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pplc.runtime.contract import Array


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
    refused: int = 0  # trajectories after warmup that ended where the log density is not finite
    refused_at: Array | None = None  # some of these points, shape (n, size)
    timings: Mapping[str, float] = field(default_factory=dict)  # seconds
    # What only this method has to tell: numbers, and arrays of shape (chain,) or (chain, iteration).
    report: Mapping[str, Any] = field(default_factory=dict)
