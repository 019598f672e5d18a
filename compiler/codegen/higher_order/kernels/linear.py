"""Small dense linear systems: LU factors with row exchanges, in place."""

from __future__ import annotations


def factor(a, pivots):
    """Replace a matrix by its LU factors; False where a pivot is zero or not a number."""
    n = a.shape[0]
    for k in range(n):
        best = k
        for i in range(k + 1, n):
            if abs(a[i, k]) > abs(a[best, k]):
                best = i
        pivots[k] = best
        if not abs(a[best, k]) > 0.0:
            return False
        if best != k:
            for j in range(n):
                kept = a[k, j]
                a[k, j] = a[best, j]
                a[best, j] = kept
        for i in range(k + 1, n):
            ratio = a[i, k] / a[k, k]
            a[i, k] = ratio
            if ratio != 0.0:
                for j in range(k + 1, n):
                    a[i, j] -= ratio * a[k, j]
    return True


def solve(a, pivots, b, start):
    """Replace b[start : start + n] by the solution of A x = b, given the factors of A."""
    n = a.shape[0]
    for k in range(n):
        other = pivots[k]
        if other != k:
            kept = b[start + k]
            b[start + k] = b[start + other]
            b[start + other] = kept
    for i in range(n):
        total = b[start + i]
        for j in range(i):
            total -= a[i, j] * b[start + j]
        b[start + i] = total
    for step in range(n):
        i = n - 1 - step
        total = b[start + i]
        for j in range(i + 1, n):
            total -= a[i, j] * b[start + j]
        b[start + i] = total / a[i, i]


def solve_all(a, pivots, b):
    """Replace the columns of b by the solutions of A X = B, given the factors of A."""
    n = a.shape[0]
    for i in range(n):
        other = pivots[i]
        if other != i:
            for k in range(b.shape[1]):
                kept = b[i, k]
                b[i, k] = b[other, k]
                b[other, k] = kept
    for i in range(n):
        for j in range(i):
            subtract_row(b, i, b, j, a[i, j])
    for step in range(n):
        i = n - 1 - step
        for j in range(i + 1, n):
            subtract_row(b, i, b, j, a[i, j])
        for k in range(b.shape[1]):
            b[i, k] = b[i, k] / a[i, i]


def columns_for(wanted):
    """The number of columns of matrices for `solve_all` and `subtract_row`: whole groups of 4."""
    return (wanted + 3) // 4 * 4


def subtract_row(a, i, b, j, times):
    """Subtract a multiple of row j of b from row i of a, four numbers at once: both may be rows of one matrix."""
    if times != 0.0:
        for four in range(a.shape[1] // 4):
            k = 4 * four
            w, x, y, z = a[i, k], a[i, k + 1], a[i, k + 2], a[i, k + 3]
            p, q, r, s = b[j, k], b[j, k + 1], b[j, k + 2], b[j, k + 3]
            a[i, k] = w - times * p
            a[i, k + 1] = x - times * q
            a[i, k + 2] = y - times * r
            a[i, k + 3] = z - times * s
