"""Small linear algebra as plain loops: products, Cholesky factors and triangular solves of row-major arrays."""

from __future__ import annotations

import math

from ..graph import np


def factor_of(x):
    """The lower Cholesky factor; nan on and below the diagonal from the row where x is not positive definite."""
    size = x.shape[0]
    factor = np.zeros((size, size))
    for i in range(size):
        for j in range(i + 1):
            rest = x[i, j]
            for k in range(j):
                rest -= factor[i, k] * factor[j, k]
            if i > j:
                factor[i, j] = rest / factor[j, j]
            else:
                factor[i, i] = math.sqrt(rest) if rest > 0 else math.nan
    return factor


def factor_gradient(factor, gradient):
    """The gradient in the lower triangle of a matrix, from its factor and the gradient in that (Murray 2016).

    The steps of `factor_of` backwards: `out` holds the gradient in the factor until a row is done with.
    """
    size = factor.shape[0]
    out = np.zeros((size, size))
    for i in range(size):
        for j in range(i + 1):
            out[i, j] = gradient[i, j]
    first = size
    while first > 0:  # four columns, or what is left over: among themselves, then what they take from those to the left
        last = first
        first = last - 4 if last > 4 else 0
        for back in range(last - first):
            j = last - 1 - back
            pivot = factor[j, j]
            rest = out[j, j]
            for i in range(j + 1, size):
                out[i, j] /= pivot
                rest -= factor[i, j] * out[i, j]
            rest /= pivot
            for k in range(first, j):
                out[j, k] -= rest * factor[j, k]
            for i in range(j + 1, size):
                slope = out[i, j]
                for k in range(first, j):
                    out[j, k] -= slope * factor[i, k]
                    out[i, k] -= slope * factor[j, k]
            out[j, j] = 0.5 * rest
        if first > 0:
            _take_from_the_left(factor, out, first)
    return out


def _take_from_the_left(factor, out, j):
    """What four columns from j on, which are done with, add to the gradient in the columns to the left of them."""
    size = factor.shape[0]
    for c in range(4):
        for d in range(c + 1):
            slope = out[j + c, j + d]
            for k in range(j):
                out[j + c, k] -= slope * factor[j + d, k]
                out[j + d, k] -= slope * factor[j + c, k]
    fours = (size - j - 4) // 4
    for four in range(fours):
        i = j + 4 + 4 * four
        a0, a1, a2, a3 = out[i, j], out[i, j + 1], out[i, j + 2], out[i, j + 3]
        b0, b1, b2, b3 = out[i + 1, j], out[i + 1, j + 1], out[i + 1, j + 2], out[i + 1, j + 3]
        c0, c1, c2, c3 = out[i + 2, j], out[i + 2, j + 1], out[i + 2, j + 2], out[i + 2, j + 3]
        d0, d1, d2, d3 = out[i + 3, j], out[i + 3, j + 1], out[i + 3, j + 2], out[i + 3, j + 3]
        for k in range(j):
            w, x, y, z = factor[i, k], factor[i + 1, k], factor[i + 2, k], factor[i + 3, k]
            out[j, k] -= a0 * w + b0 * x + c0 * y + d0 * z
            out[j + 1, k] -= a1 * w + b1 * x + c1 * y + d1 * z
            out[j + 2, k] -= a2 * w + b2 * x + c2 * y + d2 * z
            out[j + 3, k] -= a3 * w + b3 * x + c3 * y + d3 * z
        for k in range(j):
            w, x, y, z = factor[j, k], factor[j + 1, k], factor[j + 2, k], factor[j + 3, k]
            out[i, k] -= a0 * w + a1 * x + a2 * y + a3 * z
            out[i + 1, k] -= b0 * w + b1 * x + b2 * y + b3 * z
            out[i + 2, k] -= c0 * w + c1 * x + c2 * y + c3 * z
            out[i + 3, k] -= d0 * w + d1 * x + d2 * y + d3 * z
    for i in range(j + 4 + 4 * fours, size):
        for c in range(4):
            slope = out[i, j + c]
            for k in range(j):
                out[j + c, k] -= slope * factor[i, k]
                out[i, k] -= slope * factor[j + c, k]


def is_semidefinite(x):
    """Whether a symmetric x has no direction of negative variance, by elimination; the tolerance is 1e-8."""
    size = x.shape[0]
    rest = copied(x)
    for k in range(size):
        if not rest[k, k] >= -1e-8:
            return False
        for i in range(k + 1, size):
            if rest[k, k] > 1e-8:
                share = rest[i, k] / rest[k, k]
                for j in range(k + 1, size):
                    rest[i, j] -= share * rest[k, j]
            elif not abs(rest[i, k]) <= 1e-8:
                return False
    return True


def copied(x):
    """A new array like a matrix x."""
    out = np.empty((x.shape[0], x.shape[1]))
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[i, j] = x[i, j]
    return out


def add(out, weight, x):
    """out += weight x for matrices."""
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[i, j] += weight * x[i, j]


def inner(one, other):
    """The inner product, in four sums that do not wait for each other."""
    size = one.shape[0]
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    for k in range(size // 4):
        a += one[4 * k] * other[4 * k]
        b += one[4 * k + 1] * other[4 * k + 1]
        c += one[4 * k + 2] * other[4 * k + 2]
        d += one[4 * k + 3] * other[4 * k + 3]
    for k in range(size - size % 4, size):
        a += one[k] * other[k]
    return (a + b) + (c + d)


def apply(a, x):
    """a x for a vector x."""
    out = np.zeros(a.shape[0])
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            out[i] += a[i, j] * x[j]
    return out


def product(a, b):
    """a b for matrices."""
    out = np.zeros((a.shape[0], b.shape[1]))
    for i in range(a.shape[0]):
        for k in range(a.shape[1]):
            for j in range(b.shape[1]):
                out[i, j] += a[i, k] * b[k, j]
    return out


def square_of(factor):
    """L L'."""
    size = factor.shape[0]
    out = np.empty((size, size))
    for i in range(size):
        for j in range(i + 1):
            total = 0.0
            for k in range(factor.shape[1]):
                total += factor[i, k] * factor[j, k]
            out[i, j] = total
            out[j, i] = total
    return out


def solve_lower_in_place(factor, columns):
    """columns = L^-1 columns."""
    size = factor.shape[0]
    for j in range(columns.shape[1]):
        for i in range(size):
            rest = columns[i, j]
            for k in range(i):
                rest -= factor[i, k] * columns[k, j]
            columns[i, j] = rest / factor[i, i]


def identity(size):
    out = np.zeros((size, size))
    for i in range(size):
        out[i, i] = 1.0
    return out


def transposed(x):
    """A new array, the transpose of x."""
    out = np.empty((x.shape[1], x.shape[0]))
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[j, i] = x[i, j]
    return out
