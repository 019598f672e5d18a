"""The generalised hypergeometric series pFq(a; b; z) with all its derivatives, term by term (DLMF 16.2.1)."""

from __future__ import annotations

import math

from ..graph import np

MOST_TERMS = 1_000_000


def product_without(values, k, skipped):
    """The product of values[i] + k over all i but one."""
    product = 1.0
    for i in range(values.size):
        if i != skipped:
            product *= values[i] + k
    return product


def series(a, b, z):
    """(value, derivatives in a, in b, in z); nan where the series diverges, or is not done after MOST_TERMS."""
    in_a, in_b = np.zeros(a.size), np.zeros(b.size)
    term_a, term_b = np.zeros(a.size), np.zeros(b.size)
    if not converges(a, b, z):
        return math.nan, np.full(a.size, math.nan), np.full(b.size, math.nan), math.nan
    term, total, term_z, in_z = 1.0, 1.0, 0.0, 0.0
    quiet = 0
    for k in range(MOST_TERMS):
        above, below = product_without(a, k, -1), product_without(b, k, -1)
        factor = z / (k + 1)
        ratio = above / below * factor
        for i in range(a.size):
            term_a[i] = term_a[i] * ratio + term * product_without(a, k, i) / below * factor
            in_a[i] += term_a[i]
        for i in range(b.size):
            term_b[i] = term_b[i] * ratio - term * ratio / (b[i] + k)
            in_b[i] += term_b[i]
        term_z = term_z * ratio + term * above / below / (k + 1)
        term *= ratio
        total += term
        in_z += term_z
        largest = max(abs(term), abs(term_z))
        for i in range(a.size):
            largest = max(largest, abs(term_a[i]))
        quiet = quiet + 1 if largest <= 1e-17 * abs(total) else 0
        if quiet > 3 or largest == 0:
            return total, in_a, in_b, in_z
        if not largest < np.inf:
            break
    return math.nan, np.full(a.size, math.nan), np.full(b.size, math.nan), math.nan


def converges(a, b, z):
    """Fewer factors above than below do; with one more above, where z is small, or at its ends by their sums."""
    if a.size != b.size + 1:
        return a.size <= b.size
    if abs(z) < 1:
        return True
    excess = 0.0
    for i in range(b.size):
        excess += b[i]
    for i in range(a.size):
        excess -= a[i]
    return excess > 0 if z == 1 else excess > -1 if z == -1 else False


def value(a, b, z):
    return np.asarray(series(a, b, z.item())[0])


def gradient(a, b, z, output_gradient):
    _, in_a, in_b, in_z = series(a, b, z.item())
    outer = output_gradient.item()
    for i in range(a.size):
        in_a[i] *= outer
    for i in range(b.size):
        in_b[i] *= outer
    return in_a, in_b, np.asarray(outer * in_z)
