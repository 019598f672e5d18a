"""Singular values and vectors of complex matrices by one-sided Jacobi rotations of their columns.

Matrices come and go as pairs of reals in a last axis. A column is a row of real parts and then imaginary parts; once a
phase has made the inner product of two of them real, a real rotation makes them orthogonal (see `singular`).
"""

from __future__ import annotations

import math

from ..graph import np
from .matrices import inner
from .singular import NOTHING, SWEEPS, descending, lengths, make_orthogonal
from .symmetric import EPSILON, largest_element, scale_of


def complex_singular(z):
    """(U, values, V) with z = U diag(values) V*, the values largest first; nan where z is not finite."""
    m, n = z.shape[0], z.shape[1]
    count, size = min(m, n), max(m, n)
    columns, turn, values = np.zeros((count, 2 * size)), np.zeros((count, 2 * count)), np.full(count, math.nan)
    largest = largest_element(z.reshape((m, 2 * n)))
    scale = scale_of(largest) if largest < math.inf else math.nan
    sign = 1.0 if m >= n else -1.0  # of a wide matrix, the adjoint
    for k in range(count):
        turn[k, k] = scale - scale + 1.0
        for i in range(size):
            columns[k, i] = scale * (z[i, k, 0] if m >= n else z[k, i, 0])
            columns[k, size + i] = sign * scale * (z[i, k, 1] if m >= n else z[k, i, 1])
    if largest < math.inf:
        values = orthogonalise_complex(columns, turn)
        descending(values, columns, turn)
        normalise_complex(values, columns)
        for k in range(count):
            values[k] /= scale
    long, short = as_columns(columns), as_columns(turn)
    if m >= n:
        return long, values, short
    return short, values, long


def as_columns(rows):
    """Pairs of reals, the rows as columns."""
    count, size = rows.shape[0], rows.shape[1] // 2
    out = np.empty((size, count, 2))
    for k in range(count):
        for i in range(size):
            out[i, k, 0], out[i, k, 1] = rows[k, i], rows[k, size + i]
    return out


def complex_inner(one, other):
    """The parts of one* other."""
    size = one.shape[0] // 2
    return inner(one, other), inner(one[:size], other[size:]) - inner(one[size:], other[:size])


def multiply_row(row, c, s):
    """The row times c + is."""
    size = row.shape[0] // 2
    for i in range(size):
        x, y = row[i], row[size + i]
        row[i] = c * x - s * y
        row[size + i] = c * y + s * x


def orthogonalise_complex(rows, turn):
    """As for real rows (`singular.orthogonalise`), with a phase before each rotation."""
    count = rows.shape[0]
    squares = np.zeros(count)
    for _ in range(SWEEPS):
        for i in range(count):
            squares[i] = inner(rows[i], rows[i])
        turned = False
        for i in range(count - 1):
            for k in range(i + 1, count):
                c, s = complex_inner(rows[i], rows[k])
                along = math.sqrt(c * c + s * s)
                if not along <= EPSILON * math.sqrt(squares[i]) * math.sqrt(squares[k]):
                    turned = True
                    multiply_row(rows[k], c / along, -s / along)
                    multiply_row(turn[k], c / along, -s / along)
                    make_orthogonal(rows, turn, squares, i, k, along)
        if not turned:
            break
    return lengths(rows)


def normalise_complex(values, rows):
    """Rows of length 1; those of no length are made orthogonal to the others."""
    for i in range(values.shape[0]):
        if values[i] > NOTHING * values[0]:
            for k in range(rows.shape[1]):
                rows[i, k] /= values[i]
        else:
            complete_complex(rows, i)


def complete_complex(rows, place):
    """What the rows before it leave of the unit vector of which they have least."""
    size = rows.shape[1] // 2
    best, least = 0, math.inf
    for k in range(size):
        covered = 0.0
        for i in range(place):
            covered += rows[i, k] * rows[i, k] + rows[i, size + k] * rows[i, size + k]
        if covered < least:
            best, least = k, covered
    row = rows[place]
    for k in range(2 * size):
        row[k] = 0.0
    row[best] = 1.0
    for _ in range(2):  # again, for what rounding left
        for i in range(place):
            other = rows[i]
            c, s = complex_inner(other, row)
            for k in range(size):
                row[k] -= c * other[k] - s * other[size + k]
                row[size + k] -= c * other[size + k] + s * other[k]
        length = math.sqrt(inner(row, row))
        for k in range(2 * size):
            row[k] /= length
