"""The cofactors of a square matrix, which are its determinant's derivative: det(A) inv(A)', and finite at every rank.

Where A is singular they come from an elimination that takes the largest number left as pivot (Stewart 1998, On the
adjugate matrix): A = P' L D U Q' with unit triangles that are well conditioned, and pivots that are 0 only at the end.
"""

from __future__ import annotations

from ..graph import np

LEAST, LARGEST = 1e-290, 1e290  # of a determinant that is known to all its digits, and whose products with others are


def cofactors(x, inverse, determinant):
    """From the inverse, where there is one and the determinant is in range; else by elimination."""
    size = x.shape[0]
    out = np.empty((size, size))
    if LEAST < abs(determinant) < LARGEST:
        usable = True
        for i in range(size):
            for j in range(size):
                out[i, j] = determinant * inverse[j, i]
                usable = usable and abs(out[i, j]) < np.inf
        if usable:
            return out
    return eliminated(x)


def eliminated(x):
    """P' L'^-1 (sign * products of all pivots but one) U'^-1 Q', both triangles packed in one matrix."""
    size = x.shape[0]
    lu = x.copy()
    rows, columns = np.empty(size, np.int64), np.empty(size, np.int64)
    for k in range(size):
        rows[k], columns[k] = k, k
    sign = 1.0
    for k in range(size):
        row, column = largest_from(lu, k)
        if row != k:
            sign = -sign
            rows[k], rows[row] = rows[row], rows[k]
            for j in range(size):
                lu[k, j], lu[row, j] = lu[row, j], lu[k, j]
        if column != k:
            sign = -sign
            columns[k], columns[column] = columns[column], columns[k]
            for i in range(size):
                lu[i, k], lu[i, column] = lu[i, column], lu[i, k]
        if lu[k, k] == 0.0:
            break  # as all that is left
        for i in range(k + 1, size):
            lu[i, k] /= lu[k, k]
            for j in range(k + 1, size):
                lu[i, j] -= lu[i, k] * lu[k, j]
        for j in range(k + 1, size):
            lu[k, j] /= lu[k, k]
    out = np.zeros((size, size))
    for k in range(size):
        out[k, k] = sign * others(lu, k)
    for column in range(size):  # L' from the left
        for step in range(size):
            i = size - 1 - step
            for k in range(i + 1, size):
                out[i, column] -= lu[k, i] * out[k, column]
    for row in range(size):  # U' from the right
        for step in range(size):
            j = size - 1 - step
            for k in range(j + 1, size):
                out[row, j] -= out[row, k] * lu[j, k]
    found = np.empty((size, size))
    for i in range(size):
        for j in range(size):
            found[rows[i], columns[j]] = out[i, j]
    return found


def largest_from(x, first):
    """Where the largest number stands in the rows and columns from one on."""
    size = x.shape[0]
    row, column = first, first
    for i in range(first, size):
        for j in range(first, size):
            if abs(x[i, j]) > abs(x[row, column]):
                row, column = i, j
    return row, column


def others(lu, k):
    """The product of all pivots but one: large and small ones in turn, so that it overflows only if all of it does."""
    size = lu.shape[0]
    result = 1.0
    low, high = size - 1, 0
    while high <= low:
        if abs(result) > 1.0:
            if low != k:
                result *= lu[low, low]
            low -= 1
        else:
            if high != k:
                result *= lu[high, high]
            high += 1
    return result
