"""Eigenvalues and eigenvectors of real symmetric matrices.

Householder reflections make the matrix tridiagonal, the implicit QL algorithm makes that diagonal (Golub and Van Loan
2013, section 8.3). Vectors are rows until the end, so that inner loops run over contiguous numbers.
"""

from __future__ import annotations

import math

from ..graph import np
from .matrices import identity, transposed

EPSILON = 2.0**-52
SMALLEST = 2.0**-1022
STEPS = 60  # of QL for one eigenvalue; it needs two on average
LARGE, FACTOR = 2.0**200, 2.0**-200  # fourth powers of what is between them neither overflow nor vanish


def symmetric_eigen(x):
    """(values, smallest first; vectors as columns) of the symmetric part of a matrix; nan where it is not finite."""
    size = x.shape[0]
    largest = largest_element(x)
    if not largest < math.inf:
        return np.full(size, math.nan), np.full((size, size), math.nan)
    scale = scale_of(largest)
    a = np.empty((size, size))
    for i in range(size):
        for j in range(size):
            a[i, j] = 0.5 * (scale * x[i, j] + scale * x[j, i])
    values, beside = np.zeros(size), np.zeros(size)
    rows = tridiagonal(a, values, beside)
    if not diagonal(values, beside, rows):
        return np.full(size, math.nan), np.full((size, size), math.nan)
    ascending(values, rows)
    for k in range(size):
        values[k] /= scale
    return values, transposed(rows)


def largest_element(x):
    """The largest absolute value in a matrix; nan where one is not finite."""
    largest, rest = 0.0, 0.0
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            largest = max(largest, abs(x[i, j]))
            rest += x[i, j] - x[i, j]
    return largest + rest


def scale_of(largest):
    """The power of two that keeps squares of the numbers in range."""
    scale = 1.0
    if largest > 0.0:
        while largest * scale > LARGE:
            scale *= FACTOR
        while largest * scale < FACTOR:
            scale /= FACTOR
    return scale


def tridiagonal(a, values, beside):
    """The rows of Q with Q A Q' tridiagonal: `values` on its diagonal, `beside` next to it. Destroys a."""
    size = a.shape[0]
    shares, image = np.zeros(size), np.empty(size)
    for k in range(size - 1):
        row = a[k]
        length = 0.0
        for j in range(k + 2, size):
            length += row[j] * row[j]
        values[k] = row[k]
        if length == 0.0:  # nothing to reflect
            beside[k] = row[k + 1]
            continue
        length = math.sqrt(length + row[k + 1] * row[k + 1])
        if row[k + 1] > 0.0:
            length = -length
        beside[k] = length
        row[k + 1] -= length
        share = -1.0 / (length * row[k + 1])  # the reflection is I - share v v', its v stays in the row
        shares[k] = share
        for j in range(k + 1, size):
            image[j] = 0.0
        for i in range(k + 1, size):
            other = a[i]
            factor = share * row[i]
            for j in range(k + 1, size):
                image[j] += factor * other[j]
        along = 0.0
        for j in range(k + 1, size):
            along += image[j] * row[j]
        along *= 0.5 * share
        for j in range(k + 1, size):
            image[j] -= along * row[j]
        for i in range(k + 1, size):
            other = a[i]
            v, w = row[i], image[i]
            for j in range(k + 1, size):
                other[j] -= v * image[j] + w * row[j]
    if size > 0:
        values[size - 1] = a[size - 1, size - 1]
    q = identity(size)
    for step in range(size - 1):
        k = size - 2 - step
        row = a[k]
        if shares[k] != 0.0:
            for j in range(k + 1, size):
                image[j] = 0.0
            for i in range(k + 1, size):
                other = q[i]
                factor = shares[k] * row[i]
                for j in range(k + 1, size):
                    image[j] += factor * other[j]
            for i in range(k + 1, size):
                other = q[i]
                factor = row[i]
                for j in range(k + 1, size):
                    other[j] -= factor * image[j]
    return transposed(q)


def diagonal(values, beside, rows):
    """Make a tridiagonal matrix diagonal, turning the rows along; whether that succeeded."""
    size = values.shape[0]
    for first in range(size):
        steps = 0
        while True:
            last = first
            while last < size - 1 and not negligible(beside[last], values[last], values[last + 1]):
                last += 1
            if last < size - 1:
                beside[last] = 0.0
            if last == first:
                break
            steps += 1
            if steps > STEPS:
                return False
            step_of_ql(values, beside, rows, first, last)
    return True


def negligible(beside, one, other):
    return beside * beside <= (EPSILON * EPSILON * abs(one)) * abs(other) + SMALLEST


def step_of_ql(values, beside, rows, first, last):
    """One step with Wilkinson's shift on the block from `first` to `last`."""
    ratio = (values[first + 1] - values[first]) / (2.0 * beside[first])
    root = math.sqrt(ratio * ratio + 1.0)
    g = values[last] - values[first] + beside[first] / (ratio + (root if ratio >= 0.0 else -root))
    sine, cosine, shift = 1.0, 1.0, 0.0
    for i in range(last - 1, first - 1, -1):
        f, b = sine * beside[i], cosine * beside[i]
        length = math.sqrt(f * f + g * g)
        beside[i + 1] = length
        if length == 0.0:
            values[i + 1] -= shift
            beside[last] = 0.0
            return
        sine, cosine = f / length, g / length
        g = values[i + 1] - shift
        turned = (values[i] - g) * sine + 2.0 * cosine * b
        shift = sine * turned
        values[i + 1] = g + shift
        g = cosine * turned - b
        rotate(rows[i], rows[i + 1], cosine, sine)
    values[first] -= shift
    beside[first] = g
    beside[last] = 0.0


def rotate(one, other, cosine, sine):
    for k in range(one.shape[0]):
        x, y = one[k], other[k]
        one[k] = cosine * x - sine * y
        other[k] = sine * x + cosine * y


def ascending(values, rows):
    """Sort the values, and the rows with them."""
    size = values.shape[0]
    for i in range(size - 1):
        least = i
        for k in range(i + 1, size):
            if values[k] < values[least]:
                least = k
        if least != i:
            exchange(values, rows, i, least)


def exchange(values, rows, i, k):
    """Two values, and the rows with them, one of which changes its sign."""
    kept = values[i]
    values[i] = values[k]
    values[k] = kept
    rotate(rows[i], rows[k], 0.0, -1.0)
