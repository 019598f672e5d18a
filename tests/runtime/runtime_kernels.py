"""Small compiled functions for the tests."""

from pplc.runtime.compiled import compiled
from pplc.runtime.dynamics.hamiltonian import draw_momentum
from pplc.runtime.dynamics.trajectory import transition
from pplc.runtime.generator import standard_normals, uniform


@compiled
def add(number, values):
    total = 0.0
    for i in range(values.shape[0]):
        total += values[i]
    return number + int(total)


@compiled
def fill(state, uniforms, normals):
    for i in range(uniforms.shape[0]):
        uniforms[i] = uniform(state)
    standard_normals(state, normals, normals.shape[0])
    return 0


@compiled
def momentum_of_next(random, momentum):
    draw_momentum(random, momentum, momentum.shape[0])
    return 0


@compiled
def one_transition(density, chain, step_size, max_depth, stop, outcome):
    outcome[0], outcome[1], outcome[2], outcome[3], outcome[4], outcome[5], outcome[6] = transition(
        density, chain, step_size, max_depth, 1000.0, stop
    )
    return 0
