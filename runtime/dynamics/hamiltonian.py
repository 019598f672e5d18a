"""Hamiltonian dynamics with whitened momenta: drawing momenta, and leapfrog steps that follow each other.

A leapfrog step is half a kick, a drift, the density at the new position, and half a kick. The half kick that ends one
step and the half kick and the drift that begin the next are one pass over memory, `turn`: it is as if steps ended in
the middle. `begin` makes the first half kick and drift; what `turn` makes beyond the last step is not used.

Momenta are kept in the middle of steps only. At the point between two steps the momentum is the mean of theirs.
"""

from pplc.runtime.compiled import along_rows, compiled, whole_lines
from pplc.runtime.dynamics.state import DENSE
from pplc.runtime.generator import standard_normals


@compiled
def draw_momentum(random, momentum, size):
    """Fill `momentum` with independent standard normals; returns the kinetic energy."""
    return 0.5 * standard_normals(random, momentum, size)


@compiled
def begin(position, gradient, momentum, step_size, metric, midway, ahead):
    """Half a kick and a drift from a point, backward in time if `step_size` is negative.

    `midway` is the momentum in the middle of the step, `ahead` the position at its end.
    """
    if metric.kind[0] == DENSE:
        apply_transpose(metric.factor, gradient, metric.work[0])
        kick(momentum, metric.work[0], 0.5 * step_size, midway)
        apply(metric.factor, midway, metric.work[0])
        kick(position, metric.work[0], step_size, ahead)
    else:
        _begin(position, gradient, momentum, metric.scale, step_size, midway, ahead)


@compiled
def turn(position, gradient, step_size, metric, midway, onward, ahead, earlier, compare):
    """End a step at `position`, which was `ahead`, and begin the next one.

    `midway` is the momentum in the middle of the step that ends, `onward` becomes that of the next. Returns the square
    of the momentum between them and, if `compare` is true, its product with twice the momentum one step before, where
    `earlier` is the momentum on the other side of that point.
    """
    if metric.kind[0] != DENSE:
        return _turn(position, gradient, metric.scale, step_size, midway, onward, ahead, earlier, compare)
    apply_transpose(metric.factor, gradient, metric.work[0])
    squared, product = _kick_twice(metric.work[0], 0.5 * step_size, midway, onward, earlier)
    apply(metric.factor, onward, metric.work[0])
    kick(position, metric.work[0], step_size, ahead)
    return squared, product


@along_rows
def _begin(position, gradient, momentum, scale, step_size, midway, ahead):
    half = 0.5 * step_size
    for i in range(whole_lines(position)):
        p = momentum[i] + half * scale[i] * gradient[i]
        midway[i] = p
        ahead[i] = position[i] + step_size * scale[i] * p


@along_rows
def _turn(position, gradient, scale, step_size, midway, onward, ahead, earlier, compare):
    half, squared, product = 0.5 * step_size, 0.0, 0.0
    for i in range(whole_lines(position)):
        push = half * scale[i] * gradient[i]
        p = midway[i] + push
        squared += p * p
        if compare:
            product += p * (earlier[i] + midway[i])
        p += push
        onward[i] = p
        ahead[i] = position[i] + step_size * scale[i] * p
    return squared, product


@along_rows
def kick(start, change, amount, result):
    """result = start + amount * change"""
    for i in range(whole_lines(start)):
        result[i] = start[i] + amount * change[i]


@along_rows
def _kick_twice(force, half, midway, onward, earlier):
    squared, product = 0.0, 0.0
    for i in range(whole_lines(force)):
        push = half * force[i]
        p = midway[i] + push
        squared += p * p
        product += p * (earlier[i] + midway[i])
        onward[i] = p + push
    return squared, product


@compiled
def apply(lower, x, result):
    """result = L x for a lower triangular L."""
    for i in range(lower.shape[0]):
        total = 0.0
        for j in range(i + 1):
            total += lower[i, j] * x[j]
        result[i] = total


@compiled
def apply_transpose(lower, x, result):
    """result = L' x for a lower triangular L, row by row, so that memory is read in order."""
    for i in range(lower.shape[0]):
        result[i] = 0.0
        for j in range(i + 1):
            result[j] += lower[i, j] * x[i]
