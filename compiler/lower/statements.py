"""Statements: each changes the scope. A loop is lowered once for all its iterations (see loops.py).

A statement outside all loops that cannot be expressed so (a recurrence, a branch on parameters, `while`)
becomes one operation with generated code, see generated.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_never

import numpy as np
import pytensor.tensor as pt

from .. import ir
from ..types import Void
from ..walk import mentioned, nodes
from . import calls, densities, errors, expressions, generated, loops, ragged, stages
from .accesses import Dependent
from .assignments import add_to, assign
from .declarations import uninitialised, with_declared_size
from .frames import ROOT, chosen
from .scope import Binding, Check, Ragged, Scope, Term
from .values import AnyValue, TupleValue, Value, leaves


def execute(statement: ir.Statement, scope: Scope) -> None:
    """Lower one statement; nothing happens where no lane reaches it."""
    if scope.frame is None:
        return
    if scope.frame is not ROOT or isinstance(statement, ir.Block):
        execute_as_graph(statement, scope)
        return
    saved = scope.save()
    try:
        execute_as_graph(statement, scope)
    except (Dependent, Ragged) as reason:
        scope.restore(saved)
        parts = stages.split(statement, scope)
        if parts is None:
            generated.run(statement, scope, reason)
            return
        known, core, later = parts
        if known:
            execute(core, scope)  # what it computed from data may be what kept its iterations in order
            return
        generated.run(core, scope, reason)
        for part in later:
            _at_once_or_generated(part, scope)


def _at_once_or_generated(statement: ir.Statement, scope: Scope) -> None:
    saved = scope.save()
    try:
        execute_as_graph(statement, scope)
    except (Dependent, Ragged) as reason:
        scope.restore(saved)
        generated.run(statement, scope, reason)


def execute_all(statements: Sequence[ir.Statement], scope: Scope) -> None:
    """Lower statements in order."""
    for number, statement in enumerate(statements):
        try:
            execute(statement, scope)
        except generated.UnknownSize as reason:
            generated.run(ir.Block(tuple(statements[number:]), span=statement.span), scope, reason)
            return


def execute_as_graph(statement: ir.Statement, scope: Scope) -> None:
    """Lower a statement to the graph. Raises Dependent or Ragged where it must be generated code."""
    saved = scope.save() if ragged.may_be(statement, scope) else None
    try:
        _execute_at_once(statement, scope)
    except Ragged as reason:
        if saved is None:
            raise
        scope.restore(saved)
        ragged.statement(statement, scope, reason)


def _execute_at_once(statement: ir.Statement, scope: Scope) -> None:
    match statement:
        case ir.Declare(variable, sized, initial):
            if initial is None:
                value = uninitialised(variable.name, sized, scope)
            else:
                if variable in mentioned(initial):  # `real x = x;`
                    empty = uninitialised(variable.name, sized, scope)
                    scope.bindings[variable] = Binding(empty, scope.lanes)
                value = with_declared_size(variable.name, sized, expressions.lower(initial, scope), initial, scope)
            scope.bindings[variable] = Binding(value, scope.lanes)
        case ir.Assign(place, value):
            _assign(place, value, scope)
        case ir.Unpack(places, value):
            whole = expressions.lower(value, scope)
            _unpack(places, whole, statement, scope)
        case ir.Tilde():
            densities.tilde(statement, scope)
        case ir.TargetIncrement(value):
            increment(_summand(value, scope), statement, "target", scope)
        case ir.JacobianIncrement(value):
            increment(_summand(value, scope), statement, "jacobian", scope)
        case ir.CallStatement(call):
            if isinstance(call, ir.UserCall):
                calls.user_call(call, scope)
            else:
                raise Dependent(f"`{call.name}` runs as generated code")
        case ir.If():
            _if(statement, scope)
        case ir.For():
            loops.count(statement, scope)
        case ir.ForEach():
            loops.each(statement, scope)
        case ir.While():
            raise Dependent("`while` decides its end as it runs")
        case ir.Break():
            raise Dependent("`break` makes later iterations depend on earlier ones")
        case ir.Continue():
            scope.frame = None
        case ir.Return(value):
            _return(value, scope)
        case ir.Block(body):
            execute_all(body, scope)
        case ir.Print():
            if scope.emit is not None:
                raise Dependent("`print` runs as generated code")
        case ir.Reject(arguments) | ir.FatalError(arguments):
            raise errors.rejected(statement.span, _message(arguments, scope))
        case ir.Profile(_, body):
            execute_all(body.statements, scope)
        case _:
            assert_never(statement)


def _summand(value: ir.Expression, scope: Scope) -> AnyValue:
    return calls.library_call(value, scope, True) if ragged.is_one_number(value) else expressions.lower(value, scope)


def increment(value: AnyValue, statement: ir.Node, kind: str, scope: Scope) -> None:
    """Add the elements of a value to the log density, once per lane in force."""
    for leaf in leaves(value):
        scope.terms.append(Term(leaf, scope.lanes, statement.span, kind))


def _return(value: ir.Expression | None, scope: Scope) -> None:
    if len(scope.loops) > scope.entered_loops:
        raise Dependent("`return` inside a loop ends it early")
    result = expressions.lower(value, scope) if value is not None else TupleValue((), Void())
    scope.returned.append((scope.lanes, result))
    scope.frame = None


def _if(statement: ir.If, scope: Scope) -> None:
    test = expressions.condition(statement.test, scope)
    if isinstance(test, bool):
        side = statement.then if test else statement.otherwise
        if side is not None:
            execute(side, scope)
        return
    if not isinstance(test, np.ndarray):
        _if_parameters(statement, test, scope)
        return
    lanes = scope.lanes
    ends = []
    for mask, side in ((test, statement.then), (~test, statement.otherwise)):
        scope.frame = chosen(lanes, mask)
        before = scope.frame
        if side is not None:
            execute_as_graph(side, scope)
        ends.append((before, scope.frame))
    (_, then_end), (_, otherwise_end) = ends
    if all(before is end for before, end in ends):
        scope.frame = lanes
    elif then_end is None or otherwise_end is None:
        scope.frame = otherwise_end if then_end is None else then_end
    else:
        raise Dependent("some iterations leave early on both sides of a branch")


def _if_parameters(statement: ir.If, test: Any, scope: Scope) -> None:
    """A branch decided by parameters: only rejections can be expressed without generated code."""
    sides = [side for side in (statement.then, statement.otherwise) if side is not None]
    harmless = all(
        isinstance(node, ir.Reject | ir.FatalError | ir.Print | ir.Block | ir.Typed)
        for side in sides
        for node in nodes(side)
    )
    if not harmless:
        raise Dependent("a branch depends on parameters")
    for side, wanted in zip((statement.then, statement.otherwise), (False, True), strict=True):
        rejecting = [n for n in nodes(side) if isinstance(n, ir.Reject | ir.FatalError)] if side is not None else []
        if rejecting:
            holds = pt.all(pt.neq(test, 0) if wanted else pt.eq(test, 0))
            scope.checks.append(Check(holds, rejecting[0].span, _message(rejecting[0].arguments, scope)))


def _message(arguments: tuple[ir.Expression, ...], scope: Scope) -> str:
    """The text of a reject statement, as far as it is known without running it; in a loop, in the first iteration
    that gets there."""
    return "".join(_printed(argument, scope) for argument in arguments)


def _printed(argument: ir.Expression, scope: Scope) -> str:
    if isinstance(argument, ir.StringLiteral):
        return argument.value
    unknown = f"{{{argument.span.text}}}"
    try:
        value = expressions.lower(argument, scope)
    except (Dependent, Ragged):
        return unknown
    if not (isinstance(value, Value) and value.concrete):
        return unknown
    per_lane = expressions.lifted(value, scope.lanes, scope).known
    first = per_lane[(0,) * len(scope.lanes.axes)]
    return np.array2string(np.asarray(first), separator=",", threshold=20, precision=6)


# Assignment -------------------------------------------------------------------------------------


def _assign(place: ir.Place, value: ir.Expression, scope: Scope) -> None:
    increment_by = _increment(place, value) if scope.loops else None
    if increment_by is not None:
        operator, amount = increment_by
        added = expressions.lower(amount, scope)
        if isinstance(added, Value) and add_to(place, added, operator, scope):
            return
    assign(place, expressions.lower(value, scope), value, scope)


def _increment(place: ir.Place, value: ir.Expression) -> tuple[str, ir.Expression] | None:
    """The amount e when the statement says x = x + e, x = e + x or x = x - e, and e does not read x."""
    if not isinstance(value, ir.LibraryCall) or value.name not in ("add", "subtract"):
        return None
    left, right = value.arguments
    if _is_place(left, place):
        amount = right
    elif value.name == "add" and _is_place(right, place):
        amount = left
    else:
        return None
    return None if place.variable in mentioned(amount) else (value.name, amount)


def _is_place(e: ir.Expression, place: ir.Place) -> bool:
    match e:
        case ir.Reference(variable):
            return variable is place.variable and not place.path
        case ir.Indexed(ir.Reference(variable), indices):
            return variable is place.variable and place.path == (indices,)
        case _:
            return False


def _unpack(places: Any, value: AnyValue, statement: ir.Unpack, scope: Scope) -> None:
    assert isinstance(value, TupleValue)
    for target, part in zip(places, value.elements, strict=True):
        if isinstance(target, tuple):
            _unpack(target, part, statement, scope)
        else:
            assign(target, part, statement.value, scope)
