"""The mode of a log likelihood plus a Gaussian prior: Newton's method as in Rasmussen, Williams (2006, section 3.4).

Second derivatives come from differences of gradients. On the way to the mode that costs a few iterations and no
accuracy, since where the iteration ends is decided by gradients alone. For the determinant, and for derivatives of
it, the differences are of fourth order in steps that leave ten digits. They are block-diagonal with blocks of a
given size, so that one direction meets every block.
"""

from __future__ import annotations

import numpy as np

from .coupled import halt, halt_at
from .linear import factor, solve
from .placeholders import NOT_POSITIVE, OF_SIZE, STUCK, all_derivatives, gradient, log_density

DIFFERENCE = 1e-5
FINE = 1e-3  # of fourth order: its error is about FINE^4 / 30 of the fifth derivative; rounding leaves 1e-13
COARSE = 1e-2  # for second differences, in units of posterior standard deviations
SEMIDEFINITE = 1e-8  # a pivot that small beside the largest variance is zero, whatever its sign
LAST_GAIN = 1e-13  # changes relative to the size of the mode that are rounding


def objective(messages, theta, weight, *arguments):
    """log p(y | theta) - theta' K^-1 theta / 2, where theta = K weight; -inf where it is not a number."""
    total = log_density(messages, theta, *arguments)
    for i in range(theta.shape[0]):
        total -= 0.5 * theta[i] * weight[i]
    return total if total - total == 0.0 else -np.inf


def shift(moved, theta, distance, offset, block):
    """moved = theta, with the element number `offset` of each block shifted."""
    for i in range(theta.shape[0]):
        moved[i] = theta[i]
        if i % block == offset:
            moved[i] += distance


def curvature(messages, theta, block, w, *arguments):
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


def check_covariance(messages, covariance):
    """Whether the matrix is positive semidefinite, but for rounding errors; an error is recorded where not."""
    n = covariance.shape[0]
    rest, largest = covariance.copy(), 0.0
    for i in range(n):
        largest = max(largest, abs(covariance[i, i]))
    for j in range(n):
        pivot = rest[j, j]
        if not pivot >= -SEMIDEFINITE * largest:
            halt_at(messages, NOT_POSITIVE, j + 1.0, pivot)
            return False
        if pivot > SEMIDEFINITE * largest:
            for i in range(j + 1, n):
                share = rest[i, j] / pivot
                for k in range(j + 1, i + 1):
                    rest[i, k] -= share * rest[k, j]
    return True


def laplace_mode(messages, covariance, start, block, max_steps, tolerance, *arguments):
    """theta that maximises log p(y | theta) + log normal(theta | 0, covariance), sought from `start` on.

    The search ends where a step gains less than the tolerance; with tolerance 0 where rounding decides. A start that
    the prior gives no density, its covariance being singular, is replaced by 0. The result is nan where no mode was
    found, and the error is recorded.
    """
    n = covariance.shape[0]
    if start.shape[0] != n:
        halt(messages, OF_SIZE, 1.0 * n, start, start.shape[0])
        return np.full(n, np.nan)
    if not check_covariance(messages, covariance):
        return np.full(n, np.nan)
    theta, weight, aim, aim_weight = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    begin_at(covariance, start, theta, weight)
    best = objective(messages, theta, weight, *arguments)
    w, matrix, pivots = np.zeros((n, n)), np.zeros((n, n)), np.zeros(n, np.int64)
    steps, going, last_gain = 0, best > -np.inf, np.inf
    while going and messages[0] == 0.0 and steps < max_steps:
        steps += 1
        if not newton_aim(messages, covariance, theta, block, w, matrix, pivots, aim, aim_weight, *arguments):
            break
        share, value, change = step_towards(messages, theta, weight, aim, aim_weight, best, *arguments)
        if share == 0.0:
            break
        last_gain = abs(value - best) if share == 1.0 else np.inf
        best = value
        going = change > LAST_GAIN and last_gain >= tolerance
    if messages[0] != 0.0:
        return np.full(n, np.nan)
    far = distance_from_mode(messages, covariance, theta, *arguments)
    if last_gain >= tolerance and not far < 1e-6:
        halt(messages, STUCK, far, theta, n)
        return np.full(n, np.nan)
    return theta


def begin_at(covariance, start, theta, weight):
    """theta = start and weight = covariance^-1 start; both stay 0 where the covariance is singular."""
    n = start.shape[0]
    begun = False
    for i in range(n):
        begun = begun or start[i] != 0.0
    if begun:
        matrix, pivots = covariance.copy(), np.zeros(n, np.int64)
        if factor(matrix, pivots):
            for i in range(n):
                theta[i] = start[i]
                weight[i] = start[i]
            solve(matrix, pivots, weight, 0)


