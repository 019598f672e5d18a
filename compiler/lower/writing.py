"""Writing parts of containers, for all lanes of a frame at once.

The positions are known (they come from data), so a write that fills the whole container is the written values
themselves, one to a range is that to a slice.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import numpy as np
import pytensor.tensor as pt

from .indexing import Positions, Selector, as_slice, element_numbers, expanded, separable, varying_axes
from .values import DataTable, Numbers, shape_of


def scatter(
    base: Numbers,
    selectors: Sequence[Selector],
    values: Numbers,
    lanes: tuple[int, ...],
    table: DataTable,
    literal: bool = False,
) -> Numbers:
    """`base` with the selected elements replaced by `values` (axes: lanes, then kept; length 1 is broadcast).

    `lanes` has the length of each of the lanes' axes. With `literal`, known values are written into the graph.
    An element that is selected several times is set to the last of its values, as if they came one after the other.
    """
    shape, lane_axes = shape_of(base), len(lanes)
    elements = element_numbers(selectors, shape, lane_axes)
    full = (*np.broadcast_shapes(elements.shape[:lane_axes], lanes), *elements.shape[lane_axes:])
    elements = np.broadcast_to(elements, full)
    if isinstance(base, np.ndarray) and isinstance(values, np.ndarray):
        result = base.astype(np.result_type(base, values), order="C", copy=True)
        result.reshape(-1)[elements] = values  # a view, for the copy is in C order
        return result
    graph: Any = table.constant(values, literal) if isinstance(values, np.ndarray) else values
    if elements.size == 0:
        return base
    if elements.size == int(np.prod(shape)):
        for order in permutations(range(len(full))) if len(full) <= 4 else [tuple(range(len(full)))]:
            moved = elements.transpose(order)
            if np.array_equal(moved.ravel(), np.arange(moved.size)):
                filled = _broadcast(graph, full)
                filled = filled if list(order) == sorted(order) else filled.dimshuffle(*order)
                return _reshape(filled, shape)
    target: Any = table.constant(base, literal=False) if isinstance(base, np.ndarray) else base
    arrays, owned = expanded(selectors, lane_axes)
    axes = varying_axes(arrays, owned)
    if separable(axes):
        runs = [int(a.item()) if not v else as_slice(a.ravel()) for a, v in zip(arrays, axes, strict=True)]
        if all(run is not None for run in runs):
            own = [v[0] for v in axes if v]
            rest = [axis for axis in range(len(full)) if axis not in own]
            part = _broadcast(graph, full).dimshuffle(*rest, *own)
            part = part[(0,) * len(rest)] if rest else part
            return pt.set_subtensor(target[tuple(runs)], part)
    numbers, written = elements.ravel(), _reshape(_broadcast(graph, full), (-1,))
    last = _last_of_each(numbers)
    if len(last) < len(numbers):
        numbers, written = numbers[last], written[table.input(last)]
    flat = pt.set_subtensor(_reshape(target, (-1,))[table.input(numbers)], written)
    return _reshape(flat, shape)


def _last_of_each(numbers: Positions) -> Positions:
    """Where each number stands last, in ascending order."""
    _, from_the_end = np.unique(numbers[::-1], return_index=True)
    return np.sort(len(numbers) - 1 - from_the_end)


def accumulate(
    base: Numbers,
    selectors: Sequence[Selector],
    values: Numbers,
    lanes: tuple[int, ...],
    table: DataTable,
    literal: bool = False,
) -> Numbers:
    """`base` with `values` added at the selected elements; lanes that share an element add up."""
    shape, lane_axes = shape_of(base), len(lanes)
    elements = element_numbers(selectors, shape, lane_axes)
    if isinstance(base, np.ndarray) and isinstance(values, np.ndarray):
        full = (*lanes, *elements.shape[lane_axes:])
        result = base.astype(np.result_type(base, values), order="C", copy=True)
        np.add.at(result.reshape(-1), np.broadcast_to(elements, full).ravel(), np.broadcast_to(values, full).ravel())
        return result
    graph: Any = table.constant(values, literal) if isinstance(values, np.ndarray) else values
    for axis, n in enumerate(lanes):  # lanes that all add to the same place are summed first
        if elements.shape[axis] == 1 and n != 1:
            graph = graph * float(n) if graph.type.shape[axis] == 1 else graph.sum(axis=axis, keepdims=True)
    full = elements.shape
    graph = _broadcast(graph, full)
    target: Any = table.constant(base, literal=False) if isinstance(base, np.ndarray) else base
    if np.array_equal(elements.ravel(), np.arange(int(np.prod(shape)))):
        return target + _reshape(graph, shape)
    flat = pt.inc_subtensor(_reshape(target, (-1,))[table.input(elements.ravel())], _reshape(graph, (-1,)))
    return _reshape(flat, shape)


def _broadcast(graph: Any, shape: tuple[int, ...]) -> Any:
    return graph if tuple(graph.type.shape) == tuple(shape) else pt.broadcast_to(graph, shape)


def _reshape(graph: Any, shape: tuple[int, ...]) -> Any:
    return graph if tuple(graph.type.shape) == tuple(shape) else graph.reshape(shape)
