"""The QR decomposition by Householder reflections (Golub and Van Loan 2013, section 5.2), and its full Q's gradient.

Matrices are held transposed, a column a row, so that inner loops run over contiguous numbers. The diagonal of R is
made positive, as Stan does.
"""

from __future__ import annotations

import math

from ..graph import np
from .matrices import inner, transposed


def reflected(x):
    """(columns, tails, shares): R above the diagonal of the columns, and the reflections I - share tail tail'."""
    columns = transposed(x)
    count, size = columns.shape[0], columns.shape[1]
    steps = min(count, size)
    tails, shares = np.zeros((steps, size)), np.zeros(steps)
    for k in range(steps):
        column, tail = columns[k], tails[k]
        largest, rest = 0.0, 0.0  # the rest is nan where an element is not finite
        for i in range(k, size):
            largest = max(largest, abs(column[i]))
            rest += column[i] - column[i]
        if largest + rest == 0.0:
            continue
        largest += rest
        length = 0.0
        for i in range(k, size):
            tail[i] = column[i] / largest
            length += tail[i] * tail[i]
        length = math.sqrt(length)
        end = length if tail[k] < 0.0 else -length  # what the column becomes, over `largest`
        tail[k] -= end
        shares[k] = -1.0 / (end * tail[k])
        for j in range(k, count):
            reflect(tail, shares[k], columns[j], k)
    return columns, tails, shares


def reflect(tail, share, column, first):
    """column -= share tail (tail' column), from an element on."""
    one, other = tail[first:], column[first:]
    along = share * inner(one, other)
    for i in range(one.shape[0]):
        other[i] -= along * one[i]


def unfolded(tails, shares, signs, count):
    """The first columns of the product of the reflections, as rows, turned by the signs."""
    steps, size = tails.shape[0], tails.shape[1]
    rows = np.zeros((count, size))
    for j in range(count):
        rows[j, j] = signs[j] if j < steps else 1.0
        for step in range(steps):
            k = steps - 1 - step
            reflect(tails[k], shares[k], rows[j], k)
    return rows


def signs_of(columns, steps):
    """Those of the diagonal of R."""
    signs = np.ones(steps)
    for k in range(steps):
        if columns[k, k] < 0.0:
            signs[k] = -1.0
    return signs


def thin(x):
    """(Q, R) with as many columns, and rows, as the smaller size of x."""
    columns, tails, shares = reflected(x)
    steps, count = tails.shape[0], columns.shape[0]
    signs = signs_of(columns, steps)
    r = np.zeros((steps, count))
    for j in range(count):
        for i in range(min(j + 1, steps)):
            r[i, j] = signs[i] * columns[j, i]
    return transposed(unfolded(tails, shares, signs, steps)), r


def full(x):
    """The square Q of a tall matrix."""
    columns, tails, shares = reflected(x)
    return transposed(unfolded(tails, shares, signs_of(columns, tails.shape[0]), tails.shape[1]))


def full_gradient(x, gradient):
    """That of `full`: the reflections backwards.

    Q = H_1 Q_2 with Q_2 = H_2 Q_3 and so on, H_k = I - v v' with v'v = 2 (here tails are v), v made from what
    H_(k-1) ... H_1 leave of column k. `in_q` is the gradient in Q_k, `in_columns` that in the columns before H_k.
    """
    size = x.shape[0]
    columns, tails, shares = reflected(x)
    steps = tails.shape[0]
    q = unfolded(tails, shares, signs_of(columns, steps), size)
    in_q = transposed(gradient)
    for k in range(steps):
        for i in range(size):
            tails[k, i] *= math.sqrt(shares[k])
    in_tails = np.zeros((steps, size))
    for k in range(steps):  # Q_(k+1) = H_k Q_k
        tail, in_tail = tails[k], in_tails[k]
        for j in range(size):
            reflect(tail, 1.0, q[j], k)
            add_reflection_gradient(tail, q[j], in_q[j], in_tail, k)
            reflect(tail, 1.0, in_q[j], k)
    in_columns = np.zeros((columns.shape[0], size))
    for step in range(steps):
        k = steps - 1 - step
        tail, in_tail = tails[k], in_tails[k]
        for j in range(k, steps):
            reflect(tail, 1.0, columns[j], k)  # as it was before H_k
            add_reflection_gradient(tail, columns[j], in_columns[j], in_tail, k)
            reflect(tail, 1.0, in_columns[j], k)
        add_tail_gradient(columns[k], tail, in_tail, in_columns[k], k)
    return transposed(in_columns)


def add_reflection_gradient(tail, before, in_after, in_tail, first):
    """in_tail += the gradient in v of (I - v v') before."""
    size = tail.shape[0]
    along, back = 0.0, 0.0
    for i in range(first, size):
        along += tail[i] * before[i]
        back += tail[i] * in_after[i]
    for i in range(first, size):
        in_tail[i] -= along * in_after[i] + back * before[i]


def add_tail_gradient(column, tail, in_tail, in_column, first):
    """in_column += the gradient through v = sqrt(2) w / |w|, w = column - end e_first, |end| = |column|."""
    size = tail.shape[0]
    length, along = 0.0, 0.0
    for i in range(first, size):
        length += column[i] * column[i]
        along += in_tail[i] * tail[i]
    length = math.sqrt(length)
    end = length if column[first] < 0.0 else -length
    share = 1.0 / math.sqrt(-end * (column[first] - end))  # sqrt(2) / |w|
    in_end = -share * (in_tail[first] - 0.5 * along * tail[first])
    for i in range(first, size):
        in_column[i] += share * (in_tail[i] - 0.5 * along * tail[i]) + in_end * column[i] / end
