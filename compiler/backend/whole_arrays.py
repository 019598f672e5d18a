"""Sums, joins and copies of whole arrays, in the language of `generic`: what NumPy's functions stand for there.

A function is named by what it does and by the number of axes of its arguments.
"""

# mypy: ignore-errors

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache

import numpy as np


def sum_1(a):
    total = zero_like(a)  # noqa: F821
    for i in range(a.shape[0]):
        total += a[i]
    return total


def sum_2(a):
    total = zero_like(a)  # noqa: F821
    for i in range(a.shape[0]):
        total += sum_1(a[i])
    return total


def sum_3(a):
    total = zero_like(a)  # noqa: F821
    for i in range(a.shape[0]):
        total += sum_2(a[i])
    return total


def sum_over_0_of_1(a):
    return sum_1(a)


def sum_over_0_of_2(a):
    total = np.zeros(a.shape[1], a.dtype)
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            total[j] += a[i, j]
    return total


def sum_over_1_of_2(a):
    total = np.empty(a.shape[0], a.dtype)
    for i in range(a.shape[0]):
        total[i] = sum_1(a[i])
    return total


def sum_over_0_of_3(a):
    total = np.zeros((a.shape[1], a.shape[2]), a.dtype)
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            for k in range(a.shape[2]):
                total[j, k] += a[i, j, k]
    return total


def joined_1(a, b):
    result = np.empty(a.shape[0] + b.shape[0], a.dtype)
    result[: a.shape[0]] = a
    result[a.shape[0] :] = b
    return result


def joined_2(a, b):
    columns = a.shape[1] if a.shape[0] > 0 else b.shape[1]
    result = np.empty((a.shape[0] + b.shape[0], columns), a.dtype)
    for i in range(a.shape[0]):
        result[i] = a[i]
    for i in range(b.shape[0]):
        result[a.shape[0] + i] = b[i]
    return result


def plus_1(a, b):
    result = np.empty(a.shape[0], a.dtype)
    for i in range(a.shape[0]):
        result[i] = a[i] + b[i]
    return result


def plus_2(a, b):
    result = np.empty((a.shape[0], a.shape[1]), a.dtype)
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            result[i, j] = a[i, j] + b[i, j]
    return result


def plus_3(a, b):
    result = np.empty((a.shape[0], a.shape[1], a.shape[2]), a.dtype)
    for i in range(a.shape[0]):
        result[i] = plus_2(a[i], b[i])
    return result


def repeat_0_to_1(to, value):
    for i in range(to.shape[0]):
        to[i] = value


def repeat_0_to_2(to, value):
    for i in range(to.shape[0]):
        repeat_0_to_1(to[i], value)


def repeat_0_to_3(to, value):
    for i in range(to.shape[0]):
        repeat_0_to_2(to[i], value)


def repeat_1_to_2(to, value):
    for i in range(to.shape[0]):
        to[i] = value


def repeat_1_to_3(to, value):
    for i in range(to.shape[0]):
        repeat_1_to_2(to[i], value)


def repeat_2_to_3(to, value):
    for i in range(to.shape[0]):
        to[i] = value


def repeat_2_to_2(to, value):
    """Assign with axes of length 1 stretched."""
    for i in range(to.shape[0]):
        for j in range(to.shape[1]):
            to[i, j] = value[i if value.shape[0] > 1 else 0, j if value.shape[1] > 1 else 0]


@cache
def definitions() -> dict[str, ast.FunctionDef]:
    """The functions by name."""
    nodes = ast.parse(inspect.getsource(sys.modules[__name__])).body
    found = [node for node in nodes if isinstance(node, ast.FunctionDef) and node.returns is None]
    return {node.name: node for node in found}
