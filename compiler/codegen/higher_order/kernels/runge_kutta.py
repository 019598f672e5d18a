"""Explicit Runge-Kutta pairs of order 5(4): Dormand and Prince (1980) with dense output, Cash and Karp (1990).

Steps are chosen as Boost's odeint does for Stan: first trial 0.1; with the largest error relative to
absolute + relative (|y| + |h y'|), a step is repeated at 0.9 error^(-1/3) of its length, at least a fifth, where the
error exceeds 1, and the next one is 0.9 error^(-1/5) as long, at most 5 times, where the error is below 1/2.
"""

from __future__ import annotations

from math import pow

import numpy as np

from .coupled import check_start, halt, halt_after, slope, start
from .placeholders import STOPPED, STUCK

EPSILON = 2.220446049250313e-16
MAX_REFUSED = 500  # repetitions of one step


def largest_error(error, z, slope_there, h, relative, absolute):
    """The largest error in units of what is tolerated; infinite where it is not a number."""
    largest = 0.0
    for i in range(error.shape[0]):
        one = abs(error[i]) / (absolute + relative * (abs(z[i]) + abs(h * slope_there[i])))
        if one - one != 0.0:
            return np.inf
        if one > largest:
            largest = one
    return largest


def shorter(h, error):
    """The length at which to repeat a step."""
    if error - error != 0.0:
        return h * 0.2
    return h * max(0.9 * pow(error, -1.0 / 3.0), 0.2)


def longer(h, error):
    """The length of the next step."""
    if error < 0.5:
        return h * 0.9 * pow(max(pow(5.0, -5.0), error), -1.0 / 5.0)
    return h


def dormand_prince_step(messages, t, h, z, k, new, error, n, initial, extra, by_state, by_argument, *arguments):
    """One step from z, whose slope is k[0]; the slope at its end becomes k[6]."""
    for i in range(z.shape[0]):
        new[i] = z[i] + h * (1.0 / 5.0) * k[0, i]
    slope(messages, t + h / 5.0, new, k[1], n, initial, extra, by_state, by_argument, *arguments)
    for i in range(z.shape[0]):
        new[i] = z[i] + h * (3.0 / 40.0 * k[0, i] + 9.0 / 40.0 * k[1, i])
    slope(messages, t + h * 0.3, new, k[2], n, initial, extra, by_state, by_argument, *arguments)
    for i in range(z.shape[0]):
        new[i] = z[i] + h * (44.0 / 45.0 * k[0, i] - 56.0 / 15.0 * k[1, i] + 32.0 / 9.0 * k[2, i])
    slope(messages, t + h * 0.8, new, k[3], n, initial, extra, by_state, by_argument, *arguments)
    for i in range(z.shape[0]):
        new[i] = z[i] + h * (
            19372.0 / 6561.0 * k[0, i]
            - 25360.0 / 2187.0 * k[1, i]
            + 64448.0 / 6561.0 * k[2, i]
            - 212.0 / 729.0 * k[3, i]
        )
    slope(messages, t + h * (8.0 / 9.0), new, k[4], n, initial, extra, by_state, by_argument, *arguments)
    for i in range(z.shape[0]):
        new[i] = z[i] + h * (
            9017.0 / 3168.0 * k[0, i]
            - 355.0 / 33.0 * k[1, i]
            + 46732.0 / 5247.0 * k[2, i]
            + 49.0 / 176.0 * k[3, i]
            - 5103.0 / 18656.0 * k[4, i]
        )
    slope(messages, t + h, new, k[5], n, initial, extra, by_state, by_argument, *arguments)
    for i in range(z.shape[0]):
        new[i] = z[i] + h * (
            35.0 / 384.0 * k[0, i]
            + 500.0 / 1113.0 * k[2, i]
            + 125.0 / 192.0 * k[3, i]
            - 2187.0 / 6784.0 * k[4, i]
            + 11.0 / 84.0 * k[5, i]
        )
    slope(messages, t + h, new, k[6], n, initial, extra, by_state, by_argument, *arguments)
    for i in range(z.shape[0]):
        error[i] = h * (
            (35.0 / 384.0 - 5179.0 / 57600.0) * k[0, i]
            + (500.0 / 1113.0 - 7571.0 / 16695.0) * k[2, i]
            + (125.0 / 192.0 - 393.0 / 640.0) * k[3, i]
            + (92097.0 / 339200.0 - 2187.0 / 6784.0) * k[4, i]
            + (11.0 / 84.0 - 187.0 / 2100.0) * k[5, i]
            - 1.0 / 40.0 * k[6, i]
        )


