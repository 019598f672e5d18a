"""Ops that make, join and reshape arrays."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from pytensor.compile.builders import OpFromGraph
from pytensor.compile.ops import DeepCopyOp, ViewOp
from pytensor.graph.basic import Apply
from pytensor.raise_op import CheckAndRaise
from pytensor.tensor.basic import Alloc, AllocDiag, AllocEmpty, ARange, ExtractDiag, Eye, Join, MakeVector, Split
from pytensor.tensor.reshape import JoinDims, SplitDims
from pytensor.tensor.shape import Reshape as ReshapeOp
from pytensor.tensor.shape import Shape as ShapeOp
from pytensor.tensor.shape import Shape_i, SpecifyShape

from ..arrays import Array, Constant, Elementwise, Index, Kind, Part, Reindex, Reshape, Source, Update, variable
from ..columns import by_columns, transposed
from .elementwise import reindex
from .registry import Converter, convert, kind_of


def stretch(array: Array, shape: tuple[int, ...]) -> Array:
    """Repeat an array along new leading axes and axes of length 1."""
    if array.shape == shape:
        return array
    if isinstance(array, Constant):
        return Constant(shape, array.kind, array.value)
    lead = len(shape) - len(array.shape)
    index = tuple(Index() if size == 1 else variable(lead + axis) for axis, size in enumerate(array.shape))
    return Reindex(shape, array.kind, array, index)


def reshape(array: Array, shape: tuple[int, ...]) -> Array:
    """The same elements under another shape."""
    if array.shape == shape:
        return array
    if isinstance(array, Constant):
        return Constant(shape, array.kind, array.value)
    if isinstance(array, Source):
        return Source(shape, array.kind, array.buffer, array.offset)
    return Reshape(shape, array.kind, array)


def write_block(target: tuple[int, ...], value: Array, start: tuple[int, ...]) -> tuple[Index, ...]:
    """The index map that puts a value of the same rank at `start` in a target."""
    return tuple(
        Index(first) if size == 1 else Index(first, ((axis, 1),))
        for axis, (first, size) in enumerate(zip(start, value.shape, strict=True))
    )


@convert.register(Alloc)
def convert_alloc(op: Alloc, node: Apply, converter: Converter) -> list[Array | None]:
    value, *sizes = node.inputs
    return [stretch(converter.array(value), tuple(converter.integer(size) for size in sizes))]


@convert.register(AllocEmpty)
def convert_alloc_empty(op: AllocEmpty, node: Apply, converter: Converter) -> list[Array | None]:
    return [Constant(tuple(converter.integer(size) for size in node.inputs), kind_of(op.dtype), 0)]


@convert.register(ReshapeOp)
def convert_reshape(op: ReshapeOp, node: Apply, converter: Converter) -> list[Array | None]:
    array = converter.array(node.inputs[0])
    wanted = converter.static(node.inputs[1])
    sizes = [converter.integer(size) for size in node.inputs[1].owner.inputs] if wanted is None else list(wanted)
    sizes = [int(size) for size in sizes]
    if -1 in sizes:
        known = prod(size for size in sizes if size != -1)
        sizes[sizes.index(-1)] = array.size // known if known else 0
    return [reshape(array, tuple(sizes))]


@convert.register(JoinDims)
def convert_join_dims(op: JoinDims, node: Apply, converter: Converter) -> list[Array | None]:
    array = converter.array(node.inputs[0])
    first, last = op.start_axis, op.start_axis + op.n_axes
    return [reshape(array, (*array.shape[:first], prod(array.shape[first:last]), *array.shape[last:]))]


@convert.register(SplitDims)
def convert_split_dims(op: SplitDims, node: Apply, converter: Converter) -> list[Array | None]:
    array = converter.array(node.inputs[0])
    inner = converter.static(node.inputs[1])
    assert inner is not None
    sizes = [int(size) for size in inner]
    return [reshape(array, (*array.shape[: op.axis], *sizes, *array.shape[op.axis + 1 :]))]


@convert.register(MakeVector)
def convert_make_vector(op: MakeVector, node: Apply, converter: Converter) -> list[Array | None]:
    kind = kind_of(op.dtype)
    elements = [converter.array(element) for element in node.inputs]
    if all(isinstance(element, Constant) for element in elements):
        return [converter.constant(np.array([element.value for element in elements], dtype=op.dtype))]  # type: ignore[union-attr]
    parts = tuple(Part(element, (Index(number),), False) for number, element in enumerate(elements))
    return [Update((len(elements),), kind, None, parts)]


@convert.register(Join)
def convert_join(op: Join, node: Apply, converter: Converter) -> list[Array | None]:
    arrays = [converter.array(variable) for variable in node.inputs]
    kept = [array for array in arrays if array.size] or arrays[:1]
    if len(kept) == 1:
        return [kept[0]]
    axis = op.axis % len(kept[0].shape)
    kind = kind_of(node.outputs[0].type.dtype)
    if len(kept[0].shape) == 2 and any(map(by_columns, kept)):
        return [transposed(joined([transposed(array) for array in kept], 1 - axis, kind))]
    return [joined(kept, axis, kind)]


def joined(kept: list[Array], axis: int, kind: Kind) -> Array:
    """Arrays one after the other along an axis."""
    shape = list(kept[0].shape)
    shape[axis] = sum(array.shape[axis] for array in kept)
    parts, start = [], [0] * len(shape)
    for array in kept:
        parts.append(Part(array, write_block(tuple(shape), array, tuple(start)), False))
        start[axis] += array.shape[axis]
    return Update(tuple(shape), kind, None, tuple(parts))


@convert.register(Split)
def convert_split(op: Split, node: Apply, converter: Converter) -> list[Array | None]:
    array = converter.array(node.inputs[0])
    lengths = converter.static(node.inputs[-1])
    assert lengths is not None
    axis, start, results = op.axis, 0, []
    for length in map(int, lengths):
        shape = (*array.shape[:axis], length, *array.shape[axis + 1 :])
        index = tuple(Index(start if a == axis else 0, ((a, 1),)) for a in range(len(shape)))
        results.append(Reindex(shape, array.kind, array, index))
        start += length
    return list(results)


@convert.register(SpecifyShape)
@convert.register(DeepCopyOp)
@convert.register(ViewOp)
def convert_identity(op: Any, node: Apply, converter: Converter) -> list[Array | None]:
    return [converter.array(node.inputs[0])]


@convert.register(CheckAndRaise)
def convert_assertion(op: CheckAndRaise, node: Apply, converter: Converter) -> list[Array | None]:
    """A failed assertion makes the value nan: no exception leaves the compiled density."""
    value = converter.array(node.inputs[0])
    conditions = [converter.array(condition) for condition in node.inputs[1:]]
    conditions = [c for c in conditions if not (isinstance(c, Constant) and c.value)]
    if value.kind != "float" or not conditions:
        return [value]
    test = " and ".join(f"{{{number}}}" for number in range(1, len(conditions) + 1))
    rank = len(value.shape)
    padded = [reindex(condition, (1,) * rank, {}) for condition in conditions]
    return [Elementwise(value.shape, "float", f"{{0}} if {test} else nan", (value, *padded), 1)]


@convert.register(ShapeOp)
@convert.register(Shape_i)
def convert_shape(op: Any, node: Apply, converter: Converter) -> list[Array | None]:
    value = converter.static(node.outputs[0])
    assert value is not None
    return [converter.constant(value)]


@convert.register(Eye)
def convert_eye(op: Eye, node: Apply, converter: Converter) -> list[Array | None]:
    rows, columns, diagonal = (converter.integer(value) for value in node.inputs)
    return [converter.constant(np.eye(rows, columns, diagonal, dtype=op.dtype))]


@convert.register(ARange)
def convert_arange(op: ARange, node: Apply, converter: Converter) -> list[Array | None]:
    bounds = [converter.static(value) for value in node.inputs]
    assert all(bound is not None for bound in bounds)
    return [converter.constant(np.arange(*(bound.item() for bound in bounds), dtype=op.dtype))]  # type: ignore[union-attr]


@convert.register(ExtractDiag)
def convert_extract_diagonal(op: ExtractDiag, node: Apply, converter: Converter) -> list[Array | None]:
    array = converter.array(node.inputs[0])
    rank = len(array.shape)
    first, second = op.axis1 % rank, op.axis2 % rank
    rows, columns = array.shape[first], array.shape[second]
    down, right = max(-op.offset, 0), max(op.offset, 0)
    length = max(min(rows - down, columns - right), 0)
    others = [axis for axis in range(rank) if axis not in (first, second)]
    shape = (*(array.shape[axis] for axis in others), length)
    index = [Index()] * rank
    for position, axis in enumerate(others):
        index[axis] = variable(position)
    index[first] = Index(down, ((len(others), 1),))
    index[second] = Index(right, ((len(others), 1),))
    return [Reindex(shape, array.kind, array, tuple(index))]


@convert.register(AllocDiag)
def convert_alloc_diagonal(op: AllocDiag, node: Apply, converter: Converter) -> list[Array | None]:
    return [diagonal_matrix(op, converter.array(node.inputs[0]), 0)]


def diagonal_matrix(op: AllocDiag, array: Array, batch: int) -> Array:
    """Zeros with the last axis of an array on a diagonal; `batch` axes stand before those the op counts."""
    rank = len(array.shape)
    length = array.shape[-1] + abs(op.offset)
    first, second = sorted((batch + op.axis1, batch + op.axis2))
    shape = [*array.shape[:-1]]
    shape.insert(first, length)
    shape.insert(second, length)
    index: list[Index | None] = [None] * (rank + 1)
    down, right = (max(-op.offset, 0), max(op.offset, 0))
    if op.axis1 > op.axis2:
        down, right = right, down
    index[first], index[second] = Index(down, ((rank - 1, 1),)), Index(right, ((rank - 1, 1),))
    others = iter(range(rank - 1))
    full = tuple(variable(next(others)) if one is None else one for one in index)
    full = tuple(Index(one.constant) if one.terms and array.shape[one.terms[0][0]] == 1 else one for one in full)  # type: ignore[index]
    return Update(tuple(shape), array.kind, Constant(tuple(shape), array.kind, 0), (Part(array, full, False),))


@convert.register(OpFromGraph)
def convert_inner_graph(op: OpFromGraph, node: Apply, converter: Converter) -> list[Array | None]:
    """An op that is a graph: what stands in it is converted in place."""
    graph = op.fgraph.unfreeze()
    for inner, outer in zip(graph.inputs, node.inputs, strict=True):
        value = converter.static(outer)
        converter.arrays[inner] = converter.array(outer) if value is None else converter.constant(value)
        if outer in converter.varying:
            converter.varying.add(inner)
    return list(converter.convert_all(graph.outputs))
