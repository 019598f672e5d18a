"""Differential-algebraic systems F(t, y, y') = 0 by variable-order BDF, with forward sensitivities."""

from __future__ import annotations

import numpy as np

from ...support import begin, fail, note
from .coupled import note_first, unless_stopped
from .linear import factor, solve
from .multistep import multistep
from .placeholders import STUCK, UNFIT, equations, linear_parts

SINGULAR = 1e-13  # a pivot that small beside the largest is zero


def scaled_equations(messages, t, y, rate, gamma, out, *arguments):
    """out = gamma F(t, y, y'), as `placeholders.residual`."""
    equations(messages, t, y, rate, out, *arguments)
    for i in range(out.shape[0]):
        out[i] *= gamma


def reduce_rates(by_rate, by_state, by_argument):
    """Eliminate with exchanges of rows and columns until the last rows of dF/dy' vanish; the other derivatives go
    along, by rows. Returns how many rows are left: those of equations that are differential, the others are not."""
    n = by_rate.shape[0]
    largest = 0.0
    for rank in range(n):
        row, column = rank, 0
        for i in range(rank, n):
            for j in range(n):
                if abs(by_rate[i, j]) > abs(by_rate[row, column]):
                    row, column = i, j
        pivot = by_rate[row, column]
        largest = max(largest, abs(pivot))
        if not abs(pivot) > SINGULAR * largest:
            return rank
        exchange(by_rate, rank, row)
        exchange(by_state, rank, row)
        exchange(by_argument, rank, row)
        for i in range(rank + 1, n):
            ratio = by_rate[i, column] / pivot
            if ratio != 0.0:
                subtract(by_rate, i, ratio, rank)
                subtract(by_state, i, ratio, rank)
                subtract(by_argument, i, ratio, rank)
                by_rate[i, column] = 0.0
    return n


def exchange(a, first, second):
    """Exchange two rows."""
    for j in range(a.shape[1]):
        kept = a[first, j]
        a[first, j] = a[second, j]
        a[second, j] = kept


def subtract(a, row, ratio, other):
    """Subtract a multiple of another row."""
    for j in range(a.shape[1]):
        a[row, j] -= ratio * a[other, j]


def begin_consistently(messages, t0, y0, rate0, z, rate, own, extra, *arguments):
    """Make the sensitivities at t0 consistent with the equations: what is differential in them stays, the rest
    follows from the algebraic equations, and their rates from the others.

    Each argument and each element of y0 has a sensitivity by itself, which alone need not obey the equations; only
    for those of consistent starts together this changes nothing. A system of higher index is left as it is.
    """
    n = y0.shape[0]
    by_state, by_rate, by_argument = np.zeros((n, n)), np.zeros((n, n)), np.zeros((n, extra))
    matrix, pivots = np.zeros((n, n)), np.zeros(n, np.int64)
    linear_parts(messages, t0, y0, rate0, by_state, by_rate, by_argument, *arguments)
    if messages[0] != 0.0:
        return False
    rank = reduce_rates(by_rate, by_state, by_argument)
    for i in range(n):
        for j in range(n):
            matrix[i, j] = by_rate[i, j] if i < rank else by_state[i, j]
    if not factor(matrix, pivots):
        return False
    wanted = np.zeros(n)
    for block in range(own + extra):
        at = n + block * n
        for i in range(n):
            total = 0.0
            if i < rank:
                for j in range(n):
                    total += by_rate[i, j] * z[at + j]
            elif block >= own:
                total = -by_argument[i, block - own]
            wanted[i] = total
        solve(matrix, pivots, wanted, 0)
        for i in range(n):
            z[at + i] = wanted[i]
        for i in range(n):
            total = 0.0
            if i < rank:
                if block >= own:
                    total = -by_argument[i, block - own]
                for j in range(n):
                    total -= by_state[i, j] * z[at + j]
            wanted[i] = total
        solve(matrix, pivots, wanted, 0)
        for i in range(n):
            rate[at + i] = wanted[i]
    return True


def dae(messages, y0, rate0, t0, ts, relative, absolute, max_steps, of_state, of_rate, extra, *arguments):
    """States and sensitivities at the times ts: by y0 and its rate, where wanted (1 or 0), then by the arguments."""
    n = y0.shape[0]
    own = n * (of_state + of_rate)
    z, rate, tolerances = np.zeros(n * (1 + own + extra)), np.zeros(n * (1 + own + extra)), np.zeros(n)
    for i in range(n):
        z[i] = y0[i]
        rate[i] = rate0[i]
        tolerances[i] = absolute
        if of_state > 0:
            z[n + i * n + i] = 1.0
    left = np.zeros(n)
    if messages[0] == 0.0:
        equations(messages, t0, y0, rate0, left, *arguments)
    if own + extra > 0 and messages[0] == 0.0:
        begin_consistently(messages, t0, y0, rate0, z, rate, own, extra, *arguments)
    solution = multistep(messages, 0, z, rate, n, own, extra, t0, ts, relative, tolerances, max_steps, *arguments)
    if messages[0] == STUCK and messages[3] == t0:
        refuse_start(messages, t0, y0, rate0, left)
    return solution


def refuse_start(messages, t0, y0, rate0, left):
    """Record that there is no first step, with the start and what the equations are there."""
    begin(messages, UNFIT)
    note(messages, t0)
    note_first(messages, y0, y0.shape[0])
    note_first(messages, rate0, rate0.shape[0])
    note_first(messages, left, left.shape[0])
    fail(messages, UNFIT, t0, 0.0)


def dae_jacobian(messages, solution, n):
    """Derivatives of the states, flattened, by all that the solution has sensitivities to."""
    columns = solution.shape[1] // n - 1
    jacobian = np.zeros((solution.shape[0] * n, columns))
    for i in range(solution.shape[0]):
        for k in range(n):
            for c in range(columns):
                jacobian[i * n + k, c] = solution[i, n + c * n + k]
    return unless_stopped(messages, jacobian)
