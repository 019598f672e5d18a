"""Initial value problems: entry points of the solvers, and derivatives by everything that their result depends on."""

from __future__ import annotations

import numpy as np

from .coupled import halt, slope, start, unless_stopped
from .multistep import multistep
from .placeholders import NEGATIVE, linearise, system


def implicit_residual(messages, t, y, rate, gamma, out, *arguments):
    """out = gamma (y' - f(t, y)), as `placeholders.residual`."""
    system(messages, t, y, out, *arguments)
    for i in range(y.shape[0]):
        out[i] = gamma * (rate[i] - out[i])


def implicit_linear_parts(messages, t, y, rate, by_state, by_rate, by_argument, *arguments):
    """Derivatives of y' - f(t, y), as `placeholders.linear_parts`."""
    linearise(messages, t, y, by_state, by_argument, *arguments)
    for i in range(y.shape[0]):
        for j in range(y.shape[0]):
            by_state[i, j] = -by_state[i, j]
            by_rate[i, j] = 0.0
        for j in range(by_argument.shape[1]):
            by_argument[i, j] = -by_argument[i, j]
        by_rate[i, i] = 1.0


def ode_multistep(messages, adams, y0, t0, ts, relative, absolute, max_steps, initial, extra, *arguments):
    """The coupled states at the times ts; `absolute` is one tolerance per element of the state."""
    n = y0.shape[0]
    z = start(y0, initial, extra)
    rate = np.zeros(z.shape[0])
    slope(messages, t0, z, rate, n, initial, extra, np.zeros((n, n)), np.zeros((n, extra)), *arguments)
    return multistep(messages, adams, z, rate, n, initial * n, extra, t0, ts, relative, absolute, max_steps, *arguments)


def ode_multistep_uniform(messages, adams, y0, t0, ts, relative, absolute, max_steps, initial, extra, *arguments):
    """The same with one absolute tolerance."""
    tolerances = np.zeros(y0.shape[0])
    for i in range(y0.shape[0]):
        tolerances[i] = absolute
    return ode_multistep(messages, adams, y0, t0, ts, relative, tolerances, max_steps, initial, extra, *arguments)


def ode_adjoint(messages, adams, y0, t0, ts, relative, absolute, backward, max_steps, initial, extra, *arguments):
    """The same for `ode_adjoint_tol_ctl`: what it asks of adjoint equations is checked, but not needed."""
    for i in range(y0.shape[0]):
        if not absolute[i] > 0.0:
            halt(messages, NEGATIVE, absolute[i], absolute, absolute.shape[0])
        elif not backward[i] > 0.0:
            halt(messages, NEGATIVE, backward[i], backward, backward.shape[0])
    return ode_multistep(messages, adams, y0, t0, ts, relative, absolute, max_steps, initial, extra, *arguments)


def ode_states(messages, solution, n):
    """The states among the coupled states; nan where the solver stopped."""
    states = np.zeros((solution.shape[0], n))
    for i in range(solution.shape[0]):
        for k in range(n):
            states[i, k] = solution[i, k] if messages[0] == 0.0 else np.nan
    return states


def ode_jacobian(messages, solution, y0, t0, ts, of_state, of_start, of_times, initial, extra, *arguments):
    """Derivatives of the states, flattened, by those of y0, t0 and ts that are wanted (1 or 0) and the arguments."""
    n, count = y0.shape[0], ts.shape[0]
    jacobian = np.zeros((count * n, of_state * n + of_start + of_times * count + extra))
    rate = np.zeros(n)
    if of_start > 0:
        system(messages, t0, y0, rate, *arguments)
    for i in range(count):
        for k in range(n):
            row, column = i * n + k, 0
            if of_state > 0:
                for c in range(n):
                    jacobian[row, c] = solution[i, n + c * n + k]
                column += n
            if of_start > 0:
                total = 0.0
                for c in range(n):
                    total -= solution[i, n + c * n + k] * rate[c]
                jacobian[row, column] = total
                column += 1
            column += of_times * count
            for c in range(extra):
                jacobian[row, column + c] = solution[i, n + (initial * n + c) * n + k]
    if of_times > 0:
        for i in range(count):
            system(messages, ts[i], solution[i, 0:n], rate, *arguments)
            for k in range(n):
                jacobian[i * n + k, of_state * n + of_start + i] = rate[k]
    return unless_stopped(messages, jacobian)
