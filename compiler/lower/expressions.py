"""Expressions to values: what depends on data only is computed at once, the rest becomes a graph."""

from __future__ import annotations

from typing import Any, assert_never

import numpy as np
import pytensor.tensor as pt
from numpy.typing import NDArray

from .. import ir
from ..types import Array, Int, Tuple, Type, array_of, is_complex, is_discrete, parts_of
from . import calls, errors, ragged_locals
from .accesses import Access, Dependent
from .frames import ROOT, Frame, chosen, deepest
from .indexing import PerLane, Selector, Several, Whole, arranged, element_numbers, gather
from .scope import Binding, Ragged, Scope, map_leaves
from .values import AnyValue, TupleValue, Value, axes_of, leaves, only
from .writing import scatter


def lower(e: ir.Expression, scope: Scope) -> AnyValue:
    """The value of an expression in all lanes in force."""
    match e:
        case ir.IntegerLiteral(value):
            return Value(np.asarray(value, dtype=np.int64), e.type, literal=True)
        case ir.RealLiteral(value):
            return Value(np.asarray(value, dtype=np.float64), e.type, literal=True)
        case ir.ImaginaryLiteral(value):
            return Value(np.asarray([0.0, value]), e.type, literal=True)
        case ir.Reference(variable):
            return read(variable, scope)
        case ir.Promote(value):
            return promoted(lower(value, scope), e.type)
        case ir.Conditional():
            return _conditional(e, scope)
        case ir.And(left, right):
            return _short_circuit(left, right, scope, stops_at=False)
        case ir.Or(left, right):
            return _short_circuit(left, right, scope, stops_at=True)
        case ir.LibraryCall():
            return calls.library_call(e, scope)
        case ir.UserCall():
            return calls.user_call(e, scope)
        case ir.Indexed(base, indices):
            return _indexed(base, indices, e, scope)
        case ir.TupleElement(base, number):
            whole = lower(base, scope)
            assert isinstance(whole, TupleValue)
            return whole.elements[number - 1]
        case ir.TargetValue():
            raise Dependent("`target()` is read")
        case ir.ArrayLiteral(elements):
            return _stacked([lower(element, scope) for element in elements], e.type, e, scope)
        case ir.RowVectorLiteral(elements) | ir.MatrixLiteral(elements):
            return _stacked([lower(element, scope) for element in elements], e.type, e, scope)
        case ir.TupleLiteral(elements):
            return TupleValue(tuple(lower(element, scope) for element in elements), e.type)
        case ir.StringLiteral() | ir.FunctionReference():
            raise AssertionError("has no value of its own")
        case _:
            assert_never(e)


# Frames -----------------------------------------------------------------------------------------


def normal(value: Value) -> Value:
    """The same value outside all loops if it is the same in all lanes."""
    lane_axes = len(value.frame.axes)
    if not lane_axes:
        return value
    shape = value.numbers.shape if isinstance(value.numbers, np.ndarray) else value.numbers.type.shape
    if any(n != 1 for n in shape[:lane_axes]):
        return value
    numbers = value.numbers[(0,) * lane_axes]
    return Value(np.asarray(numbers) if value.concrete else numbers, value.type, ROOT, value.literal)


def lifted(value: Value, frame: Frame, scope: Scope) -> Value:
    """The value with the lane axes of `frame`, which lies inside the value's own."""
    if value.frame is frame:
        return value
    core = value.shape
    if value.frame is ROOT:
        numbers = arranged(
            value.numbers, [len(frame.axes) + axis for axis in range(len(core))], len(frame.axes) + len(core)
        )
    else:
        whole = [Whole(n) for n in core]
        numbers = gather(value.numbers, [*lane_selectors(value, frame), *whole], len(frame.axes), scope.table)
    return Value(numbers, value.type, frame, value.literal)


def lane_selectors(value: Value, frame: Frame) -> list[Selector]:
    """Selectors for the lane axes of a value, as seen from a frame inside the value's own."""
    shape = value.numbers.shape if isinstance(value.numbers, np.ndarray) else value.numbers.type.shape
    zero = np.zeros((1,) * len(frame.axes), dtype=np.int64)
    return [
        PerLane(zero if n == 1 else coordinate)
        for n, coordinate in zip(shape, frame.coordinates(value.frame), strict=False)
    ]


def common_frame(values: list[AnyValue]) -> Frame:
    """The innermost frame among those of the values."""
    return deepest([leaf.frame for value in values for leaf in leaves(value)])


# Variables --------------------------------------------------------------------------------------