def dense_output(out, theta, h, z, k):
    """The state at the fraction theta of a step from z, of order 4 (Hairer, Norsett, Wanner 1993, section II.6)."""
    a = theta * theta * (3.0 - 2.0 * theta)
    b = theta * theta * (theta - 1.0)
    c = b * (theta - 1.0)
    d = theta * (theta - 1.0) * (theta - 1.0)
    b0 = a * 35.0 / 384.0 - c * 5.0 * (2558722523.0 - 31403016.0 * theta) / 11282082432.0 + d
    b2 = a * 500.0 / 1113.0 + c * 100.0 * (882725551.0 - 15701508.0 * theta) / 32700410799.0
    b3 = a * 125.0 / 192.0 - c * 25.0 * (443332067.0 - 31403016.0 * theta) / 1880347072.0
    b4 = -a * 2187.0 / 6784.0 + c * 32805.0 * (23143187.0 - 3489224.0 * theta) / 199316789632.0
    b5 = a * 11.0 / 84.0 - c * 55.0 * (29972135.0 - 7076736.0 * theta) / 822651844.0
    b6 = b + c * 10.0 * (7414447.0 - 829305.0 * theta) / 29380423.0
    for i in range(out.shape[0]):
        out[i] = z[i] + h * (b0 * k[0, i] + b2 * k[2, i] + b3 * k[3, i] + b4 * k[4, i] + b5 * k[5, i] + b6 * k[6, i])


def dormand_prince(messages, y0, t0, ts, relative, absolute, max_steps, initial, extra, *arguments):
    """The coupled states at the times ts, one row each; at most `max_steps` steps between two of them."""
    n = y0.shape[0]
    z = start(y0, initial, extra)
    size = z.shape[0]
    solution = np.zeros((ts.shape[0], size))
    if not check_start(messages, z, n, t0, ts):
        return solution
    by_state, by_argument = np.zeros((n, n)), np.zeros((n, extra))
    k, new, error, before = np.zeros((7, size)), np.zeros(size), np.zeros(size), z.copy()
    t, t_before, h, step = t0, t0, 0.1, 0.1
    last = ts[ts.shape[0] - 1]
    taken, done, moved = 0, 0, False
    slope(messages, t, z, k[0], n, initial, extra, by_state, by_argument, *arguments)
    while done < ts.shape[0]:
        if ts[done] - t <= EPSILON:
            if moved:
                dense_output(solution[done], (ts[done] - t_before) / step, step, before, k)
            else:
                for i in range(size):
                    solution[done, i] = z[i]
            done += 1
            taken = 0
        else:
            if moved:
                for i in range(size):
                    k[0, i] = k[6, i]
            if t + h - last > EPSILON:
                h = last - t
            if taken >= max_steps:
                halt_after(messages, STOPPED, taken, t, z, n)
                return solution
            taken += 1
            refused, accepted = 0, False
            while not accepted:
                dormand_prince_step(
                    messages, t, h, z, k, new, error, n, initial, extra, by_state, by_argument, *arguments
                )
                if messages[0] != 0.0:
                    return solution
                worst = largest_error(error, z, k[0], h, relative, absolute)
                if worst > 1.0:
                    h = shorter(h, worst)
                    refused += 1
                    if refused >= MAX_REFUSED or t + h == t:
                        halt(messages, STUCK, t, z, n)
                        return solution
                else:
                    accepted = True
                    step, t_before = h, t
                    t = t + h
                    h = longer(h, worst)
            for i in range(size):
                before[i] = z[i]
                z[i] = new[i]
            moved = True
    return solution


