"""The state of a stream of random numbers, a plain array; `generator` draws from it in compiled code.

LANES generators advance together, for the normal variates of vectors: vector instructions make their words, which
wait in a row of their own until they are used. Numbers that are wanted one by one come from another generator, which
costs less than looking whether a word waits. All depends on the seed and the keys only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

type Stream = NDArray[np.uint64]  # shape (6, LANES)

LANES = 32

# Rows: the four words of each generator; the words that wait; the four words of the other generator.
A, B, C, D, WAITING, OTHER = range(6)
USED = 4  # in the last row: how many of the words that waited are used


def new_stream(seed: int, *keys: int) -> Stream:
    stream = np.zeros((6, LANES), np.uint64)
    words = np.random.SeedSequence(seed, spawn_key=keys).generate_state(4 * LANES + 4, np.uint64)
    stream[:WAITING] = words[4:].reshape(4, LANES)
    stream[OTHER, :4] = words[:4]
    stream[OTHER, USED] = LANES
    return stream
