"""Errors in units of what is tolerated: weighted root mean squares of the state and of each block of sensitivities."""

from __future__ import annotations

from math import sqrt

import numpy as np


def set_weights(weights, z, relative, absolute):
    """One over what is tolerated; a block of sensitivities has the tolerances of the state."""
    n = absolute.shape[0]
    for i in range(z.shape[0]):
        weights[i] = 1.0 / (relative * abs(z[i]) + absolute[i % n])


def block_norm(v, weights, start, n):
    """The root mean square of the weighted elements start, ..., start + n - 1."""
    total = 0.0
    for i in range(start, start + n):
        total += v[i] * weights[i] * v[i] * weights[i]
    return sqrt(total / n)


def norm(v, weights, n):
    """The largest norm of a block of n elements; infinite where one is not a number."""
    largest = 0.0
    for block in range(v.shape[0] // n):
        one = block_norm(v, weights, block * n, n)
        if one - one != 0.0:
            return np.inf
        if one > largest:
            largest = one
    return largest