def newton_aim(messages, covariance, theta, block, w, matrix, pivots, aim, aim_weight, *arguments):
    """Where Newton's step leads, and its weight; False if the equations have no solution.

    With the slope of the log likelihood at theta, (I + K W) aim = K b for b = W theta + slope, whose weight is
    b - W aim. `w`, `matrix` and `pivots` are work space.
    """
    n = theta.shape[0]
    slope = gradient(messages, theta, *arguments, 1.0)
    curvature(messages, theta, block, w, *arguments)
    for i in range(n):
        aim_weight[i] = slope[i]
        for j in range(n):
            aim_weight[i] += w[i, j] * theta[j]
    for i in range(n):
        aim[i] = 0.0
        for j in range(n):
            aim[i] += covariance[i, j] * aim_weight[j]
            total = 0.0
            for k in range(n):
                total += covariance[i, k] * w[k, j]
            matrix[i, j] = total
        matrix[i, i] += 1.0
    if not factor(matrix, pivots):
        return False
    solve(matrix, pivots, aim, 0)
    for i in range(n):
        for j in range(n):
            aim_weight[i] -= w[i, j] * aim[j]
    return True


def step_towards(messages, theta, weight, aim, aim_weight, best, *arguments):
    """Go from theta to the aim, or only a part of the way (halved until the objective is larger than `best`).

    Returns the part, the objective there, and the largest change of an element relative to the size of theta; the
    part is 0, and nothing has moved, where none is better.
    """
    n = theta.shape[0]
    trial, trial_weight = np.empty(n), np.empty(n)
    share = 1.0
    while share > 1e-8:
        change, size = 0.0, 1.0
        for i in range(n):
            trial_weight[i] = weight[i] + share * (aim_weight[i] - weight[i])
            trial[i] = theta[i] + share * (aim[i] - theta[i])
            change = max(change, abs(trial[i] - theta[i]))
            size = max(size, abs(trial[i]))
        value = objective(messages, trial, trial_weight, *arguments)
        if value > best or change <= 1e-6 * size:  # the objective's rounding hides what so small a step gains
            for i in range(n):
                theta[i] = trial[i]
                weight[i] = trial_weight[i]
            return share, value, change / size
        share *= 0.5
    return 0.0, best, 0.0


def distance_from_mode(messages, covariance, theta, *arguments):
    """The largest element of theta - K slope, which is 0 at the mode, relative to that of theta."""
    n = theta.shape[0]
    slope = gradient(messages, theta, *arguments, 1.0)
    far = 0.0
    for i in range(n):
        total = theta[i]
        for j in range(n):
            total -= covariance[i, j] * slope[j]
        far = max(far, abs(total) / (1.0 + abs(theta[i])))
    return far


def fine_curvature(messages, theta, block, *arguments):
    """Minus the Hessian of the log likelihood, as exactly as differences give it."""
    n = theta.shape[0]
    w, moved = np.zeros((n, n)), theta.copy()
    for offset in range(min(block, n)):
        for step in range(4):
            distance = FINE * (step - 2.0 if step < 2 else step - 1.0)  # -2, -1, 1, 2
            weight = (1.0 if step == 0 else -8.0 if step == 1 else 8.0 if step == 2 else -1.0) / (12.0 * FINE)
            shift(moved, theta, distance, offset, block)
            slope = gradient(messages, moved, *arguments, 1.0)
            for i in range(n):
                column = i // block * block + offset
                if column < n:
                    w[i, column] -= weight * slope[i]
    for i in range(n):
        for j in range(i):
            middle = 0.5 * (w[i, j] + w[j, i])
            w[i, j] = middle
            w[j, i] = middle
    return w


def one_plus(covariance, w):
    """I + K W."""
    n = w.shape[0]
    b = np.zeros((n, n))
    for i in range(n):
        b[i, i] = 1.0
        for k in range(n):
            for j in range(n):
                b[i, j] += covariance[i, k] * w[k, j]
    return b


def marginal(messages, covariance, theta, block, *arguments):
    """log p(y | mode) - mode' slope / 2 - log det(I + K W) / 2."""
    n = theta.shape[0]
    slope = gradient(messages, theta, *arguments, 1.0)
    b, pivots = one_plus(covariance, fine_curvature(messages, theta, block, *arguments)), np.zeros(n, np.int64)
    if not factor(b, pivots):
        return np.nan
    total, sign = log_density(messages, theta, *arguments), 1.0
    for i in range(n):
        total -= 0.5 * theta[i] * slope[i]
        total -= 0.5 * np.log(abs(b[i, i]))
        if (b[i, i] < 0.0) != (pivots[i] != i):
            sign = -sign
    return total if sign > 0.0 else np.nan


