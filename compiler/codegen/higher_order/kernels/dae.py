"""Differential-algebraic systems F(t, y, y') = 0 by variable-order BDF, with forward sensitivities."""

from __future__ import annotations

import numpy as np

from .multistep import multistep
from .placeholders import equations


def scaled_equations(messages, t, y, rate, gamma, out, *arguments):  # type: ignore[no-untyped-def]
    """out = gamma F(t, y, y'), as `placeholders.residual`."""
    equations(messages, t, y, rate, out, *arguments)
    for i in range(out.shape[0]):
        out[i] *= gamma


def dae(messages, y0, rate0, t0, ts, relative, absolute, max_steps, of_state, of_rate, extra, *arguments):  # type: ignore[no-untyped-def]
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
        if of_rate > 0:
            rate[n + (of_state * n + i) * n + i] = 1.0
    return multistep(messages, 0, z, rate, n, own, extra, t0, ts, relative, tolerances, max_steps, *arguments)


def dae_jacobian(messages, solution, n):  # type: ignore[no-untyped-def]
    """Derivatives of the states, flattened, by all that the solution has sensitivities to."""
    columns = solution.shape[1] // n - 1
    jacobian = np.zeros((solution.shape[0] * n, columns))
    for i in range(solution.shape[0]):
        for k in range(n):
            for c in range(columns):
                jacobian[i * n + k, c] = solution[i, n + c * n + k]
    return jacobian
