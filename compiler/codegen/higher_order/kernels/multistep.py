"""Variable-order, variable-step multistep methods in Nordsieck form: BDF of order 1-5, Adams-Moulton of order 1-12.

The history is a Taylor array (`nordsieck`). Both methods solve an implicit system F(t, y, y') = 0 for the correction
a = y - zn[0], with y' = (zn[1] + corrector[1] a) / h, by a modified Newton iteration; y' - f = 0 is one such system.
Sensitivities follow the state after it has converged, by one linear solve each with the matrix at the new point
("staggered direct", Caracotsios, Stewart 1985), and take part in error control and choice of order.
"""

from __future__ import annotations

from math import pow, sqrt

import numpy as np

from .coupled import check_start, halt, halt_after
from .linear import columns_for, factor, solve, solve_all, subtract_row
from .nordsieck import (
    ORDER_LIMIT,
    advance,
    interpolate,
    lower_order,
    predict,
    raise_order,
    rescale,
    retract,
    set_adams,
    set_bdf,
)
from .placeholders import STOPPED, STUCK, linear_parts, residual

MAX_REFUSED = 60  # repetitions of one step
NEWTON_SAFETY = 0.1  # the iteration error, relative to the error test
MAX_ITERATIONS = 4
LONG_WAIT = 10
MIN_GAIN = 1.5  # smaller changes of the step size are not made
ROUNDOFF = 1e-6


def set_weights(weights, z, relative, absolute):
    """One over what is tolerated; a block of sensitivities has the tolerances of the state."""
    n = absolute.shape[0]
    for i in range(z.shape[0]):
        weights[i] = 1.0 / (relative * abs(z[i]) + absolute[i % n])


def block_norm(v, weights, start, n):
    """The root mean square of the weighted elements start, ..., start + n - 1."""
    total = 0.0
    for i in range(start, start + n):
        total += v[i] * weights[i] * v[i] * weights[i]
    return sqrt(total / n)


