"""Hamiltonian dynamics with whitened momenta: drawing momenta and the leapfrog step."""

from pplc.runtime.compiled import compiled
from pplc.runtime.density import log_density_at
from pplc.runtime.dynamics.state import DENSE
from pplc.runtime.generator import standard_normal


@compiled
def draw_momentum(random, momentum):
    """Fill `momentum` with independent standard normals; returns the kinetic energy."""
    squared = 0.0
    for i in range(momentum.shape[0]):
        p = standard_normal(random)
        momentum[i] = p
        squared += p * p
    return 0.5 * squared


@compiled
def leapfrog(density, position, gradient, before, after, step_size, metric):
    """One leapfrog step, backward in time if `step_size` is negative.

    Moves `position` and `gradient` in place, reads the momentum from `before` and writes it to `after`.
    Returns the log density and the kinetic energy there.
    """
    if metric.kind[0] == DENSE:
        return _dense_leapfrog(density, position, gradient, before, after, step_size, metric)
    scale = metric.scale
    half = 0.5 * step_size
    for i in range(position.shape[0]):
        p = before[i] + half * scale[i] * gradient[i]
        after[i] = p
        position[i] += step_size * scale[i] * p
    log_density = log_density_at(density, position, gradient)
    squared = 0.0
    for i in range(position.shape[0]):
        p = after[i] + half * scale[i] * gradient[i]
        after[i] = p
        squared += p * p
    return log_density, 0.5 * squared


@compiled
def _dense_leapfrog(density, position, gradient, before, after, step_size, metric):
    velocity, force = metric.work[0], metric.work[1]
    half = 0.5 * step_size
    apply_transpose(metric.factor, gradient, force)
    for i in range(position.shape[0]):
        after[i] = before[i] + half * force[i]
    apply(metric.factor, after, velocity)
    for i in range(position.shape[0]):
        position[i] += step_size * velocity[i]
    log_density = log_density_at(density, position, gradient)
    apply_transpose(metric.factor, gradient, force)
    squared = 0.0
    for i in range(position.shape[0]):
        p = after[i] + half * force[i]
        after[i] = p
        squared += p * p
    return log_density, 0.5 * squared


@compiled
def apply(lower, x, result):
    """result = L x for a lower triangular L."""
    for i in range(x.shape[0]):
        total = 0.0
        for j in range(i + 1):
            total += lower[i, j] * x[j]
        result[i] = total


@compiled
def apply_transpose(lower, x, result):
    """result = L' x for a lower triangular L, row by row, so that memory is read in order."""
    for i in range(x.shape[0]):
        result[i] = 0.0
        for j in range(i + 1):
            result[j] += lower[i, j] * x[i]
