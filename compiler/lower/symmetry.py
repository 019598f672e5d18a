"""Matrices that are symmetric by construction, recognised by their graphs, so that none of them has to be checked.

One graph is the mirror image of another along two axes if swapping these in the one gives the other. A matrix is
symmetric if it is its own mirror image. An answer of no costs a check, never correctness.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pytensor.graph.basic import Constant
from pytensor.scalar import basic as ps
from pytensor.tensor.basic import ARange
from pytensor.tensor.blockwise import Blockwise
from pytensor.tensor.elemwise import CAReduce, DimShuffle, Elemwise
from pytensor.tensor.math import Dot
from pytensor.tensor.shape import SpecifyShape

DEEPEST = 40  # operations to look through


def is_symmetric(x: Any) -> bool:
    """Whether a matrix, or each of a stack of them, certainly equals its transpose."""
    return x.type.ndim >= 2 and _mirrored(x, x, x.type.ndim - 2, x.type.ndim - 1, DEEPEST)


def _mirrored(a: Any, b: Any, i: int, j: int, depth: int) -> bool:
    """Whether b is a with axes i and j swapped."""
    if depth == 0:
        return False
    a, b = _plain(a), _plain(b)
    if a is b and a.type.broadcastable[i] and a.type.broadcastable[j]:
        return True
    if isinstance(a, Constant) and isinstance(b, Constant):
        return a.type.ndim == b.type.ndim and np.array_equal(np.swapaxes(a.data, i, j), b.data)
    (base, order), (other, other_order) = _shuffled(a), _shuffled(b)
    if base is other and other_order == _swapped(order, i, j):
        return True
    if a.owner is None or b.owner is None or type(a.owner.op) is not type(b.owner.op):
        return False
    match a.owner.op:
        case DimShuffle() if order == other_order and "x" not in (order[i], order[j]):
            return _mirrored(base, other, order[i], order[j], depth - 1)
        case DimShuffle() if order == other_order:
            return order[i] == order[j] == "x" and base is other
        case Elemwise():
            return _elementwise(a, b, i, j, depth - 1)
        case CAReduce() as op if op.axis == b.owner.op.axis and op.scalar_op == b.owner.op.scalar_op:
            summed = sorted(op.axis or range(a.owner.inputs[0].type.ndim))
            kept = [axis for axis in range(a.owner.inputs[0].type.ndim) if axis not in summed]
            return _mirrored(a.owner.inputs[0], b.owner.inputs[0], kept[i], kept[j], depth - 1)
        case op if _is_product(op) and {i, j} == {a.type.ndim - 2, a.type.ndim - 1}:
            (x, y), (z, w) = a.owner.inputs, b.owner.inputs
            return _mirrored(x, w, i, j, depth - 1) and _mirrored(y, z, i, j, depth - 1)
        case _:
            return False


def _plain(x: Any) -> Any:
    """The graph without operations that leave values and axes alone."""
    while x.owner is not None and (
        isinstance(x.owner.op, SpecifyShape)
        or (isinstance(x.owner.op, Elemwise) and isinstance(x.owner.op.scalar_op, ps.Cast | ps.Identity))
    ):
        x = x.owner.inputs[0]
    return x


def _shuffled(x: Any) -> tuple[Any, tuple[Any, ...]]:
    """What x is but for the order of its axes, and that order ("x": a new axis)."""
    if x.owner is not None and isinstance(x.owner.op, DimShuffle):
        return _plain(x.owner.inputs[0]), tuple(x.owner.op.new_order)
    return x, tuple(range(x.type.ndim))


def _swapped(order: Sequence[Any], i: int, j: int) -> tuple[Any, ...]:
    swapped = list(order)
    swapped[i], swapped[j] = swapped[j], swapped[i]
    return tuple(swapped)


def _is_product(op: Any) -> bool:
    return isinstance(op, Dot) or (isinstance(op, Blockwise) and isinstance(op.core_op, Dot))


def _elementwise(a: Any, b: Any, i: int, j: int, depth: int) -> bool:
    op, other = a.owner.op.scalar_op, b.owner.op.scalar_op
    if type(op) is not type(other):
        return False
    inputs, others = a.owner.inputs, b.owner.inputs
    match op:
        case ps.Add() | ps.Mul():
            return _in_some_order(_flat(a, type(op)), _flat(b, type(op)), i, j, depth)
        case ps.EQ():
            return _in_some_order(inputs, others, i, j, depth)
        case ps.Sqr() | ps.Abs() if _is_difference(inputs[0]) and _is_difference(others[0]):
            (x, y), (z, w) = inputs[0].owner.inputs, others[0].owner.inputs
            straight = _mirrored(x, z, i, j, depth) and _mirrored(y, w, i, j, depth)
            return straight or (_mirrored(x, w, i, j, depth) and _mirrored(y, z, i, j, depth))
        case ps.Switch() if _is_diagonal(inputs[0]) and inputs[0] is others[0]:  # what stands on it does not matter
            return inputs[1] is others[1] and _mirrored(inputs[2], others[2], i, j, depth)
        case _:
            return all(_mirrored(x, y, i, j, depth) for x, y in zip(inputs, others, strict=True))


def _in_some_order(xs: Sequence[Any], ys: Sequence[Any], i: int, j: int, depth: int) -> bool:
    """Whether each of the ones is the mirror image of another of the others."""
    left = list(ys)
    for x in xs:
        found = next((number for number, y in enumerate(left) if _mirrored(x, y, i, j, depth)), None)
        if found is None:
            return False
        del left[found]
    return not left


def _flat(x: Any, kind: type) -> list[Any]:
    """The terms of a sum, or the factors of a product."""
    x = _plain(x)
    if x.owner is None or not isinstance(x.owner.op, Elemwise) or not isinstance(x.owner.op.scalar_op, kind):
        return [x]
    return [part for argument in x.owner.inputs for part in _flat(argument, kind)]


def _is_difference(x: Any) -> bool:
    return x.owner is not None and isinstance(x.owner.op, Elemwise) and isinstance(x.owner.op.scalar_op, ps.Sub)


def _is_diagonal(x: Any) -> bool:
    """Whether a truth value says that row and column have the same number."""
    if x.owner is None or not isinstance(x.owner.op, Elemwise) or not isinstance(x.owner.op.scalar_op, ps.EQ):
        return False
    bases = [_shuffled(_plain(argument))[0] for argument in x.owner.inputs]
    counted = all(base.owner is not None and isinstance(base.owner.op, ARange) for base in bases)
    return counted and x.type.ndim == 2 and x.type.shape[0] == x.type.shape[1]
