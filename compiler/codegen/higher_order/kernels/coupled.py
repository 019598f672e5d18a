"""A system of differential equations together with its forward sensitivities.

The state is followed by one block of the same size per column of sensitivities: first, if they are wanted, those
to the initial state, then those to the active arguments. With the Jacobian J of f, each column s obeys
s' = J s + df/dp. All step-size control looks at the whole, as Stan's does.
"""

from __future__ import annotations

import numpy as np

from ...support import begin, fail, note
from .placeholders import MISPLACED, NOT_FINITE, linearise, system


def start(y0, initial, extra):
    """The coupled state at the initial time."""
    n = y0.shape[0]
    z = np.zeros(n * (1 + initial * n + extra))
    for i in range(n):
        z[i] = y0[i]
        if initial > 0:
            z[n + i * n + i] = 1.0
    return z


def slope(messages, t, z, out, n, initial, extra, by_state, by_argument, *arguments):
    """The rate of change of the coupled state."""
    system(messages, t, z[0:n], out[0:n], *arguments)
    if initial + extra > 0 and messages[0] == 0.0:
        linearise(messages, t, z[0:n], by_state, by_argument, *arguments)
        own = initial * n
        for k in range(own + extra):
            at = n + k * n
            for i in range(n):
                total = 0.0
                if k >= own:
                    total = by_argument[i, k - own]
                for j in range(n):
                    total += by_state[i, j] * z[at + j]
                out[at + i] = total


def check_start(messages, z, n, t0, ts):
    """Whether the state (the first n of z) is finite, and the times are finite, in order and after the initial time;
    an error is recorded where not."""
    if messages[0] != 0.0:
        return False
    for i in range(n):
        if z[i] - z[i] != 0.0:
            halt(messages, NOT_FINITE, t0, z, n)
            return False
    before = t0
    good = t0 - t0 == 0.0
    for i in range(ts.shape[0]):
        if ts[i] - ts[i] != 0.0 or ts[i] < before or ts[i] == t0:
            good = False
        before = ts[i]
    if not good:
        halt(messages, MISPLACED, t0, ts, ts.shape[0])
    return good


def unless_stopped(messages, jacobian):
    """The derivatives; nan where the solver stopped, since zeros would look like derivatives."""
    if messages[0] != 0.0:
        for i in range(jacobian.shape[0]):
            for j in range(jacobian.shape[1]):
                jacobian[i, j] = np.nan
    return jacobian


def halt(messages, code, t, z, n):
    """Record that the solver stopped, with a number and n elements of an array: the time and the state."""
    begin(messages, code)
    note(messages, t)
    note_first(messages, z, n)
    fail(messages, code, t, 0.0)


def halt_after(messages, code, steps, t, z, n):
    """As `halt`, with the number of steps before it."""
    begin(messages, code)
    note(messages, steps)
    note(messages, t)
    note_first(messages, z, n)
    fail(messages, code, t, 0.0)


def halt_at(messages, code, first, second):
    """As `halt`, with two numbers."""
    begin(messages, code)
    note(messages, first)
    note(messages, second)
    fail(messages, code, first, second)


def note_first(messages, z, n):
    """Add the first n elements of an array to a record."""
    note(messages, n)
    for i in range(n):
        note(messages, z[i])
