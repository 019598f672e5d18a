"""Systems of equations f(y) = 0: Newton's method with line search, Powell's hybrid method, and implicit derivatives."""

from __future__ import annotations

from math import sqrt

import numpy as np

from .coupled import halt, halt_after, halt_at, unless_stopped
from .linear import factor, solve
from .placeholders import MISPLACED, NOT_FINITE, STOPPED, STUCK, linearise_root, root

POLISH = 3  # Newton steps after convergence, while they still help


def length(v):
    """The Euclidean norm; infinite where an element is not a number."""
    total = 0.0
    for i in range(v.shape[0]):
        total += v[i] * v[i]
    return sqrt(total) if total - total == 0.0 else np.inf


def has_start(messages, guess):
    """Whether there is a guess to begin with; an error is recorded where it is not finite."""
    for i in range(guess.shape[0]):
        if messages[0] == 0.0 and guess[i] - guess[i] != 0.0:
            halt_at(messages, NOT_FINITE, i + 1.0, guess[i])
    return messages[0] == 0.0


def newton_direction(by_state, pivots, f, step):
    """The Newton step; False where the Jacobian (which becomes its factors) is singular."""
    for i in range(f.shape[0]):
        step[i] = -f[i]
    if not factor(by_state, pivots):
        return False
    solve(by_state, pivots, step, 0)
    return length(step) < np.inf


def newton(messages, guess, scaling_step, tolerance, max_steps, extra, *arguments):
    """A root from a guess. Each step is halved until it reduces the norm of f sufficiently (Dennis, Schnabel 1983)."""
    n = guess.shape[0]
    y, trial, f, step = guess.copy(), np.zeros(n), np.zeros(n), np.zeros(n)
    by_state, by_argument, pivots = np.zeros((n, n)), np.zeros((n, extra)), np.zeros(n, np.int64)
    if not has_start(messages, guess):
        return y
    root(messages, y, f, *arguments)
    size, taken = length(f), 0
    while messages[0] == 0.0 and not size <= tolerance:
        if taken >= max_steps:
            halt_after(messages, STOPPED, taken, size, y, n)
            return y
        taken += 1
        linearise_root(messages, y, by_state, by_argument, *arguments)
        share, better = 1.0, False
        if newton_direction(by_state, pivots, f, step):
            while not better and share > 1e-10:
                for i in range(n):
                    trial[i] = y[i] + share * step[i]
                root(messages, trial, f, *arguments)
                if messages[0] != 0.0:
                    return y
                better = length(f) <= (1.0 - 1e-4 * share) * size
                if not better:
                    share *= 0.5
        if not better:
            halt(messages, STUCK, size, y, n)
            return y
        for i in range(n):
            y[i] = trial[i]
        size = length(f)
    polish(messages, y, f, size, by_state, by_argument, pivots, *arguments)
    return y


def polish(messages, y, f, size, by_state, by_argument, pivots, *arguments):
    """Newton steps from an approximate root that make it as exact as rounding allows."""
    n = y.shape[0]
    trial, step = np.zeros(n), np.zeros(n)
    for _ in range(POLISH):
        if size > 0.0 and messages[0] == 0.0:
            linearise_root(messages, y, by_state, by_argument, *arguments)
            if newton_direction(by_state, pivots, f, step):
                for i in range(n):
                    trial[i] = y[i] + step[i]
                root(messages, trial, f, *arguments)
                if length(f) < size and messages[0] == 0.0:
                    size = length(f)
                    for i in range(n):
                        y[i] = trial[i]
                else:
                    size = 0.0


def widen(scale, by_state):
    """Scale by the largest length that each column of the Jacobian has had; by 1 where it vanishes."""
    n = scale.shape[0]
    for j in range(n):
        total = 0.0
        for i in range(n):
            total += by_state[i, j] * by_state[i, j]
        scale[j] = max(scale[j], sqrt(total))
        if scale[j] == 0.0 or total - total != 0.0:
            scale[j] = 1.0


def steepest_descent(by_state, f, scale, steepest):
    """Minus the gradient of |f|^2 / 2 in scaled coordinates."""
    n = f.shape[0]
    for j in range(n):
        total = 0.0
        for i in range(n):
            total -= by_state[i, j] * f[i]
        steepest[j] = total / scale[j]


def length_of_image(by_state, direction, scale):
    """How much f changes along a scaled direction, to first order; infinite where an element is not a number."""
    n = direction.shape[0]
    squares = 0.0
    for i in range(n):
        total = 0.0
        for j in range(n):
            total += by_state[i, j] * direction[j] / scale[j]
        squares += total * total
    return sqrt(squares) if squares - squares == 0.0 else np.inf


def predicted_length(f, by_state, change):
    """|f| after a change of y, to first order."""
    n = f.shape[0]
    squares = 0.0
    for i in range(n):
        total = f[i]
        for j in range(n):
            total += by_state[i, j] * change[j]
        squares += total * total
    return sqrt(squares)


