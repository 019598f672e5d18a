"""What a case is, and what cases are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytensor.tensor as pt

Case = tuple[Any, Any, dict[Any, np.ndarray]]
CASES: dict[str, Callable[[], Case]] = {}


def case(build: Callable[[], Case]) -> Callable[[], Case]:
    CASES[build.__name__] = build
    return build


def normal(x: Any, mu: Any, sigma: Any) -> Any:
    return -0.5 * ((x - mu) / sigma) ** 2 - pt.log(sigma) - 0.5 * np.log(2 * np.pi)


def position(size: int) -> Any:
    return pt.vector("q", shape=(size,), dtype="float64")


class Data:
    """Hands out data variables."""

    def __init__(self, seed: int = 0) -> None:
        self.rng = np.random.default_rng(seed)
        self.values: dict[Any, np.ndarray] = {}

    def __call__(self, value: Any) -> Any:
        value = np.asarray(value)
        variable = pt.tensor(f"data{len(self.values)}", dtype=str(value.dtype), shape=value.shape)
        self.values[variable] = value
        return variable

    def normal(self, *shape: int) -> Any:
        return self(self.rng.normal(size=shape))

    def integers(self, low: int, high: int, *shape: int) -> Any:
        return self(self.rng.integers(low, high, size=shape))
