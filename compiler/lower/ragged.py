"""Statements about vectors whose lengths differ between iterations, as loops over the elements of the vectors.

    y[s[i]:e[i]] ~ normal(a[i] + b[i] * x[s[i]:e[i]], sigma);

is, once for all lengths and all iterations,

    for (k in 1:e[i] - s[i] + 1) y[s[i] + k - 1] ~ normal(a[i] + b[i] * x[s[i] + k - 1], sigma);

Likewise the sum of such a vector, or of a density's terms. What is none of elements is lowered once per length, where
there are not too many (see loops.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeGuard

import numpy as np

from .. import ir
from ..library import registry
from ..library.definitions import Distribution
from ..library.densities import parameters_of
from ..library.expand import DistributionFunction, implementation, signatures_of
from ..rewrite.pipeline import is_off
from ..synthetic import reference
from ..types import Int, core_dimensions, is_complex, is_discrete
from ..walk import mentioned, reachable
from . import expressions, loops, ragged_locals, statements
from .accesses import Dependent
from .assignments import full
from .frames import Frame, loop_frame
from .indexing import PerLane
from .ragged_elements import Elements, NoElement
from .scope import Binding, LoweringError, Ragged, Scope
from .values import Value
from .writing import accumulate

_SIZES = frozenset({"size", "num_elements"})
_SUMS = frozenset({"sum", "dot_self", "dot_product"})
_DENSITIES = ("_lpdf", "_lpmf", "_lcdf", "_lccdf")

LONG = 200  # elements that are faster contiguous, with the numbers of their iteration as numbers, than picked for each
MOST_NODES = 700  # of the typed program, over all lengths, that are lowered for that: it takes some 2 s to compile


def may_be(statement: ir.Statement, scope: Scope) -> bool:
    """Whether a statement may be about elements."""
    return bool(scope.loops) and isinstance(
        statement, ir.Declare | ir.Tilde | ir.TargetIncrement | ir.JacobianIncrement | ir.Assign
    )


def statement(whole: ir.Statement, scope: Scope, reason: Ragged) -> None:
    """Lower a statement that cannot be lowered for all lanes in force at once; raises the reason if it fails."""

    def run(elements: Elements) -> None:
        if isinstance(whole, ir.Declare):
            _declare(whole, elements, scope)
            return
        _run(_element(whole, elements), elements, scope)

    _attempt(run, whole, scope, reason)


def bound(e: ir.Expression, scope: Scope) -> Binding:
    """What a variable holds to which an expression is given, which may be a vector of different lengths."""
    saved = scope.save()
    try:
        return Binding(expressions.lower(e, scope), scope.lanes)
    except Ragged as reason:
        if not scope.loops or not ragged_locals.has_one_axis(e.type):
            raise
        scope.restore(saved)
        return _attempt(lambda elements: _set(e, elements.of(e), elements, scope), e, scope, reason)


def is_one_number(e: ir.Expression) -> TypeGuard[ir.LibraryCall]:
    """Whether a call may be the number of its argument's elements, or a sum of what depends on them."""
    return isinstance(e, ir.LibraryCall) and (e.name in _SUMS or e.name in _SIZES or e.name.endswith(_DENSITIES))


def one_number(e: ir.LibraryCall, scope: Scope, reason: Ragged) -> Value:
    """The value of such a call per lane; raises the reason where it cannot be told by element."""
    return _attempt(lambda elements: (_size if e.name in _SIZES else _total)(e, elements, scope), e, scope, reason)


def _size(e: ir.LibraryCall, elements: Elements, scope: Scope) -> Value:
    (argument,) = e.arguments
    if core_dimensions(argument.type) != 1:
        raise NoElement
    elements.of(argument)
    assert elements.lengths is not None
    return Value(elements.lengths, Int(), scope.lanes)


def _total(e: ir.LibraryCall, elements: Elements, scope: Scope) -> Value:
    if is_complex(e.type):
        raise NoElement
    term, lanes = _term(e, elements), scope.lanes
    frame, values = _frame(elements)
    scope.frame = frame
    scope.bindings[elements.position] = Binding(Value(values, Int(), frame), frame)
    value = expressions.lower(term, scope)
    assert isinstance(value, Value)
    numbers = full(value, frame, scope)
    scope.frame = lanes
    where = [PerLane(coordinate) for coordinate in frame.coordinates(lanes)]
    nothing = np.zeros(lanes.axes, dtype=np.int64 if is_discrete(e.type) else np.float64)
    return expressions.normal(Value(accumulate(nothing, where, numbers, frame.axes, scope.table), e.type, lanes))


def _set(e: ir.Expression, element: ir.Expression, elements: Elements, scope: Scope) -> Binding:
    """What a variable holds after each of its elements was set."""
    assert elements.lengths is not None
    variable = ir.Variable("given", e.type, ir.Role.LOCAL, e.level, e.span)
    scope.bindings[variable] = ragged_locals.declared(e.type, elements.lengths, scope)
    at = (ir.Single(reference(elements.position, e.span), span=e.span),)
    _run(ir.Assign(ir.Place(variable, (at,), element.type, span=e.span), element, span=e.span), elements, scope)
    return scope.bindings.pop(variable)


