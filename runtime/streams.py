"""The state of a stream of random numbers, a plain array; `generator` draws from it in compiled code.

LANES generators advance together, so that their words are made by vector instructions, and the words of one advance
wait in a row of their own until they are used. All depends on the seed and the keys only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

type Stream = NDArray[np.uint64]  # shape (6, LANES)

LANES = 32

# Rows: the four words of each generator, the words that wait, and how many of these are used (in the first column).
A, B, C, D, WAITING, USED = range(6)


def new_stream(seed: int, *keys: int) -> Stream:
    stream = np.zeros((6, LANES), np.uint64)
    stream[:WAITING] = np.random.SeedSequence(seed, spawn_key=keys).generate_state(4 * LANES, np.uint64).reshape(4, -1)
    stream[USED, 0] = LANES
    return stream