def read(variable: ir.Variable, scope: Scope) -> AnyValue:
    """The whole value of a variable in the lanes in force: what is made of it may have no derivative in others."""
    binding = scope.bindings[variable]
    if binding.lengths is not None:
        return ragged_locals.read(variable, (), variable.type, scope)
    check_written(variable, binding, scope)
    if scope.loops and isinstance(binding.value, Value):
        selectors = [*home_selectors(binding, scope), *(Whole(n) for n in binding.value.shape)]
        scope.record(Access.READ, variable, selectors, (*binding.home.axes, *binding.value.shape))
    elif any(variable in loop.assigned and not binding.home.inside(loop.frame) for loop in scope.loops):
        raise Dependent("a loop assigns to a tuple declared outside it")
    return map_leaves(binding.value, lambda leaf: _in_force(leaf, scope))


def _in_force(value: Value, scope: Scope) -> Value:
    frame = None if value.frame is ROOT else scope.lanes.narrowing(value.frame)
    return value if frame is None else normal(lifted(value, frame, scope))


def home_selectors(binding: Binding, scope: Scope) -> list[Selector]:
    """Selectors for the axes of a variable's home frame, over the lanes in force."""
    return [PerLane(coordinate) for coordinate in scope.lanes.coordinates(binding.home)]


def check_written(variable: ir.Variable, binding: Binding, scope: Scope, own: list[Selector] | None = None) -> None:
    """What an iteration reads of a variable that each iteration has for itself must be set in that iteration."""
    if binding.written is None:
        return
    home = home_selectors(binding, scope)
    rest = binding.written.shape[len(home) :]
    elements = element_numbers(
        [*home, *(own or (Whole(n) for n in rest))], binding.written.shape, len(scope.lanes.axes)
    )
    if not binding.written.ravel()[elements].all():
        raise Dependent(f"`{variable.name}` may come from an earlier iteration")


def promoted(value: AnyValue, type: Type) -> AnyValue:
    """int -> real -> complex."""
    if isinstance(value, TupleValue):
        return TupleValue(tuple(map(promoted, value.elements, parts_of(type))), type)
    dtype = "int64" if is_discrete(type) else "float64"
    if isinstance(value.numbers, np.ndarray):
        numbers: Any = value.numbers.astype(dtype)
        if is_complex(type) and not is_complex(value.type):
            numbers = np.stack([numbers, np.zeros_like(numbers)], axis=-1)
        return Value(numbers, type, value.frame, value.literal)
    graph = pt.cast(value.numbers, dtype)
    if is_complex(type) and not is_complex(value.type):
        graph = pt.stack([graph, pt.zeros_like(graph)], axis=-1)
    return Value(graph, type, value.frame)


# Integers ---------------------------------------------------------------------------------------


def integers(e: ir.Expression, scope: Scope) -> Value:
    """The value of an expression that must be known now: a size, a bound or an index."""
    value = lower(e, scope)
    if not isinstance(value, Value) or not value.concrete:
        raise Dependent("an integer depends on parameters")
    return value


def one_integer(e: ir.Expression, scope: Scope) -> int:
    """An integer that must be the same in all lanes."""
    return agreed(integers(e, scope))


def agreed(value: Value) -> int:
    """The one integer that all lanes hold; Ragged if they differ."""
    numbers = np.asarray(value.numbers)
    if numbers.size and (numbers == numbers.flat[0]).all():
        return int(numbers.flat[0])
    raise Ragged(value.frame, numbers)


def condition(e: ir.Expression, scope: Scope) -> bool | NDArray[np.bool_] | Any:
    """A test: one bool for all lanes, a mask over the lanes in force, or (when parameters decide) a graph."""
    value = lower(e, scope)
    assert isinstance(value, Value)
    if not value.concrete:
        return lifted(value, scope.lanes, scope).numbers
    numbers = np.asarray(value.numbers)
    if numbers.size and (numbers == numbers.flat[0]).all():
        return bool(numbers.flat[0])
    return np.asarray(lifted(value, scope.lanes, scope).numbers) != 0


# Indexing ---------------------------------------------------------------------------------------


def _indexed(base: ir.Expression, indices: tuple[ir.Index, ...], e: ir.Indexed, scope: Scope) -> AnyValue:
    if isinstance(base, ir.Reference):
        variable = base.variable
        binding = scope.bindings[variable]
        if binding.lengths is not None:
            return ragged_locals.read(variable, indices, e.type, scope)
        if isinstance(binding.value, TupleValue):
            value = read(variable, scope)
        else:
            value = binding.value
            if scope.loops:
                own = selectors(indices, value.shape, variable.name, scope)
                check_written(variable, binding, scope, own)
                shape = (*binding.home.axes, *value.shape)
                scope.record(Access.READ, variable, [*home_selectors(binding, scope), *own], shape)
        name = variable.name
    else:
        value, name = lower(base, scope), base.span.text
    return index_value(value, indices, e.type, name, scope)


