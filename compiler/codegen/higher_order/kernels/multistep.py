"""Variable-order, variable-step multistep methods in Nordsieck form: BDF of order 1-5, Adams-Moulton of order 1-12.

The history is a Taylor array (`nordsieck`); each step solves an implicit system (`implicit`). Sensitivities follow the
state and take part in error control and choice of order.
"""

from __future__ import annotations

from math import pow, sqrt

import numpy as np

from .coupled import check_start, halt, halt_after
from .implicit import AGE, STALE, correct_sensitivities, correct_state
from .linear import columns_for
from .nordsieck import (
    ORDER_LIMIT,
    advance,
    change_order,
    interpolate,
    keep,
    predict,
    rescale,
    retract,
    set_coefficients,
)
from .placeholders import STOPPED, STUCK
from .weighted_norm import block_norm, norm, set_weights

MAX_REFUSED = 60  # repetitions of one step
NEWTON_SAFETY = 0.1  # the iteration error, relative to the error test
LONG_WAIT = 10
MIN_GAIN = 1.5  # smaller changes of the step size are not made
ROUNDOFF = 1e-6


def gain(bias, size, order):
    """By how much the step may grow for an error of this size to become tolerable."""
    return 1.0 / (pow(bias * size, 1.0 / order) + ROUNDOFF)


def growth(best, most):
    """The size of the next step over that of this one, where it might be `best`: at most `most`."""
    return min(best, most) if best >= MIN_GAIN else 1.0


def reduction(failures, error, q):
    """The part of a step that is tried next when its error was too large, for the n-th time."""
    if failures > 3 or error - error != 0.0:
        return 0.1
    ratio = max(0.1, gain(6.0, error, q + 1))
    return ratio if failures < 2 else min(ratio, 0.2)


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


def attempt(
    messages, adams, first, t, h, q, waiting, n, own, zn, tau, corrector, test, weights, correction, newton, by_state,
    by_rate, by_argument, matrix, pivots, y, rate, step, now, change, right, *arguments
):  # fmt: skip
    """A step of size h to t. Returns (has Newton's iteration converged, the error: up to 1 is tolerable)."""
    predict(zn, q)
    set_coefficients(adams, q, h, tau, corrector, test, waiting)
    if not correct_state(
        messages, adams, first, t, zn, corrector[1], h, NEWTON_SAFETY / test[2], newton, by_state, by_rate, by_argument,
        matrix, pivots, weights, correction, y, rate, step, *arguments
    ):  # fmt: skip
        newton[AGE] = STALE
        return False, np.inf
    error = block_norm(correction, weights, 0, n) * test[2]
    if error <= 1.0 and zn.shape[1] > n:
        if not correct_sensitivities(
            messages, t, zn, corrector[1], h, own, newton, by_state, by_rate, by_argument, matrix, pivots, correction,
            y, rate, now, change, right, *arguments
        ):  # fmt: skip
            newton[AGE] = STALE
            return True, np.inf
        error = norm(correction, weights, n) * test[2]
    return True, error


def multistep(messages, adams, z0, rate0, n, own, extra, t0, ts, relative, absolute, max_steps, *arguments):
    """The coupled states at the times ts, one row each. z0 and rate0: state and sensitivities at t0, and their rates;
    `own`: how many blocks of sensitivities have no direct part; `extra`: how many follow them."""
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
    newton, matrix, pivots = np.zeros(3), np.zeros((n, n)), np.zeros(n, np.int64)
    side = columns_for(size // n - 1)
    now, change, right = np.zeros((n, side)), np.zeros((n, side)), np.zeros((n, side))

    set_weights(weights, z0, relative, absolute)
    t = t0
    h = first_step(ts[0] - t0, z0, rate0, weights, n)
    for i in range(size):
        zn[0, i] = z0[i]
        zn[1, i] = h * rate0[i]
    newton[AGE] = STALE
    q, waiting, next_q, ratio, most = 1, 2, 1, 1.0, 10000.0  # the next step may be `most` times as long
    steps, kept_test = 0, 0.0

    for done in range(ts.shape[0]):
        taken = 0
        while t < ts[done]:
            if taken >= max_steps:
                halt_after(messages, STOPPED, taken, t, zn[0], n)
                return solution
            taken += 1
            if steps > 0:
                set_weights(weights, zn[0], relative, absolute)
                if next_q != q:
                    change_order(adams, q, next_q, h, tau, zn, q_max)
                    q, waiting = next_q, next_q + 1
                if ratio != 1.0:
                    rescale(zn, q, ratio)
                h = h * ratio

            before, refused, failures, error = t, 0, 0, np.inf
            while not error <= 1.0:
                t = before + h
                converged, error = attempt(
                    messages, adams, steps == 0, t, h, q, waiting, n, own, zn, tau, corrector, test, weights,
                    correction, newton, by_state, by_rate, by_argument, matrix, pivots, y, rate, step, now, change,
                    right, *arguments
                )  # fmt: skip
                if messages[0] != 0.0:
                    return solution
                if not error <= 1.0:
                    retract(zn, q)
                    refused += 1
                    most, ratio = 1.0, 0.25
                    if converged:
                        failures += 1
                        ratio = reduction(failures, error, q)
                        if failures > 3:
                            waiting = LONG_WAIT
                            if q > 1:
                                change_order(adams, q, q - 1, h, tau, zn, q_max)
                                q -= 1
                                waiting = q + 1
                    rescale(zn, q, ratio)
                    h = h * ratio
                    if refused >= MAX_REFUSED or before + h == before:
                        halt(messages, STUCK, before, zn[0], n)
                        return solution

            steps += 1
            newton[AGE] += 1.0
            if q == 1 and steps > 1:
                tau[2] = tau[1]
            advance(zn, q, h, tau, corrector, correction)
            waiting -= 1
            if waiting == 1 and q != q_max:
                keep(zn, q_max, correction)
                kept_test = test[5]
            next_q, ratio = q, 1.0
            if most == 1.0:  # the step was repeated
                waiting = max(waiting, 2)
            elif waiting > 0:
                ratio = growth(gain(6.0, error, q + 1), most)
            else:
                waiting = 2
                next_q, best = next_order(
                    q, q_max, error, zn, correction, weights, n, test, kept_test, h / tau[2], wish
                )
                ratio = growth(best, most)
                if next_q > q:
                    keep(zn, q_max, correction)
            most = 10.0
        interpolate(zn, q, (ts[done] - t) / h, solution, done)
    return solution
