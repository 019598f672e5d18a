"""Loops with independent iterations: the body is lowered once, with the loop variable standing for its whole range."""

from __future__ import annotations

import numpy as np

from .. import ir
from ..types import Array, ComplexMatrix, Int, Matrix, Type, element_of
from ..walk import assigned
from . import expressions, in_turn, statements
from .accesses import Dependent
from .assignments import leave, own_copies
from .frames import ROOT, Frame, Lanes, chosen, loop_frame
from .indexing import PerLane, Selector, Whole
from .scope import Binding, Loop, Ragged, Scope
from .values import AnyValue, TupleValue, Value

MOST_PARTS = 64  # a loop whose iterations differ in sizes is lowered once per size, up to so many


def count(statement: ir.For, scope: Scope) -> None:
    """`for (i in lower:upper)`."""
    lower = expressions.lifted(expressions.integers(statement.lower, scope), scope.lanes, scope)
    upper = expressions.lifted(expressions.integers(statement.upper, scope), scope.lanes, scope)
    first, last = np.asarray(lower.numbers), np.asarray(upper.numbers)
    frame, values = loop_frame(scope.lanes, first, last)
    around = tuple(scope.loops)
    saved = scope.save(accesses=True) if in_turn.is_short(statement, first, last, scope) else None
    try:
        run(statement.body, frame, {statement.variable: Value(values, Int(), frame)}, scope)
    except Dependent as conflict:
        if saved is None or any(conflict.loop is loop for loop in around):
            raise
        scope.restore(saved)
        in_turn.run(statement, first, last, scope)


def each(statement: ir.ForEach, scope: Scope) -> None:
    """`for (x in container)`: arrays by their first dimension, vectors by element, matrices row by row."""
    if isinstance(statement.container, ir.Reference) and statement.container.variable in assigned(statement.body):
        raise Dependent("the loop changes what it goes through")
    container = expressions.lower(statement.container, scope)
    kind = statement.container.type
    value: AnyValue | None = None
    first = container
    while isinstance(first, TupleValue):
        first = first.elements[0]
    length = int(np.prod(first.shape)) if isinstance(kind, Matrix | ComplexMatrix) else first.shape[0]
    one = np.ones((1,) * len(scope.lanes.axes), dtype=np.int64)
    frame, numbers = loop_frame(scope.lanes, one, one * length)
    before, scope.frame = scope.frame, frame
    positions = numbers - 1
    if isinstance(kind, Matrix | ComplexMatrix):
        assert isinstance(container, Value)
        columns = container.shape[1]
        own: list[Selector] = [PerLane(positions // columns), PerLane(positions % columns)]
        value = expressions.select(container, own, statement.variable.type, scope) if length else None
    elif length:
        value = _element(container, positions, statement.variable.type, scope)
    scope.frame = before
    if value is not None:
        run(statement.body, frame, {statement.variable: value}, scope)


def _element(container: AnyValue, positions: Lanes, type: Type, scope: Scope) -> AnyValue:
    if isinstance(container, TupleValue):
        assert isinstance(container.type, Array)
        element = element_of(container.type)
        parts = []
        for leaf in container.elements:
            leaf_type = leaf.type
            inner = element_of(leaf_type) if isinstance(leaf_type, Array) else leaf_type
            parts.append(_element(leaf, positions, inner, scope))
        return TupleValue(tuple(parts), element)
    own: list[Selector] = [PerLane(positions), *(Whole(n) for n in container.shape[1:])]
    return expressions.select(container, own, type, scope)


def run(body: ir.Statement, frame: Frame, variables: dict[ir.Variable, AnyValue], scope: Scope) -> None:
    """Lower the body for all lanes of `frame`."""
    if frame.size == 0:
        return
    lanes = scope.lanes
    saved = scope.save()
    copies: list[ir.Variable] = []
    while True:
        loop = Loop(frame, body, assigned(body))
        scope.loops.append(loop)
        for variable, value in variables.items():
            scope.bindings[variable] = Binding(value, frame)
        for variable in copies:
            own_copies(variable, loop, scope)
        try:
            _in_parts(body, loop, frame, scope, MOST_PARTS)
            break
        except Dependent as conflict:
            if conflict.loop is not loop or conflict.variable is None or conflict.variable in copies:
                raise
            copies.append(conflict.variable)  # iterations that set all they use may each have a copy
            scope.restore(saved)
    scope.loops.pop()
    leave(loop, scope)
    scope.frame = lanes


def _in_parts(body: ir.Statement, loop: Loop, frame: Frame, scope: Scope, most: int) -> None:
    """Lower the body for the lanes of `frame`; where sizes differ between lanes, once per size."""
    saved = scope.save()
    logs, outer = loop.records()
    scope.frame = frame
    try:
        statements.execute_as_graph(body, scope)
        return
    except Ragged as ragged:
        if not ragged.frame.inside(frame) or ragged.frame is ROOT:
            raise
        sizes = _per_lane(ragged, frame)
    scope.restore(saved)
    loop.logs, loop.outer = logs, outer
    kinds = np.unique(sizes)
    if len(kinds) > most or len(kinds) < 2:
        raise Dependent("sizes differ between iterations in many ways")
    copies, scope.copies = scope.copies, scope.copies * len(kinds)
    for kind in kinds:
        _in_parts(body, loop, chosen(frame, sizes == kind), scope, most // len(kinds) + 1)
    scope.copies = copies


def _per_lane(ragged: Ragged, frame: Frame) -> Lanes:
    """The sizes per lane of `frame`; lanes that the sizes were not asked for get -1."""
    found = np.full(frame.size, -1, dtype=np.int64)
    lanes = np.broadcast_to(ragged.frame.lane_numbers(frame), ragged.frame.axes).ravel()
    sizes = np.broadcast_to(ragged.sizes, ragged.frame.axes).ravel()
    found[lanes] = sizes
    if not np.array_equal(found[lanes], sizes):
        raise Dependent("sizes differ inside an iteration")
    return found.reshape(frame.axes)