def inverse(b):
    """The inverse of a matrix, which is overwritten; nan where there is none."""
    n = b.shape[0]
    pivots, column, result = np.zeros(n, np.int64), np.zeros(n), np.full((n, n), np.nan)
    if factor(b, pivots):
        for j in range(n):
            for i in range(n):
                column[i] = 1.0 if i == j else 0.0
            solve(b, pivots, column, 0)
            for i in range(n):
                result[i, j] = column[i]
    return result


def product(a, b):
    """A B of square matrices."""
    n = a.shape[0]
    result = np.zeros((n, n))
    for i in range(n):
        for k in range(n):
            for j in range(n):
                result[i, j] += a[i, k] * b[k, j]
    return result


def cholesky(a):
    """The lower factor of a symmetric matrix, of which the lower triangle is read; nan where there is none."""
    n = a.shape[0]
    result = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            total = a[i, j]
            for k in range(j):
                total -= result[i, k] * result[j, k]
            result[i, j] = np.sqrt(total) if i == j else total / result[j, j]
    return result


def posterior_factor(messages, covariance, theta, block, *arguments):
    """The Cholesky factor of (K^-1 + W)^-1 = (I + K W)^-1 K, the covariance of the latent variables given the data."""
    w = fine_curvature(messages, theta, block, *arguments)
    return cholesky(product(inverse(one_plus(covariance, w)), covariance))


def draw(rng, theta, factor_):
    """One draw of the latent variables."""
    n = theta.shape[0]
    result, z = theta.copy(), np.empty(n)
    for i in range(n):
        z[i] = rng.standard_normal()
    for i in range(n):
        for j in range(i + 1):
            result[i] += factor_[i, j] * z[j]
    return result


def derivatives(messages, covariance, theta, block, columns, adjoint, *arguments):
    """Derivatives of the marginal by the covariance, and by the active arguments, times its adjoint.

    At a fixed mode, with S = (I + K W)^-1 K and the slope a of the log likelihood, they are
    a a' / 2 - (W (I + K W)^-1)' / 2 by K, and those of log p - tr(S W) / 2 by the arguments, W alone varying in
    the trace. The mode is K slope(mode): what the marginal changes with it, s = -(tr(S W))' / 2, adds u a' by K
    and the derivatives of (K' u)' slope by the arguments, where (I + K W)' u = s. The trace is a sum of second
    derivatives of log p along the columns of the Cholesky factors of the blocks of S.
    """
    n = theta.shape[0]
    slope, by_latent = np.zeros(n), np.zeros(n)
    row, by_argument, total = np.zeros((1, columns)), np.zeros((1, columns)), np.zeros(n)
    all_derivatives(messages, theta, slope, by_argument, *arguments)
    w = fine_curvature(messages, theta, block, *arguments)
    solved = inverse(one_plus(covariance, w))
    s = product(solved, covariance)
    for i in range(n):  # the blocks of S only, of which Cholesky factors are block-diagonal as well
        for j in range(n):
            if i // block != j // block:
                s[i, j] = 0.0
    directions, moved = cholesky(s), theta.copy()
    for offset in range(min(block, n)):
        for step in range(5):
            weight = (-30.0 if step == 2 else 16.0 if step == 1 or step == 3 else -1.0) / (24.0 * COARSE * COARSE)
            for i in range(n):
                column = i // block * block + offset
                moved[i] = theta[i]
                if column < n:
                    moved[i] += (step - 2.0) * COARSE * directions[i, column]
            all_derivatives(messages, moved, by_latent, row, *arguments)
            for i in range(n):
                total[i] += weight * by_latent[i]
            for k in range(columns):
                by_argument[0, k] += weight * row[0, k]
    by_covariance, u, v = product(w, solved), np.zeros(n), np.zeros(n)
    for i in range(n):
        for j in range(n):
            u[i] += solved[j, i] * total[j]
    largest = 0.0
    for i in range(n):
        for j in range(n):
            v[i] += covariance[j, i] * u[j]
        largest = max(largest, abs(v[i]))
    if largest > 0.0 and columns > 0:
        for step in range(4):
            distance = FINE / largest * (step - 2.0 if step < 2 else step - 1.0)
            weight = (1.0 if step == 0 else -8.0 if step == 1 else 8.0 if step == 2 else -1.0) / (12.0 * FINE) * largest
            for i in range(n):
                moved[i] = theta[i] + distance * v[i]
            all_derivatives(messages, moved, by_latent, row, *arguments)
            for k in range(columns):
                by_argument[0, k] += weight * row[0, k]
    for i in range(n):
        for j in range(n):
            s[i, j] = adjoint * ((0.5 * slope[i] + u[i]) * slope[j] - 0.5 * by_covariance[j, i])
    parts = np.empty(columns)
    for k in range(columns):
        parts[k] = adjoint * by_argument[0, k]
    return s, parts
