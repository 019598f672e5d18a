"""Assignment: to whole variables and to parts, in all lanes at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor.tensor as pt

from .. import ir
from ..synthetic import reference
from ..types import is_complex, is_discrete
from . import errors, expressions, ragged_locals
from .accesses import Access, Dependent
from .frames import Frame, listed
from .indexing import PerLane, Selector, Whole, element_numbers, gather
from .scope import LARGEST_LOG, Binding, Loop, Ragged, Scope, map_leaves
from .values import AnyValue, TupleValue, Value, shape_of
from .writing import accumulate, scatter


def assign(place: ir.Place, value: AnyValue, source: ir.Expression, scope: Scope) -> None:
    """`place = value` in the lanes in force."""
    variable = place.variable
    binding = scope.bindings[variable]
    if place.path:
        _assign_part(place, value, source, scope)
    elif binding.lengths is not None:
        raise Ragged(binding.home, binding.lengths)
    elif binding.home is scope.lanes:
        _check_size(variable.name, binding.value, value, source)
        scope.bindings[variable] = Binding(value, binding.home)
    elif any(not binding.home.inside(loop.frame) for loop in scope.loops):
        _assign_per_iteration(variable, binding, value, source, scope)
    else:
        _check_size(variable.name, binding.value, value, source)
        new = _in_lanes(binding.value, binding.home, value, scope)
        written = _marked(binding.written, scope.lanes, binding.home)
        scope.bindings[variable] = Binding(new, binding.home, written)


def _marked(written: Any, lanes: Frame, home: Frame) -> Any:
    """The mask with all elements of the lanes in force set."""
    if written is not None:
        written = written.copy()
        written[lanes.coordinates(home)] = True
    return written


def own_copies(variable: ir.Variable, loop: Loop, scope: Scope) -> None:
    """Give each iteration of a loop its own copy of a container declared outside, with nothing in it yet."""
    outer = scope.bindings[variable]
    if (
        not isinstance(outer.value, Value)
        or outer.lengths is not None
        or loop.frame.size * max(1, int(np.prod(outer.value.shape))) > LARGEST_LOG
    ):
        raise Dependent(f"`{variable.name}` is written by several iterations")
    shape = (*loop.frame.axes, *outer.value.shape)
    fill = np.zeros((), dtype=np.int64) if is_discrete(outer.value.type) else np.asarray(np.nan)
    value = Value(np.broadcast_to(fill, shape), outer.value.type, loop.frame)
    loop.outer[variable] = outer
    scope.bindings[variable] = Binding(value, loop.frame, np.zeros(shape, dtype=bool))


def _check_size(name: str, old: AnyValue, new: AnyValue, source: ir.Expression) -> None:
    if isinstance(old, Value) and isinstance(new, Value) and old.shape != new.shape:
        raise errors.size_mismatch(source.span, name, old.shape, new.shape)
    if isinstance(old, TupleValue) and isinstance(new, TupleValue):
        for one, other in zip(old.elements, new.elements, strict=True):
            _check_size(name, one, other, source)


def _assign_per_iteration(
    variable: ir.Variable, binding: Binding, value: AnyValue, source: ir.Expression, scope: Scope
) -> None:
    """A variable declared outside a loop, set as a whole inside: each iteration gets its own.

    That is right as long as no iteration reads it before setting it, which `check_written` and the
    loop's log watch over. After the loop it holds what the last iteration left.
    """
    loop = scope.loops[-1]
    log = loop.logs.get(variable)
    if log is not None and log.touched:
        raise Dependent(f"`{variable.name}` carries a value from one iteration to the next")
    _check_size(variable.name, binding.value, value, source)
    loop.outer.setdefault(variable, binding)
    if scope.lanes is loop.frame:
        scope.bindings[variable] = Binding(value, loop.frame)
        return
    own = binding.value.shape if isinstance(binding.value, Value) else ()
    written = _marked(np.zeros((*loop.frame.axes, *own), dtype=bool), scope.lanes, loop.frame)
    new = _in_lanes(binding.value, loop.frame, value, scope)
    scope.bindings[variable] = Binding(new, loop.frame, written)


def _in_lanes(old: AnyValue, home: Frame, new: AnyValue, scope: Scope) -> AnyValue:
    """`old` over the lanes of `home`, with `new` in the lanes in force."""
    if isinstance(old, TupleValue):
        assert isinstance(new, TupleValue)
        pairs = zip(old.elements, new.elements, strict=True)
        return TupleValue(tuple(_in_lanes(o, home, n, scope) for o, n in pairs), old.type)
    assert isinstance(new, Value)
    lanes = scope.lanes
    where: list[Selector] = [*(PerLane(c) for c in lanes.coordinates(home)), *(Whole(n) for n in old.shape)]
    values = expressions.lifted(new, lanes, scope)
    base = full(old, home, scope)
    numbers = scatter(base, where, values.numbers, lanes.axes, scope.table, values.literal)
    return Value(numbers, old.type, home)


def full(value: Value, home: Frame, scope: Scope) -> Any:
    """The numbers of a value with all lanes of `home` spelled out."""
    value = expressions.lifted(value, home, scope)
    shape = (*home.axes, *value.shape)
    if isinstance(value.numbers, np.ndarray):
        return np.broadcast_to(value.numbers, shape)
    return value.numbers if tuple(value.numbers.type.shape) == shape else pt.broadcast_to(value.numbers, shape)


# Parts ------------------------------------------------------------------------------------------


def _assign_part(place: ir.Place, value: AnyValue, source: ir.Expression, scope: Scope) -> None:
    variable = place.variable
    binding = scope.bindings[variable]
    written = binding.written
    if isinstance(binding.value, TupleValue):
        expressions.check_written(variable, binding, scope)
    if isinstance(binding.value, TupleValue) and any(
        variable in loop.assigned and not binding.home.inside(loop.frame) for loop in scope.loops
    ):
        raise Dependent("a loop assigns to a tuple declared outside it")

    mask = np.zeros(0, dtype=bool) if written is None else written.copy().ravel()

    def write(leaf: Value, new: Value, indices: tuple[ir.Index, ...]) -> Value:
        where = _where(leaf, binding, indices, variable.name, scope)
        _check_part(variable.name, where[len(binding.stored.axes) :], new, source)
        shape = (*binding.stored.axes, *leaf.shape)
        if not isinstance(binding.value, TupleValue):
            scope.record(Access.WRITE, variable, where, shape)
            if written is not None:
                mask[element_numbers(where, shape, len(scope.lanes.axes))] = True
        lanes = scope.lanes
        new = expressions.lifted(new, lanes, scope)
        base = full(leaf, binding.stored, scope)
        numbers = scatter(base, where, new.numbers, lanes.axes, scope.table, new.literal)
        literal = leaf.literal and new.literal
        return expressions.normal(Value(numbers, leaf.type, binding.stored, literal))

    scope.bindings[variable] = Binding(
        _replaced(binding.value, place.path, value, (), write),
        binding.home,
        mask.reshape(written.shape) if written is not None else None,
        binding.lengths,
    )


def _where(leaf: Value, binding: Binding, indices: tuple[ir.Index, ...], name: str, scope: Scope) -> list[Selector]:
    if binding.lengths is not None:
        return ragged_locals.selectors(binding, indices, name, scope)
    own = expressions.selectors(indices, leaf.shape, name, scope)
    return [*expressions.home_selectors(binding, scope), *own]


def _replaced(old: AnyValue, path: Any, new: AnyValue, indices: tuple[ir.Index, ...], write: Any) -> AnyValue:
    """`old` with the part at `path` replaced; indices before a tuple element apply to the arrays inside."""
    if path and isinstance(path[0], int):
        assert isinstance(old, TupleValue)
        number = path[0]
        elements = list(old.elements)
        elements[number - 1] = _replaced(elements[number - 1], path[1:], new, indices, write)
        return TupleValue(tuple(elements), old.type)
    if path:
        return _replaced(old, path[1:], new, (*indices, *path[0]), write)
    if isinstance(old, TupleValue):
        assert isinstance(new, TupleValue)
        pairs = zip(old.elements, new.elements, strict=True)
        return TupleValue(tuple(_replaced(o, (), n, indices, write) for o, n in pairs), old.type)
    return write(old, new, indices)


def _check_part(name: str, own: list[Selector], value: Value, source: ir.Expression) -> None:
    shape = tuple(
        s.length if isinstance(s, Whole) else s.positions.shape[-1] for s in own if not isinstance(s, PerLane)
    )
    if shape != value.shape:
        raise errors.size_mismatch(source.span, name, shape, value.shape)


def add_to(place: ir.Place, amount: Value, operator: str, scope: Scope) -> bool:
    """`place += amount` (or -=) where several iterations may add to one element; False if that is not the case."""
    variable = place.variable
    binding = scope.bindings[variable]
    shared = [loop for loop in scope.loops if not binding.home.inside(loop.frame)]
    if not shared or not isinstance(binding.value, Value):
        return False
    if is_complex(binding.value.type) != is_complex(amount.type):
        return False  # a real amount concerns the real parts only
    leaf = binding.value
    indices = tuple(index for step in place.path if not isinstance(step, int) for index in step)
    where = _where(leaf, binding, indices, variable.name, scope)
    own = where[len(binding.stored.axes) :]
    expressions.check_written(variable, binding, scope, own)
    scope.record(Access.ADD, variable, where, (*binding.stored.axes, *leaf.shape))
    core = tuple(s.length if isinstance(s, Whole) else s.positions.shape[-1] for s in own if not isinstance(s, PerLane))
    lanes = scope.lanes
    amount = expressions.lifted(amount, lanes, scope)
    if amount.shape != core:
        if amount.shape:
            return False
        amount = _spread(amount, core, lanes, scope)
    numbers = amount.numbers
    if operator == "subtract":
        numbers = np.negative(numbers) if isinstance(numbers, np.ndarray) else -numbers
    base = full(leaf, binding.stored, scope)
    added = accumulate(base, where, numbers, lanes.axes, scope.table, amount.literal)
    if isinstance(added, np.ndarray) and is_discrete(leaf.type):
        added = added.astype(np.int64)
    value = expressions.normal(Value(added, leaf.type, binding.stored))
    scope.bindings[variable] = Binding(value, binding.home, binding.written, binding.lengths)
    return True


def _spread(amount: Value, core: tuple[int, ...], lanes: Frame, scope: Scope) -> Value:
    """A number added to each element of a container."""
    shape = (*(1,) * len(lanes.axes), *core)
    expanded = amount.numbers[(..., *(None,) * len(core))]
    if isinstance(expanded, np.ndarray):
        return Value(expanded + np.zeros(shape, dtype=expanded.dtype), amount.type, lanes, amount.literal)
    return Value(expanded + pt.zeros(shape), amount.type, lanes)


# The end of a loop ------------------------------------------------------------------------------


def leave(loop: Loop, scope: Scope) -> None:
    """After a loop, variables that each iteration had for itself hold what the last iteration left."""
    for variable, outer in loop.outer.items():
        inner = scope.bindings[variable]
        mask = inner.written if inner.written is not None else np.ones(loop.frame.axes, dtype=bool)
        mask = mask.reshape((*loop.frame.axes, -1)) if mask.size else np.ones((*loop.frame.axes, 1), dtype=bool)
        written = mask.any(axis=-1)
        if not np.array_equal(written, mask.all(axis=-1)):
            raise Dependent(f"`{variable.name}` is set in part by one iteration and in part by another")
        parent = loop.frame.parent
        assert parent is not None
        lanes = np.flatnonzero(written)
        parents = np.broadcast_to(loop.frame.lane_numbers(parent), loop.frame.axes).ravel()[lanes]
        reached, last = np.unique(parents[::-1], return_index=True)
        last = lanes[::-1][last]
        scope.bindings[variable] = outer
        if len(reached) == 0:
            continue
        coordinates = np.unravel_index(last, loop.frame.axes)
        everyone = len(reached) == parent.size
        frame = parent if everyone else listed(parent, reached)
        shape = frame.axes

        def pick(leaf: Value, coordinates: Any = coordinates, frame: Frame = frame, shape: Any = shape) -> Value:
            if leaf.frame is not loop.frame:
                return leaf
            lane_part = [
                PerLane(np.zeros((1,) * len(shape), dtype=np.int64) if n == 1 else c.reshape(shape))
                for n, c in zip(shape_of(leaf.numbers), coordinates, strict=False)
            ]
            picked = gather(leaf.numbers, [*lane_part, *(Whole(n) for n in leaf.shape)], len(shape), scope.table)
            return Value(np.asarray(picked) if leaf.concrete else picked, leaf.type, frame)

        value = map_leaves(inner.value, pick)
        before, scope.frame = scope.frame, frame
        place = ir.Place(variable, (), variable.type, span=variable.span)
        assign(place, value, reference(variable, variable.span), scope)
        scope.frame = before
