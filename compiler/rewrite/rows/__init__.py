"""Sums over rows of known data, made shorter: what depends on the values of the data, not only on its shapes.

`specialise` runs before differentiation. A *row* is one element of the array that a sum adds up. The data are
known, so rows that are equal, or that matter only through a few combinations of them, can be replaced by fewer
rows. The graph that results is right for these data only; what it rests on is reported with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


def specialise(
    value: Any, conditions: Sequence[Any], data: Mapping[Any, np.ndarray]
) -> tuple[Any, list[Any], dict[Any, np.ndarray]]:
    """A value and conditions with shorter sums, and the new data inputs they use (empty: nothing was changed)."""
    from .pipeline import specialise as run

    return run(value, conditions, data)


__all__ = ["specialise"]