def dogleg(radius, reach, slope, steepest, regular, step, scale, change):
    """The step along the dogleg as far as the trust region goes, to `change`; its scaled length.

    The path leads down the steepest descent (of length `slope`) to its minimum at `reach`, and from there to the
    Newton step, where the Jacobian is `regular` and has one.
    """
    n = step.shape[0]
    full = 0.0
    for i in range(n):
        full += scale[i] * step[i] * scale[i] * step[i]
    full = sqrt(full) if regular else np.inf
    share = 0.0  # of the way from the minimum to the Newton step
    along = min(reach, radius)
    if full <= radius:
        share, along = 1.0, 0.0
    elif regular and reach < radius:
        # |(1 - s) c + s p| = radius for the scaled steps c and p
        product = 0.0
        for i in range(n):
            product += steepest[i] / slope * reach * scale[i] * step[i]
        a = full * full - 2.0 * product + reach * reach
        b = product - reach * reach
        c = reach * reach - radius * radius
        share = (-b + sqrt(max(b * b - a * c, 0.0))) / a
        along = (1.0 - share) * reach
    moved = 0.0
    for i in range(n):
        one = share * step[i] if regular else 0.0
        if slope > 0.0:
            one += along * steepest[i] / slope / scale[i]
        moved += scale[i] * one * scale[i] * one
        change[i] = one
    return sqrt(moved)


def powell(messages, guess, relative, tolerance, max_steps, extra, *arguments):
    """A root from a guess by the dogleg path in a trust region, scaled by the columns of the Jacobian (Powell 1970)."""
    n = guess.shape[0]
    y, trial, f, ahead = guess.copy(), np.zeros(n), np.zeros(n), np.zeros(n)
    step, steepest, scale = np.zeros(n), np.zeros(n), np.zeros(n)
    by_state, by_argument, pivots = np.zeros((n, n)), np.zeros((n, extra)), np.zeros(n, np.int64)
    factors, image, change = np.zeros((n, n)), np.zeros(n), np.zeros(n)
    if not has_start(messages, guess):
        return y
    root(messages, y, f, *arguments)
    size, radius, taken, going = length(f), -1.0, 0, True
    while messages[0] == 0.0 and going and size > 0.0:
        if taken >= max_steps:
            halt_after(messages, STOPPED, taken, size, y, n)
            return y
        taken += 1
        linearise_root(messages, y, by_state, by_argument, *arguments)
        widen(scale, by_state)
        for i in range(n):
            for j in range(n):
                factors[i, j] = by_state[i, j]
        for i in range(n):
            image[i] = scale[i] * y[i]
        weight = length(image)
        if radius < 0.0:
            radius = 100.0 * weight if weight > 0.0 else 100.0
        regular = newton_direction(factors, pivots, f, step)
        steepest_descent(by_state, f, scale, steepest)
        slope, curvature = length(steepest), length_of_image(by_state, steepest, scale)
        reach = slope * (slope / curvature) * (slope / curvature) if curvature > 0.0 else radius
        better = False
        while going and not better:
            moved = dogleg(radius, reach, slope, steepest, regular, step, scale, change)
            for i in range(n):
                trial[i] = y[i] + change[i]
            predicted = predicted_length(f, by_state, change)
            root(messages, trial, ahead, *arguments)
            if messages[0] != 0.0:
                return y
            reached = length(ahead)
            ratio = 0.0
            if reached < size:
                gained = 1.0 - (reached / size) * (reached / size)
                hoped = 1.0 - (predicted / size) * (predicted / size)
                ratio = gained / hoped if hoped > 0.0 else 1.0
            if ratio < 0.1:
                radius = 0.5 * min(radius, moved)
            elif ratio >= 0.5:
                radius = max(radius, 2.0 * moved)
            better = ratio >= 1e-4
            if radius <= relative * weight or radius < 1e-300:
                going = False
            if better and moved <= relative * weight:
                going = False
        if better:
            size = reached
            for i in range(n):
                y[i] = trial[i]
                f[i] = ahead[i]
    if messages[0] == 0.0 and not size <= tolerance:
        halt(messages, STUCK, size, y, n)
        return y
    polish(messages, y, f, size, by_state, by_argument, pivots, *arguments)
    return y


def root_value(messages, y):
    """The root; nan where none was found."""
    result = y.copy()
    if messages[0] != 0.0:
        for i in range(y.shape[0]):
            result[i] = np.nan
    return result


def root_jacobian(messages, y, extra, *arguments):
    """Derivatives of the root by the active arguments: -(df/dy)^-1 df/da, by the implicit function theorem."""
    n = y.shape[0]
    by_state, by_argument, pivots = np.zeros((n, n)), np.zeros((n, extra)), np.zeros(n, np.int64)
    jacobian, column = np.zeros((n, extra)), np.zeros(n)
    if messages[0] != 0.0:
        return unless_stopped(messages, jacobian)
    linearise_root(messages, y, by_state, by_argument, *arguments)
    if not factor(by_state, pivots):
        halt(messages, MISPLACED, 0.0, y, n)
        return unless_stopped(messages, jacobian)
    for c in range(extra):
        for i in range(n):
            column[i] = -by_argument[i, c]
        solve(by_state, pivots, column, 0)
        for i in range(n):
            jacobian[i, c] = column[i]
    return unless_stopped(messages, jacobian)
