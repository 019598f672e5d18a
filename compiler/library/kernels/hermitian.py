"""Eigenvalues and eigenvectors of Hermitian matrices: reflections to a real tridiagonal one, then as for real matrices.

Matrices come and go as pairs of reals in a last axis. A vector is a row of real parts and then imaginary parts, so
that real rotations turn it as they would a real one.
"""

from __future__ import annotations

import math

from ..graph import np
from .symmetric import ascending, diagonal, largest_element, scale_of


def hermitian_eigen(z):
    """(vectors as columns, values as complex numbers, smallest first) of the Hermitian part of a matrix."""
    size = z.shape[0]
    vectors, pairs = np.full((size, size, 2), math.nan), np.full((size, 2), math.nan)
    largest = largest_element(z.reshape((size, 2 * size)))
    if not largest < math.inf:
        return vectors, pairs
    scale = scale_of(largest)
    x, y = np.empty((size, size)), np.empty((size, size))
    for i in range(size):
        for j in range(size):
            x[i, j] = 0.5 * (scale * z[i, j, 0] + scale * z[j, i, 0])
            y[i, j] = 0.5 * (scale * z[i, j, 1] - scale * z[j, i, 1])
    values, beside = np.zeros(size), np.zeros(size)
    rows = hermitian_tridiagonal(x, y, values, beside)
    if not diagonal(values, beside, rows):
        return vectors, pairs
    ascending(values, rows)
    for k in range(size):
        pairs[k, 0], pairs[k, 1] = values[k] / scale, 0.0
        for i in range(size):
            vectors[i, k, 0], vectors[i, k, 1] = rows[k, i], rows[k, size + i]
    return vectors, pairs


def hermitian_tridiagonal(x, y, values, beside):
    """The columns of Q, as rows, with Q* (x + iy) Q real and tridiagonal. Destroys x and y.

    Row k keeps the reflection I - share w w* of column k, as w*, beyond its diagonal.
    """
    size = x.shape[0]
    shares, phases = np.zeros(size), np.zeros((size, 2))
    p, q = np.empty(size), np.empty(size)
    for k in range(size):
        phases[k, 0] = 1.0
    for k in range(size - 1):
        values[k] = x[k, k]
        length = 0.0
        for j in range(k + 1, size):
            length += x[k, j] * x[k, j] + y[k, j] * y[k, j]
        length = math.sqrt(length)
        beside[k] = length
        if length == 0.0:
            continue
        first = math.sqrt(x[k, k + 1] * x[k, k + 1] + y[k, k + 1] * y[k, k + 1])
        c, s = (x[k, k + 1] / first, -y[k, k + 1] / first) if first > 0.0 else (1.0, 0.0)  # the phase of A[k + 1, k]
        phases[k + 1, 0], phases[k + 1, 1] = -c, -s
        x[k, k + 1] += c * length
        y[k, k + 1] -= s * length
        shares[k] = 1.0 / (length * (length + first))
        reflect_both_sides(x, y, k, shares[k], p, q)
    if size > 0:
        values[size - 1] = x[size - 1, size - 1]
    rows = np.zeros((size, 2 * size))
    c, s = 1.0, 0.0
    for k in range(size):
        c, s = c * phases[k, 0] - s * phases[k, 1], c * phases[k, 1] + s * phases[k, 0]
        rows[k, k], rows[k, size + k] = c, s
        for step in range(size - 1):
            place = size - 2 - step
            if place < k:
                reflect_row(rows[k], x[place], y[place], place + 1, shares[place])
    return rows


def reflect_both_sides(x, y, k, share, p, q):
    """A = H A H beyond row k: A - w v* - v w* with v = A' - (share / 2) (w* A') w, A' = share A w."""
    size = x.shape[0]
    for i in range(k + 1, size):
        p[i], q[i] = 0.0, 0.0
    for j in range(k + 1, size):
        c, s = share * x[k, j], -share * y[k, j]
        one, other = x[j], y[j]
        for i in range(k + 1, size):
            p[i] += c * one[i] + s * other[i]
            q[i] += s * one[i] - c * other[i]
    along = 0.0
    for i in range(k + 1, size):
        along += x[k, i] * p[i] - y[k, i] * q[i]
    along *= 0.5 * share
    for i in range(k + 1, size):
        p[i] -= along * x[k, i]
        q[i] += along * y[k, i]
    for i in range(k + 1, size):
        one, other = x[i], y[i]
        a, b, c, d = x[k, i], -y[k, i], p[i], q[i]
        for j in range(k + 1, size):
            one[j] -= a * p[j] + b * q[j] + c * x[k, j] - d * y[k, j]
            other[j] -= b * p[j] - a * q[j] + d * x[k, j] + c * y[k, j]


def reflect_row(row, x, y, first, share):
    """r - share w (w* r) for w* = x + iy from an element on."""
    size = x.shape[0]
    c, s = 0.0, 0.0
    for i in range(first, size):
        c += x[i] * row[i] - y[i] * row[size + i]
        s += x[i] * row[size + i] + y[i] * row[i]
    c, s = share * c, share * s
    for i in range(first, size):
        row[i] -= c * x[i] + s * y[i]
        row[size + i] -= s * x[i] - c * y[i]
