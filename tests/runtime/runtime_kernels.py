"""Small compiled functions for the tests."""

from pplc.runtime.compiled import compiled
from pplc.runtime.generator import standard_normal, uniform


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
    for i in range(normals.shape[0]):
        normals[i] = standard_normal(state)
    return 0
