"""Singular values and vectors of real matrices: QR, then one-sided Jacobi rotations of the rows of R.

The rotations make the rows orthogonal, to within their own lengths, so that small singular values are as exact as
large ones (Demmel and Veselic 1992).
"""

from __future__ import annotations

import math

from ..graph import np
from .matrices import copied, identity, inner, product, transposed
from .orthogonal import thin
from .symmetric import EPSILON, exchange, largest_element, rotate, scale_of

SWEEPS = 60  # over all pairs of rows; ten are many
ROUNDING = 1e-15  # of the largest singular value, as NumPy has it
NOTHING = 2.0**-300  # of the largest singular value: squares of such rows vanish


def singular(x):
    """(U, values, V) with x = U diag(values) V', the values largest first; nan where x is not finite."""
    if x.shape[0] >= x.shape[1]:
        return tall(x)
    right, values, left = tall(transposed(x))
    return left, values, right


def pseudo_inverse(x):
    """V diag(1 / values) U', without values that are zero up to rounding."""
    left, values, right = singular(x)
    inverse = np.zeros((x.shape[1], x.shape[0]))
    for k in range(values.shape[0]):
        if not values[k] <= ROUNDING * values[0]:
            for i in range(x.shape[1]):
                for j in range(x.shape[0]):
                    inverse[i, j] += right[i, k] / values[k] * left[j, k]
    return inverse


def tall(x):
    """The same where x has no more columns than rows."""
    count = x.shape[1]
    largest = largest_element(x)
    if not largest < math.inf:
        bad = np.full((count, count), math.nan)
        return np.full((x.shape[0], count), math.nan), np.full(count, math.nan), bad
    scale = scale_of(largest)
    scaled = copied(x)
    for i in range(x.shape[0]):
        for j in range(count):
            scaled[i, j] *= scale
    q, rows = thin(scaled)
    turn = identity(count)  # R = turn' rows
    values = orthogonalise(rows, turn)
    descending(values, rows, turn)
    normalise(values, rows)
    for k in range(count):
        values[k] /= scale
    return product(q, transposed(turn)), values, transposed(rows)


def orthogonalise(rows, turn):
    """Rotate pairs of rows until all are orthogonal, and `turn` along; their lengths."""
    count = rows.shape[0]
    squares = np.zeros(count)
    for _ in range(SWEEPS):
        for i in range(count):
            squares[i] = inner(rows[i], rows[i])
        turned = False
        for i in range(count - 1):
            for k in range(i + 1, count):
                along = inner(rows[i], rows[k])
                if not abs(along) <= EPSILON * math.sqrt(squares[i]) * math.sqrt(squares[k]):
                    turned = True
                    make_orthogonal(rows, turn, squares, i, k, along)
        if not turned:
            break
    return lengths(rows)


def make_orthogonal(rows, turn, squares, i, k, along):
    """Rotate rows i and k, whose inner product is `along`, until it is 0; `turn` and the rows' squares along."""
    ratio = (squares[k] - squares[i]) / (2.0 * along)
    slope = 1.0 / (abs(ratio) + math.sqrt(1.0 + ratio * ratio))
    if ratio < 0.0:
        slope = -slope
    cosine = 1.0 / math.sqrt(1.0 + slope * slope)
    rotate(rows[i], rows[k], cosine, cosine * slope)
    rotate(turn[i], turn[k], cosine, cosine * slope)
    squares[i] -= slope * along
    squares[k] += slope * along


def lengths(rows):
    found = np.zeros(rows.shape[0])
    for i in range(rows.shape[0]):
        found[i] = math.sqrt(inner(rows[i], rows[i]))
    return found


def descending(values, rows, turn):
    """Sort the values, and the rows of both matrices with them."""
    count = values.shape[0]
    for i in range(count - 1):
        most = i
        for k in range(i + 1, count):
            if values[k] > values[most]:
                most = k
        if most != i:
            exchange(values, rows, i, most)
            rotate(turn[i], turn[most], 0.0, -1.0)


def normalise(values, rows):
    """Rows of length 1; those of no length are made orthogonal to the others."""
    count = values.shape[0]
    for i in range(count):
        if values[i] > NOTHING * values[0]:
            for k in range(count):
                rows[i, k] /= values[i]
        else:
            complete(rows, i)


def complete(rows, place):
    """A row orthogonal to those before it: what they leave of the unit vector of which they have least."""
    size = rows.shape[1]
    best, least = 0, math.inf
    for k in range(size):
        covered = 0.0
        for i in range(place):
            covered += rows[i, k] * rows[i, k]
        if covered < least:
            best, least = k, covered
    row = rows[place]
    for k in range(size):
        row[k] = 0.0
    row[best] = 1.0
    for _ in range(2):  # again, for what rounding left
        for i in range(place):
            along = inner(rows[i], row)
            for k in range(size):
                row[k] -= along * rows[i, k]
        length = math.sqrt(inner(row, row))
        for k in range(size):
            row[k] /= length