def _attempt[Result](run: Callable[[Elements], Result], whole: ir.Node, scope: Scope, reason: Ragged) -> Result:
    if is_off("ragged") or not scope.loops or _runs_faster_in_parts(reason, scope):
        raise reason
    saved = scope.save(accesses=True)
    try:
        return run(Elements(scope, whole))
    except (NoElement, Dependent, Ragged, LoweringError):  # lowered once per length, mistakes are described as they are
        scope.restore(saved)
        raise reason from None


def _runs_faster_in_parts(reason: Ragged, scope: Scope) -> bool:
    """Whether to lower the loop's body once per length: those are few, and there are many elements of each."""
    lengths = len(np.unique(reason.sizes))
    nodes = sum(1 for _ in reachable(scope.loops[-1].body))
    return int(np.sum(reason.sizes)) >= LONG * lengths and scope.copies * lengths * nodes <= MOST_NODES


def _run(part: ir.Statement, elements: Elements, scope: Scope) -> None:
    frame, values = _frame(elements)
    loops.run(part, frame, {elements.position: Value(values, Int(), frame)}, scope)


def _frame(elements: Elements) -> tuple[Frame, np.ndarray]:
    """The iterations over positions inside the lanes in force, and the position in each."""
    if elements.lengths is None:
        raise NoElement
    return loop_frame(elements.lanes, np.ones_like(elements.lengths), elements.lengths)


def _declare(whole: ir.Declare, elements: Elements, scope: Scope) -> None:
    """Declare a variable whose size differs."""
    variable, sized, initial = whole.variable, whole.sized, whole.initial
    if not isinstance(sized, ir.Sized) or not ragged_locals.has_one_axis(variable.type):
        raise NoElement
    if initial is not None and variable in mentioned(initial):
        raise NoElement
    (size,) = (*sized.array_sizes, *sized.inner_sizes)
    lengths = np.broadcast_to(elements.count(size), scope.lanes.axes)
    scope.bindings[variable] = ragged_locals.declared(variable.type, lengths, scope)
    if initial is not None:
        place = ir.Place(variable, (), variable.type, span=whole.span)
        statements.execute_as_graph(ir.Assign(place, initial, span=whole.span), scope)


# What a statement says of elements --------------------------------------------------------------


def _element(whole: ir.Statement, elements: Elements) -> ir.Statement:
    match whole:
        case ir.Tilde(outcome, name, arguments, truncation, None):
            if name not in registry.distributions():
                raise NoElement
            first, *others = _arguments(registry.distributions()[name], (outcome, *arguments), elements)
            bounds = _bounds(truncation, elements)
            return replace(whole, outcome=first, arguments=tuple(others), truncation=bounds)
        case ir.TargetIncrement(value) | ir.JacobianIncrement(value):
            term = elements.of(value) if core_dimensions(value.type) == 1 else _term(value, elements)
            return replace(whole, value=term)
        case ir.Assign(place, value):
            return replace(whole, place=elements.place(place), value=elements.of(value))
        case _:
            raise NoElement


def _bounds(truncation: ir.Truncation | None, elements: Elements) -> ir.Truncation | None:
    if truncation is None:
        return None
    lower, upper = (bound and elements.before(bound) for bound in (truncation.lower, truncation.upper))
    return replace(truncation, lower=lower, upper=upper)


def _term(e: ir.Expression, elements: Elements) -> ir.Expression:
    """What a number is the sum of, over the elements."""
    match e:
        case ir.LibraryCall("sum", (vector,)) if core_dimensions(vector.type) == 1:
            return elements.of(vector)
        case ir.LibraryCall("dot_self", (vector,)):
            part = elements.of(vector)
            return replace(e, name="multiply", arguments=(part, part))
        case ir.LibraryCall("dot_product", (one, other)):
            return replace(e, name="multiply", arguments=(elements.of(one), elements.of(other)))
        case ir.LibraryCall(name, arguments) if name.endswith(_DENSITIES) and signatures_of(name):
            found = implementation(name, tuple(argument.type for argument in arguments))
            if not isinstance(found, DistributionFunction):
                raise NoElement
            return replace(e, arguments=_arguments(found.distribution, arguments, elements))
        case _:
            raise NoElement


def _arguments(
    distribution: Distribution, arguments: tuple[ir.Expression, ...], elements: Elements
) -> tuple[ir.Expression, ...]:
    """What a distribution is given for one outcome: elements of containers over which the call is vectorised."""
    found = []
    for parameter, argument in zip(parameters_of(distribution), arguments, strict=True):
        lacking = core_dimensions(argument.type) - parameter.support.core
        if lacking and (lacking > 1 or parameter.support.core):
            raise NoElement
        found.append(elements.of(argument) if lacking else elements.before(argument))
    return tuple(found)
