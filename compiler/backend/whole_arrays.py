"""Sums, joins and copies of whole arrays, in the language of `generic`: what NumPy's functions stand for there.

They serve any number of axes: what they do to the parts `a[i]` is the same function again, or arithmetic on numbers.
"""

# mypy: ignore-errors

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache

import numpy as np


def sum_of(a):
    total = zero_like(a)  # noqa: F821
    for i in range(a.shape[0]):
        total += np.sum(a[i])
    return total


def sum_over_0(a):
    total = np.zeros(a.shape[1:], a.dtype)
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            total[j] += a[i, j]
    return total


def sum_over_1(a):
    total = np.empty(a.shape[:1] + a.shape[2:], a.dtype)
    for i in range(a.shape[0]):
        total[i] = np.sum(a[i], 0)
    return total


def joined(a, b):
    shape = a.shape if a.shape[0] > 0 else b.shape
    result = np.empty((a.shape[0] + b.shape[0],) + shape[1:], a.dtype)  # noqa: RUF005
    for i in range(a.shape[0]):
        result[i] = a[i]
    for i in range(b.shape[0]):
        result[a.shape[0] + i] = b[i]
    return result


def plus(a, b):
    result = np.empty(a.shape, a.dtype)
    for i in range(a.shape[0]):
        result[i] = a[i] + b[i]
    return result


def repeated(to, value):
    for i in range(to.shape[0]):
        to[i] = value


def stretched(to, value):
    """Assign a matrix with axes of length 1 stretched."""
    for i in range(to.shape[0]):
        for j in range(to.shape[1]):
            to[i, j] = value[i if value.shape[0] > 1 else 0, j if value.shape[1] > 1 else 0]


@cache
def definitions() -> dict[str, ast.FunctionDef]:
    """The functions by name."""
    nodes = ast.parse(inspect.getsource(sys.modules[__name__])).body
    found = [node for node in nodes if isinstance(node, ast.FunctionDef) and node.returns is None]
    return {node.name: node for node in found}
