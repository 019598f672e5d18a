"""The mode of a log likelihood plus a Gaussian prior: Newton's method as in Rasmussen, Williams (2006, section 3.4).

Second derivatives come from differences of gradients, which costs a few iterations and no accuracy: where the
iteration ends is decided by gradients alone. They are block-diagonal with blocks of a given size.
"""

from __future__ import annotations

import numpy as np

from .coupled import halt
from .linear import factor, solve
from .placeholders import STUCK, gradient, log_density

DIFFERENCE = 1e-5
LAST_GAIN = 1e-13  # changes relative to the size of the mode that are rounding


def objective(messages, theta, weight, *arguments):  # type: ignore[no-untyped-def]
    """log p(y | theta) - theta' K^-1 theta / 2, where theta = K weight; -inf where it is not a number."""
    total = log_density(messages, theta, *arguments)
    for i in range(theta.shape[0]):
        total -= 0.5 * theta[i] * weight[i]
    return total if total - total == 0.0 else -np.inf


def shift(moved, theta, distance, offset, block):  # type: ignore[no-untyped-def]
    """moved = theta, with the element number `offset` of each block shifted."""
    for i in range(theta.shape[0]):
        moved[i] = theta[i]
        if i % block == offset:
            moved[i] += distance


def curvature(messages, theta, block, w, *arguments):  # type: ignore[no-untyped-def]
    """w = minus the Hessian of the log likelihood, from differences along directions that meet each block once."""
    n = theta.shape[0]
    moved = theta.copy()
    for offset in range(min(block, n)):
        shift(moved, theta, DIFFERENCE, offset, block)
        above = gradient(messages, moved, *arguments, 1.0)
        shift(moved, theta, -DIFFERENCE, offset, block)
        below = gradient(messages, moved, *arguments, 1.0)
        for i in range(n):
            column = i // block * block + offset
            if column < n:
                w[i, column] = (below[i] - above[i]) / (2.0 * DIFFERENCE)


def laplace_mode(messages, covariance, block, max_steps, *arguments):  # type: ignore[no-untyped-def]
    """theta that maximises log p(y | theta) + log normal(theta | 0, covariance)."""
    n = covariance.shape[0]
    theta, weight, trial, trial_weight = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    w, matrix, pivots, b, aim = np.zeros((n, n)), np.zeros((n, n)), np.zeros(n, np.int64), np.zeros(n), np.zeros(n)
    best = objective(messages, theta, weight, *arguments)
    steps, going = 0, best > -np.inf
    while going and messages[0] == 0.0 and steps < max_steps:
        steps += 1
        slope = gradient(messages, theta, *arguments, 1.0)
        curvature(messages, theta, block, w, *arguments)
        # (I + K W) aim = K (W theta + slope), whose weight is b - W aim
        for i in range(n):
            b[i] = slope[i]
            for j in range(n):
                b[i] += w[i, j] * theta[j]
        for i in range(n):
            aim[i] = 0.0
            for j in range(n):
                aim[i] += covariance[i, j] * b[j]
                total = 0.0
                for k in range(n):
                    total += covariance[i, k] * w[k, j]
                matrix[i, j] = total
            matrix[i, i] += 1.0
        if not factor(matrix, pivots):
            break
        solve(matrix, pivots, aim, 0)
        share, better, change = 1.0, False, 0.0
        while not better and share > 1e-8:
            change, size = 0.0, 1.0
            for i in range(n):
                target = b[i]
                for j in range(n):
                    target -= w[i, j] * aim[j]
                trial_weight[i] = weight[i] + share * (target - weight[i])
                trial[i] = theta[i] + share * (aim[i] - theta[i])
                change = max(change, abs(trial[i] - theta[i]))
                size = max(size, abs(trial[i]))
            value = objective(messages, trial, trial_weight, *arguments)
            better = value > best or change <= 1e-6 * size
            if better:
                best = value
            else:
                share *= 0.5
            change = change / size
        if not better:
            break
        for i in range(n):
            theta[i] = trial[i]
            weight[i] = trial_weight[i]
        going = change > LAST_GAIN
    if messages[0] != 0.0 or (going and best == -np.inf):
        for i in range(n):
            theta[i] = np.nan
    if messages[0] == 0.0:
        slope = gradient(messages, theta, *arguments, 1.0)
        far = 0.0
        for i in range(n):
            total = theta[i]
            for j in range(n):
                total -= covariance[i, j] * slope[j]
            far = max(far, abs(total) / (1.0 + abs(theta[i])))
        if not far < 1e-6:
            halt(messages, STUCK, far, theta, n)
            for i in range(n):
                theta[i] = np.nan
    return theta
