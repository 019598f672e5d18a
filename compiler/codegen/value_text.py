"""Values as text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .values import Kind


def value_text(value: NDArray[np.float64], kind: Kind) -> str:
    """A value as Stan prints it: six significant digits, nested brackets, no spaces.

    A complex one has a last axis for its parts.
    """
    if value.ndim == (1 if kind == "c" else 0):
        return f"({value[0]:g},{value[1]:g})" if kind == "c" else f"{int(value)}" if kind == "i" else f"{value:g}"
    return "[" + ",".join(value_text(row, kind) for row in value) + "]"


def when(counters: Sequence[str], values: Sequence[NDArray[np.float64]]) -> str:
    """In which iteration of the loops around."""
    told = [f"{name} is {int(value)}" for name, value in zip(counters, values, strict=False)]
    return f"when {' and '.join(told)}" if told else ""