def cash_karp_step(messages, t, h, z, k, new, error, n, initial, extra, by_state, by_argument, *arguments):
    """One step from z."""
    slope(messages, t, z, k[0], n, initial, extra, by_state, by_argument, *arguments)
    for i in range(z.shape[0]):
        new[i] = z[i] + h * 0.2 * k[0, i]
    slope(messages, t + h * 0.2, new, k[1], n, initial, extra, by_state, by_argument, *arguments)
    for i in range(z.shape[0]):
        new[i] = z[i] + h * (3.0 / 40.0 * k[0, i] + 9.0 / 40.0 * k[1, i])
    slope(messages, t + h * 0.3, new, k[2], n, initial, extra, by_state, by_argument, *arguments)
    for i in range(z.shape[0]):
        new[i] = z[i] + h * (0.3 * k[0, i] - 0.9 * k[1, i] + 1.2 * k[2, i])
    slope(messages, t + h * 0.6, new, k[3], n, initial, extra, by_state, by_argument, *arguments)
    for i in range(z.shape[0]):
        new[i] = z[i] + h * (-11.0 / 54.0 * k[0, i] + 2.5 * k[1, i] - 70.0 / 27.0 * k[2, i] + 35.0 / 27.0 * k[3, i])
    slope(messages, t + h, new, k[4], n, initial, extra, by_state, by_argument, *arguments)
    for i in range(z.shape[0]):
        new[i] = z[i] + h * (
            1631.0 / 55296.0 * k[0, i]
            + 175.0 / 512.0 * k[1, i]
            + 575.0 / 13824.0 * k[2, i]
            + 44275.0 / 110592.0 * k[3, i]
            + 253.0 / 4096.0 * k[4, i]
        )
    slope(messages, t + h * 0.875, new, k[5], n, initial, extra, by_state, by_argument, *arguments)
    for i in range(z.shape[0]):
        new[i] = z[i] + h * (
            37.0 / 378.0 * k[0, i] + 250.0 / 621.0 * k[2, i] + 125.0 / 594.0 * k[3, i] + 512.0 / 1771.0 * k[5, i]
        )
        error[i] = h * (
            (37.0 / 378.0 - 2825.0 / 27648.0) * k[0, i]
            + (250.0 / 621.0 - 18575.0 / 48384.0) * k[2, i]
            + (125.0 / 594.0 - 13525.0 / 55296.0) * k[3, i]
            - 277.0 / 14336.0 * k[4, i]
            + (512.0 / 1771.0 - 0.25) * k[5, i]
        )


def cash_karp(messages, y0, t0, ts, relative, absolute, max_steps, initial, extra, *arguments):
    """As `dormand_prince`; steps end at each of the times."""
    n = y0.shape[0]
    z = start(y0, initial, extra)
    size = z.shape[0]
    solution = np.zeros((ts.shape[0], size))
    if not check_start(messages, z, n, t0, ts):
        return solution
    by_state, by_argument = np.zeros((n, n)), np.zeros((n, extra))
    k, new, error = np.zeros((6, size)), np.zeros(size), np.zeros(size)
    t, h = t0, 0.1
    for done in range(ts.shape[0]):
        taken, refused = 0, 0
        while ts[done] - t > EPSILON:
            if taken >= max_steps:
                halt_after(messages, STOPPED, taken, t, z, n)
                return solution
            step = min(h, ts[done] - t)
            cash_karp_step(messages, t, step, z, k, new, error, n, initial, extra, by_state, by_argument, *arguments)
            if messages[0] != 0.0:
                return solution
            worst = largest_error(error, z, k[0], step, relative, absolute)
            if worst > 1.0:
                h = shorter(step, worst)
                refused += 1
                if refused >= MAX_REFUSED or t + h == t:
                    halt(messages, STUCK, t, z, n)
                    return solution
            else:
                taken += 1
                refused = 0
                t += step
                h = max(h, longer(step, worst))
                for i in range(size):
                    z[i] = new[i]
        for i in range(size):
            solution[done, i] = z[i]
    return solution
