"""Random numbers inside compiled code: xoshiro256++ (Blackman and Vigna 2021), one stream per chain.

The state is four words, so a chain's randomness can be saved and restored with its other numbers.
Normal variates use the ziggurat of Doornik (2005), 128 layers.
"""

import math

import numpy as np
from pplc.runtime.compiled import compiled

_LAYERS = 128
_TAIL = 3.442619855899  # where the base layer's tail starts
_AREA = 9.91256303526217e-3  # of each layer


def _build_layers():
    """Right edges of the layers, widest first, and the share of each that lies inside the next."""
    edges = np.empty(_LAYERS + 1)
    height = math.exp(-0.5 * _TAIL * _TAIL)
    edges[0] = _AREA / height
    edges[1] = _TAIL
    for i in range(2, _LAYERS):
        edges[i] = math.sqrt(-2.0 * math.log(_AREA / edges[i - 1] + height))
        height = math.exp(-0.5 * edges[i] * edges[i])
    edges[_LAYERS] = 0.0
    return edges, edges[1:] / edges[:-1]


_EDGES, _RATIOS = _build_layers()


@compiled
def _rotate(word, bits):
    return (word << np.uint64(bits)) | (word >> np.uint64(64 - bits))


@compiled
def next_word(state):
    """64 random bits; `state` is a uint64 array of length 4, not all zero."""
    a, b, c, d = state[0], state[1], state[2], state[3]
    result = _rotate(a + d, 23) + a
    shifted = b << np.uint64(17)
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = _rotate(d, 45)
    state[0], state[1], state[2], state[3] = a, b, c, d
    return result


@compiled
def uniform(state):
    """A double in [0, 1), a multiple of 2**-53."""
    return np.float64(np.int64(next_word(state) >> np.uint64(11))) * 2.0**-53


@compiled
def standard_normal(state):
    """A standard normal variate."""
    while True:
        word = next_word(state)
        layer = np.int64(word & np.uint64(_LAYERS - 1))
        # The layer takes the lowest 7 bits and the position the highest 53: they share none.
        u = np.float64(np.int64(word >> np.uint64(11))) * 2.0**-52 - 1.0
        if abs(u) < _RATIOS[layer]:
            return u * _EDGES[layer]
        if layer == 0:
            return math.copysign(_tail(state), u)
        x = u * _EDGES[layer]
        outer = math.exp(-0.5 * (_EDGES[layer] * _EDGES[layer] - x * x))
        inner = math.exp(-0.5 * (_EDGES[layer + 1] * _EDGES[layer + 1] - x * x))
        if outer + uniform(state) * (inner - outer) < 1.0:
            return x


@compiled
def _tail(state):
    """A normal variate given that it exceeds `_TAIL` (Marsaglia 1964)."""
    while True:
        x = -math.log(1.0 - uniform(state)) / _TAIL
        y = -math.log(1.0 - uniform(state))
        if y + y >= x * x:
            return x + _TAIL