def index_value(value: AnyValue, indices: tuple[ir.Index, ...], type: Any, name: str, scope: Scope) -> AnyValue:
    """`value[indices]`."""
    if isinstance(value, TupleValue):
        assert isinstance(value.type, Array)
        inner = type.element if isinstance(type, Array) else type
        dimensions = type.dimensions if isinstance(type, Array) else 0
        assert isinstance(inner, Tuple)
        parts = zip(value.elements, inner.elements, strict=True)
        return TupleValue(tuple(index_value(v, indices, array_of(t, dimensions), name, scope) for v, t in parts), type)
    return select(value, selectors(indices, value.shape, name, scope), type, scope)


def select(value: Value, own: list[Selector], type: Any, scope: Scope) -> Value:
    """The selected part of a value; the selectors are over the lanes in force."""
    lanes = scope.lanes
    numbers = gather(value.numbers, [*lane_selectors(value, lanes), *own], len(lanes.axes), scope.table)
    if value.concrete:
        numbers = np.asarray(numbers)
    return normal(Value(numbers, type, lanes, value.literal))


def selectors(indices: tuple[ir.Index, ...], shape: tuple[int, ...], name: str, scope: Scope) -> list[Selector]:
    """The positions that the indices pick in a container of this shape, over the lanes in force."""
    found = [
        _selector(index, length, position, name, scope)
        for position, (index, length) in enumerate(zip(indices, shape, strict=False))
    ]
    return [*found, *(Whole(n) for n in shape[len(indices) :])]


def _selector(index: ir.Index, length: int, position: int, name: str, scope: Scope) -> Selector:
    match index:
        case ir.All():
            return Whole(length)
        case ir.Single(value):
            return PerLane(_checked(integers(value, scope), index, length, position, name, scope))
        case ir.Multiple(value):
            return Several(_checked(integers(value, scope), index, length, position, name, scope))
        case ir.Between(lower, upper):
            first = integers(lower, scope) if lower else Value(np.asarray(1), Int())
            last = integers(upper, scope) if upper else Value(np.asarray(length), Int())
            start, stop = (np.asarray(lifted(v, scope.lanes, scope).numbers) for v in (first, last))
            counts = np.maximum(stop - start + 1, 0)
            if counts.size and (counts == counts.flat[0]).all():
                count = int(counts.flat[0])
            else:
                raise Ragged(scope.lanes, counts)
            inside = Value(start[..., None] + np.arange(count), Array(Int()), scope.lanes)
            return Several(_checked(inside, index, length, position, name, scope))
        case _:
            assert_never(index)


def _checked(value: Value, index: ir.Index, length: int, position: int, name: str, scope: Scope) -> NDArray[np.int64]:
    """Positions from 0 over the lanes in force, all inside the container."""
    numbers = np.asarray(lifted(value, scope.lanes, scope).numbers)
    outside = (numbers < 1) | (numbers > length)
    if outside.any():
        place = tuple(int(n) for n in np.argwhere(outside)[0])
        element = place[-1] + 1 if isinstance(index, ir.Multiple) else None
        when = _iteration(place[: len(scope.lanes.axes)], numbers.shape, scope)
        raise errors.index_out_of_range(index.span, name, position + 1, int(numbers[place]), length, element, when)
    return numbers - 1


def _iteration(lane: tuple[int, ...], shape: tuple[int, ...], scope: Scope) -> str:
    """The loop variables at a lane, as far as they decide what varies over lanes as `shape` does: `i = 3, j = 1`."""
    found = []
    for variable, binding in scope.bindings.items():
        value = binding.value
        if variable.role is not ir.Role.LOOP or not isinstance(value, Value) or not value.concrete or value.shape:
            continue
        if scope.lanes.inside(value.frame):  # not that of a loop before
            numbers = np.asarray(lifted(value, scope.lanes, scope).numbers)
            if any(n == m == axis for n, m, axis in zip(numbers.shape, shape, scope.lanes.axes, strict=False)):
                at = tuple(k if n > 1 else 0 for k, n in zip(lane, numbers.shape, strict=True))
                found.append(f"{variable.name} = {numbers[at]:g}")
    return ", ".join(found)


# Composition ------------------------------------------------------------------------------------