def norm(v, weights, n):
    """The largest norm of a block of n elements; infinite where one is not a number."""
    largest = 0.0
    for block in range(v.shape[0] // n):
        one = block_norm(v, weights, block * n, n)
        if one - one != 0.0:
            return np.inf
        if one > largest:
            largest = one
    return largest


def gain(bias, size, order):
    """By how much the step may grow for an error of this size to become tolerable."""
    return 1.0 / (pow(bias * size, 1.0 / order) + ROUNDOFF)


def reduction(failures, error, q):
    """The part of a step that is tried next when its error was too large, for the n-th time."""
    if failures > 3 or error - error != 0.0:
        return 0.1
    ratio = max(0.1, gain(6.0, error, q + 1))
    return ratio if failures < 2 else min(ratio, 0.2)


def correct(zn, correction, lead, h, y, rate):
    """The state and its rate after a correction; `lead` is what it does to the row of first derivatives."""
    for i in range(y.shape[0]):
        y[i] = zn[0, i] + correction[i]
        rate[i] = (zn[1, i] + lead * correction[i]) / h


def newton_matrix(gamma, by_state, by_rate, matrix, pivots):
    """Factor gamma dF/dy + dF/dy'."""
    n = matrix.shape[0]
    for i in range(n):
        for j in range(n):
            matrix[i, j] = gamma * by_state[i, j] + by_rate[i, j]
    return factor(matrix, pivots)


def correct_sensitivities(
    zn, correction, gamma, shrink, n, own, by_state, by_rate, by_argument, matrix, pivots, now, change, right
):
    """Solve the linear equations of the sensitivities' corrections, given the factors of their matrix.

    `now`, `change` and `right` are work space, a column for each block (`columns_for`): all go side by side.
    """
    blocks = zn.shape[1] // n - 1
    for i in range(n):
        for k in range(blocks):
            now[i, k] = zn[0, n + k * n + i]
            change[i, k] = shrink * zn[1, n + k * n + i]
            right[i, k] = 0.0
        for k in range(own, blocks):
            right[i, k] = -gamma * by_argument[i, k - own]
    for i in range(n):
        for j in range(n):
            subtract_row(right, i, now, j, gamma * by_state[i, j])
            subtract_row(right, i, change, j, by_rate[i, j])
    solve_all(matrix, pivots, right)
    for k in range(blocks):
        for i in range(n):
            correction[n + k * n + i] = right[i, k]


def iterate(
    messages, t, zn, lead, h, gamma, share, convergence, tolerable, matrix, pivots, weights, correction, y, rate, step,
    *arguments
):  # fmt: skip
    """Newton's iteration for the correction of the state, with the factors of a matrix that may be an older one.

    `share` is the part of each Newton step that is taken; `convergence` is how fast earlier iterations converged, and
    an error of `tolerable` in the weighted norm is small enough. `y`, `rate` and `step` are work space. Returns
    (has it converged, how fast); an error of the user's function is in `messages`.
    """
    n = y.shape[0]
    for i in range(n):
        correction[i] = 0.0
    before = 0.0
    for iteration in range(MAX_ITERATIONS):
        correct(zn, correction, lead, h, y, rate)
        residual(messages, t, y, rate, gamma, step, *arguments)
        if messages[0] != 0.0:
            return False, convergence
        solve(matrix, pivots, step, 0)
        for i in range(n):
            step[i] = -share * step[i]
            correction[i] += step[i]
        moved = block_norm(step, weights, 0, n)
        if iteration > 0:
            convergence = max(0.3 * convergence, moved / before)
        if moved - moved != 0.0:
            return False, convergence
        if moved * min(1.0, convergence) <= tolerable:
            return True, convergence
        if iteration > 0 and moved > 2.0 * before:
            return False, convergence
        before = moved
    return False, convergence


def next_order(q, q_max, error, zn, correction, weights, n, test, kept_test, stretch, wish):
    """The order, one up or down at most, whose error allows the largest next step, and by how much that may grow.

    `kept_test` belongs to the correction before, which is in zn[q_max]; `stretch` is this step over the one before
    it. `wish` is work space.
    """
    same = gain(6.0, error, q + 1)
    less, more = 0.0, 0.0
    if q > 1:
        less = gain(6.0, norm(zn[q], weights, n) * test[1], q)
    if q != q_max and kept_test != 0.0:
        share = test[5] / kept_test * pow(stretch, q + 1.0)
        for i in range(wish.shape[0]):
            wish[i] = correction[i] - share * zn[q_max, i]
        more = gain(10.0, norm(wish, weights, n) * test[3], q + 2)
    best = max(same, max(less, more))
    if best < MIN_GAIN or best == same:
        return q, best
    return q - 1 if best == less else q + 1, best


def first_step(distance, z, rate, weights, n):
    """A step over which the state changes by little (Hairer, Norsett, Wanner 1993, section II.4)."""
    size, change = norm(z, weights, n), norm(rate, weights, n)
    h = 0.001 * distance
    if size > 1e-5 and change > 1e-5 and change - change == 0.0:
        h = min(h, 0.01 * size / change)
    if change > 0.0 and change - change == 0.0:
        h = min(h, sqrt(1.0 / change) * 0.01 + 0.01 / change)
    return max(h, 1e-14 * distance)


def multistep(messages, adams, z0, rate0, n, own, extra, t0, ts, relative, absolute, max_steps, *arguments):
    """The coupled states at the times ts, one row each. z0 and rate0: state and sensitivities at t0, and their rates;
    `own`: how many blocks of sensitivities have no direct part; `extra`: how many follow them.

    A step, its repetitions and what they leave for the next one stay together: they share some twenty variables, most
    of which each of them changes.
    """
    size = z0.shape[0]
    solution = np.zeros((ts.shape[0], size))
    if not check_start(messages, z0, n, t0, ts):
        return solution
    q_max = 12 if adams > 0 else 5
    zn, tau = np.zeros((ORDER_LIMIT + 1, size)), np.zeros(ORDER_LIMIT + 1)
    corrector, test = np.zeros(ORDER_LIMIT + 1), np.zeros(6)
    weights, correction, wish = np.zeros(size), np.zeros(size), np.zeros(size)
    y, rate, step = np.zeros(n), np.zeros(n), np.zeros(n)
    by_state, by_rate, by_argument = np.zeros((n, n)), np.zeros((n, n)), np.zeros((n, extra))
    matrix, pivots = np.zeros((n, n)), np.zeros(n, np.int64)
    side = columns_for(size // n - 1)
    now, change_now, right = np.zeros((n, side)), np.zeros((n, side)), np.zeros((n, side))

    set_weights(weights, z0, relative, absolute)
    t = t0
    h = first_step(ts[0] - t0, z0, rate0, weights, n)
    for i in range(size):
        zn[0, i] = z0[i]
        zn[1, i] = h * rate0[i]
    q, waiting, scale, largest_gain, next_q, ratio = 1, 2, h, 10000.0, 1, 1.0
    steps, kept_test, matrix_gamma, matrix_age, convergence = 0, 0.0, 0.0, 0, 0.7

    for done in range(ts.shape[0]):
        taken = 0
        while t < ts[done]:
            if taken >= max_steps:
                halt_after(messages, STOPPED, taken, t, zn[0], n)
                return solution
            taken += 1
            if steps > 0:
                set_weights(weights, zn[0], relative, absolute)
                if ratio != 1.0 or next_q != q:
                    if next_q > q:
                        raise_order(adams, q, scale, tau, zn, q_max)
                    elif next_q < q:
                        lower_order(adams, q, scale, tau, zn)
                    if next_q != q:
                        q = next_q
                        waiting = q + 1
                    rescale(zn, q, ratio)
                    h = h * ratio
                    scale = h
            # One step, repeated with smaller h until Newton's iteration converges and the error is tolerable.
            refused, failures, accepted, error, t_before = 0, 0, False, 0.0, t
            while not accepted:
                t = t_before + h
                predict(zn, q)
                if adams > 0:
                    set_adams(q, h, tau, corrector, test, waiting)
                else:
                    set_bdf(q, h, tau, corrector, test, waiting)
                shrink = 1.0 / corrector[1]
                gamma = h * shrink
                fresh, converged = False, False
                while not converged:
                    if steps == 0 or fresh or matrix_age > 20 or abs(gamma / matrix_gamma - 1.0) > 0.3:
                        for i in range(n):
                            y[i] = zn[0, i]
                            rate[i] = zn[1, i] / h
                        linear_parts(messages, t, y, rate, by_state, by_rate, by_argument, *arguments)
                        fresh, matrix_gamma, matrix_age, convergence = True, gamma, 0, 1.0
                        if messages[0] != 0.0:
                            return solution
                        if not newton_matrix(gamma, by_state, by_rate, matrix, pivots):
                            break
                    share = 2.0 / (1.0 + gamma / matrix_gamma) if adams == 0 else 1.0  # the matrix has another gamma
                    converged, convergence = iterate(
                        messages, t, zn, corrector[1], h, gamma, share, convergence, NEWTON_SAFETY / test[2], matrix,
                        pivots, weights, correction, y, rate, step, *arguments
                    )  # fmt: skip
                    if messages[0] != 0.0:
                        return solution
                    if not converged:
                        if fresh:
                            break
                        fresh = True
                if not converged:
                    retract(zn, q)
                    refused += 1
                    largest_gain = 1.0
                    rescale(zn, q, 0.25)
                    h = 0.25 * h
                    scale = h
                    matrix_gamma, matrix_age = gamma, 1000
                    if refused >= MAX_REFUSED or t_before + h == t_before:
                        halt(messages, STUCK, t_before, zn[0], n)
                        return solution
                else:
                    error = block_norm(correction, weights, 0, n) * test[2]
                    if error <= 1.0 and size > n:
                        correct(zn, correction, corrector[1], h, y, rate)
                        linear_parts(messages, t, y, rate, by_state, by_rate, by_argument, *arguments)
                        if messages[0] != 0.0:
                            return solution
                        if newton_matrix(gamma, by_state, by_rate, matrix, pivots):
                            matrix_gamma, matrix_age = gamma, 0
                            correct_sensitivities(
                                zn, correction, gamma, shrink, n, own, by_state, by_rate, by_argument, matrix, pivots,
                                now, change_now, right,
                            )  # fmt: skip
                            error = norm(correction, weights, n) * test[2]
                        else:
                            error = np.inf
                    if error <= 1.0:
                        accepted = True
                    else:
                        retract(zn, q)
                        refused += 1
                        failures += 1
                        largest_gain = 1.0
                        if refused >= MAX_REFUSED or t_before + h == t_before:
                            halt(messages, STUCK, t_before, zn[0], n)
                            return solution
                        ratio = reduction(failures, error, q)
                        if failures > 3:
                            if q > 1:
                                lower_order(adams, q, scale, tau, zn)
                                q -= 1
                                waiting = q + 1
                            else:
                                waiting = LONG_WAIT
                        rescale(zn, q, ratio)
                        h = h * ratio
                        scale = h
            # The step is good: update the history and choose the next size and order.
            steps += 1
            matrix_age += 1
            if q == 1 and steps > 1:
                tau[2] = tau[1]
            advance(zn, q, h, tau, corrector, correction)
            waiting -= 1
            if waiting == 1 and q != q_max:
                for i in range(size):
                    zn[q_max, i] = correction[i]
                kept_test = test[5]
            next_q, ratio = q, 1.0
            if largest_gain == 1.0:
                waiting = max(waiting, 2)
            else:
                best = gain(6.0, error, q + 1)
                if waiting == 0:
                    waiting = 2
                    next_q, best = next_order(
                        q, q_max, error, zn, correction, weights, n, test, kept_test, h / tau[2], wish
                    )
                    if next_q > q:
                        for i in range(size):
                            zn[q_max, i] = correction[i]
                if best >= MIN_GAIN:
                    ratio = min(best, largest_gain)
            largest_gain = 10.0
        interpolate(zn, q, (ts[done] - t) / h, solution, done)
    return solution
