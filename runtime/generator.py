"""Random numbers inside compiled code: xoshiro256++ (Blackman and Vigna 2021).

The state is an array (see `streams`), so a chain's randomness can be saved and restored with its other numbers.
Normal variates use the ziggurat of Doornik (2005), with 512 layers rather than 128: a variate that is not inside the
next layer takes as long as fifty others, and there are four times fewer of them.
"""

import math

import numpy as np
from pplc.runtime.compiled import along_rows, compiled, whole_lines
from pplc.runtime.streams import LANES, OTHER, USED, WAITING, A, B, C, D

_LAYERS = 512
_TAIL = 3.8520461503683916  # where the base layer's tail starts
_AREA = 2.456766351541357e-3  # of each layer: with these two the last layer ends at the density's top


def _build_edges():
    """Right edges of the layers, widest first."""
    edges = np.empty(_LAYERS + 1)
    height = math.exp(-0.5 * _TAIL * _TAIL)
    edges[0] = _AREA / height
    edges[1] = _TAIL
    for i in range(2, _LAYERS):
        edges[i] = math.sqrt(-2.0 * math.log(_AREA / edges[i - 1] + height))
        height = math.exp(-0.5 * edges[i] * edges[i])
    edges[_LAYERS] = 0.0
    return edges


_EDGES = _build_edges()


@compiled
def next_word(stream):
    """64 random bits."""
    one = stream[OTHER]
    result, one[0], one[1], one[2], one[3] = _next(one[0], one[1], one[2], one[3])
    return result


@compiled
def _next(a, b, c, d):
    """A generator's next word, and its state afterwards."""
    result = _rotate(a + d, 23) + a
    shifted = b << np.uint64(17)
    c ^= a
    d ^= b
    return result, a ^ d, b ^ c, c ^ shifted, _rotate(d, 45)


@compiled
def _rotate(word, bits):
    return (word << np.uint64(bits)) | (word >> np.uint64(64 - bits))


@along_rows
def _advance(a, b, c, d, words):
    """The next word of every generator."""
    for i in range(whole_lines(words)):
        words[i], a[i], b[i], c[i], d[i] = _next(a[i], b[i], c[i], d[i])


@compiled
def uniform(stream):
    """A double in [0, 1), a multiple of 2**-53."""
    return np.float64(np.int64(next_word(stream) >> np.uint64(11))) * 2.0**-53


@compiled
def standard_normals(stream, variates, size):
    """Fill the first `size` elements with standard normal variates; returns the sum of their squares."""
    squared, done = 0.0, 0
    while done < size:
        if stream[OTHER, USED] == np.uint64(LANES):
            _advance(stream[A], stream[B], stream[C], stream[D], stream[WAITING])
            stream[OTHER, USED] = np.uint64(0)
        used = np.int64(stream[OTHER, USED])
        words, room = stream[WAITING, used:], variates[done:size]
        layer, u, count, inside = 0, 0.0, 0, True
        for i in range(min(len(words), len(room))):
            layer, u = _place(words[i])
            x = u * _EDGES[layer]
            inside = abs(x) < _EDGES[layer + 1]
            if not inside:
                break
            room[i] = x
            squared += x * x
            count = i + 1
        done += count
        stream[OTHER, USED] = np.uint64(used + count + (not inside))
        if not inside:
            x = _beyond(stream, layer, u)
            variates[done] = x
            squared += x * x
            done += 1
    return squared


@compiled
def _place(word):
    """A layer and a place between -1 and 1 in it: the lowest 9 bits and the highest 53, which share none."""
    return np.int64(word & np.uint64(_LAYERS - 1)), np.float64(np.int64(word >> np.uint64(11))) * 2.0**-52 - 1.0


@compiled
def _beyond(stream, layer, u):
    """The variate that follows from a place that is not inside the next layer."""
    while True:
        x = u * _EDGES[layer]
        if abs(x) < _EDGES[layer + 1]:
            return x
        if layer == 0:
            return math.copysign(_tail(stream), u)
        outer = math.exp(-0.5 * (_EDGES[layer] * _EDGES[layer] - x * x))
        inner = math.exp(-0.5 * (_EDGES[layer + 1] * _EDGES[layer + 1] - x * x))
        if outer + uniform(stream) * (inner - outer) < 1.0:
            return x
        layer, u = _place(next_word(stream))


@compiled
def _tail(stream):
    """A normal variate given that it exceeds `_TAIL` (Marsaglia 1964)."""
    while True:
        x = -math.log(1.0 - uniform(stream)) / _TAIL
        y = -math.log(1.0 - uniform(stream))
        if y + y >= x * x:
            return x + _TAIL