def _stacked(values: list[AnyValue], type: Type, e: ir.Expression, scope: Scope) -> AnyValue:
    """An array, row vector or matrix from its elements."""
    if not values:  # `[]`
        return Value(np.zeros((0,) * axes_of(type)), type, literal=True)
    if isinstance(values[0], TupleValue):
        parts = zip(*(v.elements for v in values if isinstance(v, TupleValue)), strict=True)
        stacked = (_stacked(list(part), own, e, scope) for part, own in zip(parts, parts_of(type), strict=True))
        return TupleValue(tuple(stacked), type)
    items = [v for v in values if isinstance(v, Value)]
    shapes = {item.shape for item in items}
    if len(shapes) > 1:
        raise errors.ragged_literal(e.span, sorted(shapes))
    frame = common_frame(values)
    items = [lifted(item, frame, scope) for item in items]
    axis = len(frame.axes)
    if all(item.concrete for item in items):
        arrays = np.broadcast_arrays(*(item.known for item in items))
        return Value(np.stack(arrays, axis=axis), type, frame, all(item.literal for item in items))
    tensors = [scope.table.tensor(item) for item in items]
    shape = np.broadcast_shapes(*(tuple(t.type.shape) for t in tensors))
    tensors = [t if tuple(t.type.shape) == shape else pt.broadcast_to(t, shape) for t in tensors]
    return Value(pt.stack(tensors, axis=axis), type, frame)


def _short_circuit(left: ir.Expression, right: ir.Expression, scope: Scope, stops_at: bool) -> Value:
    """`&&` (stops at false) and `||` (stops at true): the right side is looked at only where it counts."""
    first = condition(left, scope)
    if isinstance(first, bool):
        if first is stops_at:
            return Value(np.asarray(int(stops_at)), Int())
        value = lower(right, scope)
        assert isinstance(value, Value)
        numbers = np.asarray(value.numbers != 0, dtype=np.int64) if value.concrete else pt.neq(value.numbers, 0)
        return Value(numbers, Int(), value.frame)
    if not isinstance(first, np.ndarray):
        graph = scope.table.tensor(lifted(only(lower(right, scope)), scope.lanes, scope))
        both = pt.or_ if stops_at else pt.and_
        return normal(Value(both(pt.neq(first, 0), pt.neq(graph, 0)), Int(), scope.lanes))
    lanes, open_lanes = scope.lanes, first != stops_at
    scope.frame = chosen(lanes, open_lanes)
    second = condition(right, scope)
    result = np.full(np.broadcast_shapes(first.shape, (1,) * first.ndim), int(stops_at))
    if not isinstance(second, bool) and not isinstance(second, np.ndarray):
        raise Dependent("a condition depends on data and parameters")
    part = np.asarray(second, dtype=np.int64).reshape(
        (1,) * len(scope.lanes.axes) if isinstance(second, bool) else second.shape
    )
    where = [PerLane(c) for c in scope.lanes.coordinates(lanes)]
    full = np.broadcast_to(result, lanes.axes).copy()
    merged = scatter(full, where, part, scope.lanes.axes, scope.table)
    scope.frame = lanes
    return normal(Value(np.asarray(merged), Int(), lanes))


def _conditional(e: ir.Conditional, scope: Scope) -> AnyValue:
    test = condition(e.test, scope)
    if isinstance(test, bool):
        return lower(e.then if test else e.otherwise, scope)
    if not isinstance(test, np.ndarray):
        raise Dependent("a `?:` depends on parameters")
    lanes = scope.lanes
    parts: list[tuple[Frame, AnyValue]] = []
    for mask, side in ((test, e.then), (~test, e.otherwise)):
        scope.frame = chosen(lanes, mask)
        parts.append((scope.frame, lower(side, scope)))
    scope.frame = lanes
    return merged(parts, e.type, lanes, scope)


def merged(parts: list[tuple[Frame, AnyValue]], type: Any, lanes: Frame, scope: Scope) -> AnyValue:
    """One value over `lanes` from values that each hold in some of them."""
    if len(parts) == 1 and (parts[0][0] is lanes or (isinstance(parts[0][1], Value) and parts[0][1].frame is ROOT)):
        return parts[0][1]
    if isinstance(parts[0][1], TupleValue):
        columns = zip(*(v.elements for _, v in parts if isinstance(v, TupleValue)), strict=True)
        kinds = [element.type for element in parts[0][1].elements]
        merged_columns = (
            merged([(frame, v) for (frame, _), v in zip(parts, column, strict=True)], kind, lanes, scope)
            for column, kind in zip(columns, kinds, strict=True)
        )
        return TupleValue(tuple(merged_columns), type)
    shapes = {v.shape for _, v in parts if isinstance(v, Value)}
    if len(shapes) != 1:
        raise Dependent("the sizes of a value differ between iterations")
    (core,) = shapes
    fill = np.zeros((), dtype=np.int64) if is_discrete(type) else np.asarray(np.nan)
    result: Any = np.broadcast_to(fill, (*lanes.axes, *core))
    for frame, value in parts:
        value = lifted(only(value), frame, scope)
        where: list[Selector] = [PerLane(c) for c in frame.coordinates(lanes)]
        where += [Whole(n) for n in core]
        result = scatter(result, where, value.numbers, frame.axes, scope.table)
    return Value(np.asarray(result) if isinstance(result, np.ndarray) else result, type, lanes)
