"""The implicit equations of a multistep step, F(t, y, y') = 0 for the correction a = y - zn[0] of what was predicted.

With y' = (zn[1] + corrector[1] a) / h they are solved by a modified Newton iteration; y' - f = 0 is one such system.
Sensitivities follow the state after it has converged, by one linear solve each with the matrix at the new point
("staggered direct", Caracotsios, Stewart 1985).

`newton` is what the iteration keeps from step to step: the gamma of the matrix that was factored last, how many steps
ago that was, and how fast the iteration converges. `gamma` is h / corrector[1], and `lead` corrector[1].
"""

from __future__ import annotations

from .linear import factor, solve, solve_all, subtract_row
from .placeholders import linear_parts, residual
from .weighted_norm import block_norm

MAX_ITERATIONS = 4
MAX_AGE = 20.0  # steps that a matrix serves
MAX_CHANGE = 0.3  # of gamma, relative, that a matrix bears

GAMMA = 0  # elements of `newton`
AGE = 1
CONVERGENCE = 2
STALE = 1000.0  # the age of a matrix that is not to be used again


def correct(zn, correction, lead, h, y, rate):
    """The state and its rate after a correction; `lead` is what it does to the row of first derivatives."""
    for i in range(y.shape[0]):
        y[i] = zn[0, i] + correction[i]
        rate[i] = (zn[1, i] + lead * correction[i]) / h


def factor_at(messages, t, y, rate, gamma, newton, by_state, by_rate, by_argument, matrix, pivots, *arguments):
    """Factor gamma dF/dy + dF/dy' at a point; False if it is singular or an error is in `messages`."""
    linear_parts(messages, t, y, rate, by_state, by_rate, by_argument, *arguments)
    if messages[0] != 0.0:
        return False
    n = matrix.shape[0]
    for i in range(n):
        for j in range(n):
            matrix[i, j] = gamma * by_state[i, j] + by_rate[i, j]
    newton[GAMMA], newton[AGE] = gamma, 0.0
    return factor(matrix, pivots)


def iterate(
    messages, t, zn, lead, h, share, tolerable, newton, matrix, pivots, weights, correction, y, rate, step, *arguments
):  # fmt: skip
    """Newton's iteration for the correction of the state, with the factors of a matrix that may be an older one.

    `share` is the part of each Newton step that is taken; an error of `tolerable` in the weighted norm is small
    enough. `y`, `rate` and `step` are work space. Returns whether it converged; an error of the user's function is in
    `messages`.
    """
    n = y.shape[0]
    before = 0.0
    for iteration in range(MAX_ITERATIONS):
        correct(zn, correction, lead, h, y, rate)
        residual(messages, t, y, rate, h / lead, step, *arguments)
        if messages[0] != 0.0:
            return False
        solve(matrix, pivots, step, 0)
        for i in range(n):
            step[i] = -share * step[i]
            correction[i] += step[i]
        moved = block_norm(step, weights, 0, n)
        if iteration > 0:
            newton[CONVERGENCE] = max(0.3 * newton[CONVERGENCE], moved / before)
        if moved - moved != 0.0:
            return False
        if moved * min(1.0, newton[CONVERGENCE]) <= tolerable:
            return True
        if iteration > 0 and moved > 2.0 * before:
            return False
        before = moved
    return False


def correct_state(
    messages, adams, first, t, zn, lead, h, tolerable, newton, by_state, by_rate, by_argument, matrix, pivots, weights,
    correction, y, rate, step, *arguments
):  # fmt: skip
    """Find the correction of the state, with a new matrix if none serves (in a `first` step) or it does not converge.

    Returns whether it converged; an error of the user's function is in `messages`.
    """
    gamma = h / lead
    fresh = first or newton[AGE] > MAX_AGE or abs(gamma / newton[GAMMA] - 1.0) > MAX_CHANGE
    converged = False
    while not converged:
        for i in range(y.shape[0]):
            correction[i] = 0.0
        if fresh:
            correct(zn, correction, lead, h, y, rate)
            if not factor_at(
                messages, t, y, rate, gamma, newton, by_state, by_rate, by_argument, matrix, pivots, *arguments
            ):
                return False
            newton[CONVERGENCE] = 1.0
        share = 2.0 / (1.0 + gamma / newton[GAMMA]) if adams == 0 else 1.0  # the matrix has another gamma
        converged = iterate(
            messages, t, zn, lead, h, share, tolerable, newton, matrix, pivots, weights, correction, y, rate, step,
            *arguments
        )  # fmt: skip
        if not converged:
            if fresh or messages[0] != 0.0:
                return False
            fresh = True
    return True


def correct_sensitivities(
    messages, t, zn, lead, h, own, newton, by_state, by_rate, by_argument, matrix, pivots, correction, y, rate,
    now, change, right, *arguments
):  # fmt: skip
    """Find the corrections of the sensitivities, which are linear equations, after that of the state.

    `now`, `change` and `right` are work space, a column for each block (`columns_for`): all go side by side. Returns
    whether there is a solution; an error of the user's function is in `messages`.
    """
    n = y.shape[0]
    gamma, shrink = h / lead, 1.0 / lead
    correct(zn, correction, lead, h, y, rate)
    if not factor_at(messages, t, y, rate, gamma, newton, by_state, by_rate, by_argument, matrix, pivots, *arguments):
        return False
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
    return True
