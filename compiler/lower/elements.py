"""Graphs of small containers as graphs of numbers: every operation is applied to arrays of symbols, one per element.

A container that is built element by element, read and multiplied leaves nothing but the arithmetic on its numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import singledispatch
from typing import Any

import numpy as np
import pytensor.scalar as ps
import pytensor.tensor as pt
from numpy.typing import NDArray
from pytensor.graph.basic import Apply, Constant
from pytensor.graph.traversal import toposort
from pytensor.tensor.basic import Alloc, Join, MakeVector, ScalarFromTensor, TensorFromScalar
from pytensor.tensor.elemwise import DimShuffle, Elemwise
from pytensor.tensor.math import Dot, Sum
from pytensor.tensor.shape import Reshape, SpecifyShape
from pytensor.tensor.subtensor import (
    AdvancedIncSubtensor,
    AdvancedSubtensor,
    IncSubtensor,
    Subtensor,
    indices_from_subtensor,
)

type Elements = NDArray[Any]  # of 0-d tensors

LARGEST = 10_000  # operations on numbers


class NoElements(Exception):
    """An operation that is none on single numbers, or too many of them."""


def elements(outputs: Sequence[Any], known: Mapping[Any, Elements]) -> list[Elements]:
    """The numbers that make up each output; `known` are those of the inputs."""
    found: dict[Any, Elements] = dict(known)

    def of(variable: Any) -> Elements:
        if variable not in found:
            if not isinstance(variable, Constant):
                raise NoElements(str(variable))
            found[variable] = constants(np.asarray(variable.data))
        return found[variable]

    count = 0
    for node in toposort(outputs, blockers=known):
        [output] = node.outputs if len(node.outputs) == 1 else [None]
        if output is None:
            raise NoElements(str(node))
        found[output] = expand(node.op, node, *map(of, node.inputs))
        count += found[output].size
        if count > LARGEST:
            raise NoElements("too many")
    return [of(output) for output in outputs]


def constants(numbers: NDArray[Any]) -> Elements:
    """Numbers that are known."""
    return _each(numbers.shape, lambda at: pt.constant(numbers[at]))


def _each(shape: tuple[int, ...], element: Any) -> Elements:
    result = np.empty(shape, object)
    for at in np.ndindex(shape):
        result[at] = element(at)
    return result


def _known(element: Any) -> int:
    """An integer that stands in the graph."""
    if not isinstance(element, Constant):
        raise NoElements("a size or position that varies")
    return int(element.data)


def _places(node: Apply, operand: Elements, given: Sequence[Elements]) -> NDArray[np.int64]:
    """Where the elements that an indexing operation is about stand among all of an operand."""
    numbers = np.vectorize(_known, otypes=[np.int64])
    known: list[Any] = [numbers(one)[()] if one.size else np.zeros(one.shape, int) for one in given]
    indices: tuple[Any, ...] = tuple(indices_from_subtensor(known, node.op.idx_list))
    return np.asarray(np.arange(operand.size).reshape(operand.shape)[indices])


@singledispatch
def expand(op: Any, node: Apply, *operands: Elements) -> Elements:
    """The elements of an operation's result from those of its operands."""
    raise NoElements(str(op))


@expand.register
def _(op: Elemwise, node: Apply, *operands: Elements) -> Elements:
    shape = np.broadcast_shapes(*(operand.shape for operand in operands))
    spread = [np.broadcast_to(operand, shape) for operand in operands]
    return _each(shape, lambda at: op(*(operand[at] for operand in spread)))


@expand.register
def _(op: DimShuffle, node: Apply, operand: Elements) -> Elements:
    kept = [axis for axis in op.new_order if axis != "x"]
    dropped = tuple(axis for axis in range(operand.ndim) if axis not in kept)
    order = [axis - sum(other < axis for other in dropped) for axis in kept]
    moved = operand.squeeze(dropped).transpose(order)
    return moved[(..., *(None if axis == "x" else slice(None) for axis in op.new_order))]


@expand.register(SpecifyShape)
@expand.register(ScalarFromTensor)
@expand.register(TensorFromScalar)
def _(op: Any, node: Apply, operand: Elements, *sizes: Elements) -> Elements:
    return operand


@expand.register
def _(op: Reshape, node: Apply, operand: Elements, shape: Elements) -> Elements:
    return operand.reshape([_known(size) for size in shape])


@expand.register
def _(op: Alloc, node: Apply, operand: Elements, *sizes: Elements) -> Elements:
    return np.broadcast_to(operand, [_known(size[()]) for size in sizes])


@expand.register
def _(op: MakeVector, node: Apply, *operands: Elements) -> Elements:
    return _each((len(operands),), lambda at: operands[at[0]][()])


@expand.register
def _(op: Join, node: Apply, *operands: Elements) -> Elements:
    return np.concatenate(operands, op.axis)


@expand.register(Subtensor)
@expand.register(AdvancedSubtensor)
def _(op: Any, node: Apply, operand: Elements, *indices: Elements) -> Elements:
    flat, places = operand.reshape(-1), _places(node, operand, indices)
    return _each(places.shape, lambda at: flat[places[at]])


@expand.register(IncSubtensor)
@expand.register(AdvancedIncSubtensor)
def _(op: Any, node: Apply, base: Elements, value: Elements, *indices: Elements) -> Elements:
    result, places = base.flatten(), _places(node, base, indices)
    for place, new in zip(places.flat, np.broadcast_to(value, places.shape).flat, strict=True):
        result[place] = new if op.set_instead_of_inc else result[place] + new
    return result.reshape(base.shape)


@expand.register
def _(op: Sum, node: Apply, operand: Elements) -> Elements:
    axes = tuple(range(operand.ndim)) if op.axis is None else tuple(op.axis)
    kept = [axis for axis in range(operand.ndim) if axis not in axes]
    moved = operand.transpose([*kept, *axes]).reshape([*(operand.shape[axis] for axis in kept), -1])
    return _each(moved.shape[:-1], lambda at: _total(list(moved[at]), node))


@expand.register
def _(op: Dot, node: Apply, left: Elements, right: Elements) -> Elements:
    rows, columns = left.reshape(-1, left.shape[-1]), right.reshape(right.shape[0], -1)

    def entry(at: tuple[int, ...]) -> Any:
        return _total([a * b for a, b in zip(rows[at[0]], columns[:, at[1]], strict=True)], node)

    return _each((len(rows), columns.shape[1]), entry).reshape(left.shape[:-1] + right.shape[1:])


def _total(numbers: list[Any], node: Apply) -> Any:
    if not numbers:
        return pt.constant(np.zeros((), node.outputs[0].type.dtype))
    return Elemwise(ps.add)(*numbers) if len(numbers) > 1 else numbers[0]
