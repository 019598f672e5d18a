"""Hamiltonian dynamics with whitened momenta: drawing momenta, and leapfrog steps that follow each other.

A leapfrog step is half a kick, a drift, the density at the new position, and half a kick. The half kick that ends one
step and the half kick and the drift that begin the next are one pass over memory, `turn`: it is as if steps ended in
the middle. `begin` makes the first half kick and drift; what `turn` makes beyond the last step is not used.

Momenta are kept in the middle of steps only. At the point between two steps the momentum is the mean of theirs.
"""

from pplc.runtime.compiled import along_rows, apart, compiled, sums_along_rows, whole_lines
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
def turn(position, gradient, step_size, metric, midway, onward, ahead):
    """End a step at `position`, which was `ahead`, and begin the next one.

    `midway` is the momentum in the middle of the step that ends, `onward` becomes that of the next. Returns the square
    of the momentum between them.
    """
    if metric.kind[0] == DENSE:
        return _turn_dense(position, gradient, step_size, metric, midway, onward, ahead, midway, midway, midway)[0]
    return _turn(position, gradient, metric.scale, step_size, midway, onward, ahead)


@compiled
def turn_at_second(position, gradient, step_size, metric, midway, onward, ahead, before):
    """The same at the second of two points a and b, where `before` is the momentum before a.

    Returns the square at b and the product ab of the momenta.
    """
    if metric.kind[0] == DENSE:
        found = _turn_dense(position, gradient, step_size, metric, midway, onward, ahead, before, before, before)
        return found[0], found[5]
    return _turn_at_second(position, gradient, metric.scale, step_size, midway, onward, ahead, before)


@compiled
def turn_at_fourth(position, gradient, step_size, metric, midway, onward, ahead, before, after_a, after_b):
    """The same at the last of four points a, b, c and d, given the momenta before a, after a and after b.

    Returns the square at d and the products ac, ad, bc, bd and cd.
    """
    if metric.kind[0] == DENSE:
        return _turn_dense(position, gradient, step_size, metric, midway, onward, ahead, before, after_a, after_b)
    return _turn_at_fourth(position, gradient, metric.scale, step_size, midway, onward, ahead, before, after_a, after_b)


@along_rows
def _begin(position, gradient, momentum, scale, step_size, midway, ahead):
    half = 0.5 * step_size
    for i in range(whole_lines(position)):
        p = momentum[i] + half * scale[i] * gradient[i]
        midway[i] = p
        ahead[i] = position[i] + step_size * scale[i] * p


@along_rows
def kick(start, change, amount, result):
    """result = start + amount * change"""
    for i in range(whole_lines(start)):
        result[i] = start[i] + amount * change[i]


@along_rows
def _turn(position, force, scale, step_size, midway, onward, ahead):
    squared = 0.0
    for i in range(whole_lines(position)):
        p, onward[i], ahead[i] = _turn_one(position[i], force[i], scale[i], step_size, midway[i])
        squared += p * p
    return squared


@along_rows
def _turn_at_second(position, force, scale, step_size, midway, onward, ahead, before):
    bb, ab = 0.0, 0.0
    for i in range(whole_lines(position)):
        b, onward[i], ahead[i] = _turn_one(position[i], force[i], scale[i], step_size, midway[i])
        a = before[i] + midway[i]  # doubled
        bb += b * b
        ab += a * b
    return bb, 0.5 * ab


@sums_along_rows
def _turn_at_fourth(position, force, scale, step_size, midway, onward, ahead, before, after_a, after_b):
    dd, ac, ad, bc, bd, cd = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(whole_lines(position)):
        d, onward[i], ahead[i] = _turn_one(position[i], force[i], scale[i], step_size, midway[i])
        a, b, c = before[i] + after_a[i], after_a[i] + after_b[i], after_b[i] + midway[i]  # doubled
        dd += d * d
        ac += a * c
        ad += a * d
        bc += b * c
        bd += b * d
        cd += c * d
    return dd, 0.25 * ac, 0.5 * ad, 0.25 * bc, 0.5 * bd, 0.5 * cd


@compiled
def _turn_one(position, force, scale, step_size, midway):
    """Of one parameter: its momentum between two steps and in the middle of the next one, and where that one ends."""
    push = 0.5 * step_size * scale * force
    p = midway + push
    onward = p + push
    return p, onward, position + step_size * scale * onward


@apart
def _turn_dense(position, gradient, step_size, metric, midway, onward, ahead, before, after_a, after_b):
    """`turn_at_fourth` with a dense metric: momenta change as with the identity, the position does not."""
    force = velocity = metric.work[0]
    apply_transpose(metric.factor, gradient, force)
    found = _turn_at_fourth(position, force, metric.scale, step_size, midway, onward, ahead, before, after_a, after_b)
    apply(metric.factor, onward, velocity)
    kick(position, velocity, step_size, ahead)
    return found


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
