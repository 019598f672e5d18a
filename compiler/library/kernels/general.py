"""Eigenvalues and eigenvectors of any complex matrix, from its Schur decomposition.

Matrices come and go as pairs of reals in a last axis.
"""

from __future__ import annotations

import math

from ..graph import np
from .complex_matrices import adjoint, times
from .schur import decomposed
from .symmetric import EPSILON, SMALLEST


def eigen(z):
    """(vectors of length 1 as columns, values) of a square matrix."""
    size = z.shape[0]
    a, b, x, y = decomposed(z)
    u, v = triangle_vectors(x, y)
    a, b = adjoint(a, b)
    u, v = times(a, b, u, v)
    vectors, values = np.empty((size, size, 2)), np.empty((size, 2))
    for k in range(size):
        values[k, 0], values[k, 1] = x[k, k], y[k, k]
        length = 0.0
        for i in range(size):
            length += u[i, k] * u[i, k] + v[i, k] * v[i, k]
        length = math.sqrt(length)
        for i in range(size):
            vectors[i, k, 0], vectors[i, k, 1] = u[i, k] / length, v[i, k] / length
    return vectors, values


def triangle_vectors(x, y):
    """Those of an upper triangular matrix by substitution; gaps of rounding errors count as such.

    A column is made smaller where its numbers become large, so that their squares do not overflow.
    """
    size = x.shape[0]
    u, v = np.zeros((size, size)), np.zeros((size, size))
    largest = 0.0
    for i in range(size):
        for j in range(i, size):
            largest = max(largest, abs(x[i, j]) + abs(y[i, j]))
    least = max(EPSILON * largest, SMALLEST)
    for k in range(size):
        u[k, k] = 1.0
        for step in range(k):
            i = k - 1 - step
            c, s = 0.0, 0.0
            for j in range(i + 1, k + 1):
                c -= x[i, j] * u[j, k] - y[i, j] * v[j, k]
                s -= x[i, j] * v[j, k] + y[i, j] * u[j, k]
            gap, other = x[i, i] - x[k, k], y[i, i] - y[k, k]
            if abs(gap) + abs(other) < least:
                gap, other = least, 0.0
            c, s = quotient(c, s, gap, other)
            u[i, k], v[i, k] = c, s
            if abs(c) + abs(s) > 1e100:
                for j in range(i, k + 1):
                    u[j, k] *= 1e-100
                    v[j, k] *= 1e-100
    return u, v


def quotient(x, y, u, v):
    """(x + iy) / (u + iv), scaled by the larger part (Smith's algorithm)."""
    if abs(u) >= abs(v):
        ratio = v / u
        scale = u + v * ratio
        return (x + y * ratio) / scale, (y - x * ratio) / scale
    ratio = u / v
    scale = u * ratio + v
    return (x * ratio + y) / scale, (y * ratio - x) / scale
