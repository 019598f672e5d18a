"""Memory that begins where a line of the cache does.

NumPy aligns to 16 bytes. Elsewhere every vector of 64 bytes straddles two lines, in one process and not in the next.
"""

from __future__ import annotations

from typing import Any

import numpy as np

LINE = 64  # bytes


def aligned(array: np.ndarray) -> np.ndarray:
    """A contiguous array, or a copy of it where it begins elsewhere."""
    if array.ctypes.data % LINE == 0:
        return array
    copy = aligned_empty(array.size, array.dtype)
    copy[:] = array.ravel()
    return copy


def aligned_empty(size: int, dtype: Any) -> np.ndarray:
    """A new array of one axis."""
    itemsize = np.dtype(dtype).itemsize
    memory = np.empty(size + LINE // itemsize, dtype)
    start = -memory.ctypes.data % LINE // itemsize
    return memory[start : start + size]
