"""Densities: `~` statements and calls of `_lpdf`, `_lpmf` and the cdfs become terms of the log density."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytensor.tensor as pt
from pplc.grammar.source import Span

from .. import ir
from ..library import registry
from ..library.definitions import Distribution, Support
from ..library.densities import checked_arguments, parameters_of, pointwise, unchecked_if_empty, vectorised_axes
from ..library.evaluation import evaluate
from ..library.needs import empty_axes
from ..library.zeros import refused_beyond
from ..types import Array, Real, Type
from . import calls, domain, errors, expressions, statements
from .facts import proves
from .frames import ROOT
from .indexing import element_numbers
from .scope import Check, Draw, Scope, Term
from .shapes import with_static_shape
from .values import AnyValue, Value, only


def density(
    distribution: Distribution,
    part: str,
    values: list[AnyValue],
    types: tuple[Type, ...],
    e: ir.LibraryCall,
    scope: Scope,
) -> Value:
    """`NAME_lpdf(y | ...)` and so on: one number per lane."""
    kind = e.name.rsplit("_", 1)[1]
    terms = _pointwise(distribution, kind, values, types, e, [a.span for a in e.arguments], scope, summed=False)
    lanes = len(terms.frame.axes)
    numbers: Any = terms.numbers
    if numbers.ndim > lanes:
        combine = "prod" if kind == "cdf" else "sum"
        numbers = getattr(numbers, combine)(axis=tuple(range(lanes, numbers.ndim)))
    if isinstance(numbers, np.generic | np.ndarray):
        return expressions.normal(Value(np.asarray(numbers), Real(), terms.frame, terms.literal))
    return expressions.normal(Value(with_static_shape(numbers), Real(), terms.frame))


def _pointwise(
    distribution: Distribution,
    kind: str,
    values: list[AnyValue],
    types: tuple[Type, ...],
    e: ir.Node,
    spans: Sequence[Span],
    scope: Scope,
    summed: bool = True,
) -> Value:
    """The terms before they are summed: lanes, then the vectorised axis if there is one.

    `spans` says where the arguments stand in the program. Of terms that are added to the log density (`summed`) no
    check is needed where they are not finite if it fails.
    """
    name = f"{distribution.name}_{kind}"
    arguments = [only(v) for v in values]
    frame = expressions.common_frame(values)
    arguments = [expressions.lifted(v, frame, scope) for v in arguments]
    domain.compare_sizes(name, types, [v.shape for v in arguments], spans)
    if unchecked_if_empty(distribution, "log_density" if kind in ("lpdf", "lpmf") else kind):
        axes = vectorised_axes(parameters_of(distribution), types)
        if any(arguments[position].shape[axis] == 0 for position, axis in axes):
            return Value(np.full((1,) * len(frame.axes), float(kind == "cdf")), Real(), frame)
    flat = len(frame.axes) > 1 and any(p.support.core for p in parameters_of(distribution))
    if flat:
        arguments = [only(calls.flattened(v, frame)) for v in arguments]
    batched = 1 if flat else len(frame.axes)
    known = all(v.concrete for v in arguments)
    graphs = [pt.constant(v.numbers) if known else scope.table.tensor(v) for v in arguments]
    try:
        result = pointwise(distribution, kind, graphs, types, batched)
        checked = checked_arguments(distribution, kind, graphs, types, batched)
    except (ValueError, TypeError, AssertionError, IndexError) as problem:
        shapes = [v.shape for v in arguments]
        raise errors.argument_sizes(e.span, name, shapes, str(problem).splitlines()[0][:100]) from problem
    nothing = any(arguments[position].shape[axis] == 0 for position, axis in empty_axes(name, types))
    if nothing:
        domain.check_without_terms(name, types, graphs, spans, scope)
    values_of = {p.name: v for p, v in zip(parameters_of(distribution), arguments, strict=True)}
    shows = kind in ("lpdf", "lpmf") and not nothing
    impossible, shown = _check_supports(name, checked, values_of, shows, e.span, scope)
    if impossible:  # the graph may look beyond the end of a container where an outcome is not in the support
        return Value(np.full((1,) * len(frame.axes), -np.inf), Real(), frame)
    if known:
        numbers = evaluate(result)
        if not np.isfinite(numbers).all() and domain.check_known(name, types, graphs, e.span, scope):
            numbers = np.where(np.isnan(numbers), -np.inf, numbers)
        shape = numbers.shape[batched:]
        return Value(numbers.reshape((*(frame.axes if flat else numbers.shape[:batched]), *shape)), Real(), frame)
    for condition in [] if summed else shown:
        result = refused_beyond(condition, result)
    result = with_static_shape(result)
    if flat:
        result = result.reshape((*frame.axes, *result.type.shape[1:]))
    return Value(result, Real(), frame)


def _check_supports(
    name: str,
    checked: list[tuple[str, Support, Any]],
    values_of: dict[str, Value],
    shows: bool,
    span: Span,
    scope: Scope,
) -> tuple[bool, list[Any]]:
    """Add a check for each argument that may lie outside of its support.

    Returns whether a known argument does, and the conditions that need no check: where they fail the terms are not
    finite, if that `shows` at all.
    """
    impossible = False
    shown: list[Any] = []
    for parameter, support, argument in checked:
        value = values_of[parameter]
        if value.concrete:
            if _lies_in(support, value.known):
                continue
            condition: Any = pt.constant(False)
            impossible = True
        elif proves(value, support, finite=True):
            continue
        elif shows and proves(value, support, finite=False):
            shown.append(_check(support, argument))
            continue
        else:
            condition = pt.all(_check(support, argument))
        scope.checks.append(Check(condition, span, f"`{name}`: {parameter} must be {support.text}"))
    return impossible, shown


def _lies_in(support: Support, numbers: np.ndarray) -> bool:
    """Whether known numbers lie in a support that has a check."""
    if support.core == 0:  # such checks take arrays as they are
        return bool(np.all(_check(support, numbers)))
    return bool(evaluate(pt.all(_check(support, pt.constant(numbers)))))


def _check(support: Support, argument: Any) -> Any:
    assert support.holds is not None, "arguments that may be anything are not checked"
    return support.holds(argument)


# `~` statements ---------------------------------------------------------------------------------


def tilde(statement: ir.Tilde, scope: Scope) -> None:
    """`outcome ~ distribution(arguments) T[lower, upper];`"""
    if statement.function is not None and statement.truncation is not None:
        from ..codegen import tilde as meaning

        for step in meaning.statements(statement):
            statements.execute_as_graph(step, scope)
        return
    if statement.function is not None:
        call = ir.UserCall(
            statement.function,
            (statement.outcome, *statement.arguments),
            type=Real(),
            level=ir.Level.PARAMETER,
            span=statement.span,
        )
        statements.increment(calls.user_call(call, scope), statement, "tilde", scope)
        return
    if statement.distribution.startswith("laplace_marginal"):
        arguments = (statement.outcome, *statement.arguments)
        name = f"{statement.distribution}_lpmf"
        density = ir.LibraryCall(name, arguments, type=Real(), level=ir.Level.PARAMETER, span=statement.span)
        statements.increment(calls.library_call(density, scope), statement, "tilde", scope)
        return
    distribution = registry.distributions()[statement.distribution]
    expressions_ = (statement.outcome, *statement.arguments)
    values = [expressions.lower(a, scope) for a in expressions_]
    types = tuple(a.type for a in expressions_)
    kind = "lpmf" if distribution.discrete else "lpdf"
    spans = [e.span for e in expressions_]
    terms = _pointwise(distribution, kind, values, types, statement, spans, scope)
    bounds = _bounds(statement.truncation, scope)
    terms = _truncated(distribution, statement, terms, values, types, bounds, scope)
    axes = terms.numbers.ndim - len(terms.frame.axes)
    value = Value(terms.numbers, Array(Real(), axes) if axes else Real(), terms.frame)
    term = Term(value, scope.lanes, statement.span, "tilde")
    scope.terms.append(term)
    variable, elements = _left_side(statement.outcome, scope)
    outcome = only(values[0])
    scope.draws.append(Draw(statement, scope.lanes, outcome, tuple(values[1:]), variable, elements, term, bounds))


def _bounds(truncation: ir.Truncation | None, scope: Scope) -> tuple[Value | None, Value | None]:
    """The interval of `T[lower, upper]`."""
    if truncation is None:
        return None, None
    lower, upper = (
        only(expressions.lower(bound, scope)) if bound is not None else None
        for bound in (truncation.lower, truncation.upper)
    )
    return lower, upper


def _left_side(e: ir.Expression, scope: Scope) -> tuple[ir.Variable | None, Any]:
    """The variable on the left of a `~`, and which of its elements are meant (None: all)."""
    match e:
        case ir.Promote(inner):
            return _left_side(inner, scope)
        case ir.Reference(variable) if isinstance(scope.bindings[variable].value, Value):
            return variable, None
        case ir.Indexed(ir.Reference(variable), indices) if scope.bindings[variable].home is ROOT:
            value = scope.bindings[variable].value
            if isinstance(value, Value):
                own = expressions.selectors(indices, value.shape, variable.name, scope)
                return variable, element_numbers(own, value.shape, len(scope.lanes.axes))
            return None, None
        case _:
            return None, None


def _truncated(
    distribution: Distribution,
    statement: ir.Tilde,
    terms: Value,
    values: list[AnyValue],
    types: tuple[Type, ...],
    bounds: tuple[Value | None, Value | None],
    scope: Scope,
) -> Value:
    """The terms less the log probability of the interval; -inf for an outcome outside it."""
    lower, upper = bounds
    outcome = only(values[0])
    spans = [e.span for e in (statement.outcome, *statement.arguments)]

    def log_cdf(kind: str, bound: Value, shift: int) -> Value:
        numbers = np.asarray(bound.numbers - shift) if bound.concrete else bound.numbers - shift
        moved: list[AnyValue] = [Value(numbers, bound.type, bound.frame, bound.literal), *values[1:]]
        scalar: tuple[Type, ...] = (bound.type, *types[1:])
        return _pointwise(distribution, kind, moved, scalar, statement, spans, scope)

    step = 1 if distribution.discrete else 0
    if lower is not None and upper is not None:
        above, below = log_cdf("lcdf", upper, 0), log_cdf("lcdf", lower, step)
        mass = _combine(lambda a, b: a + pt.log1mexp(b - a), [above, below], scope)
    elif lower is not None:
        mass = log_cdf("lccdf", lower, step)
    elif upper is not None:
        mass = log_cdf("lcdf", upper, 0)
    else:
        return terms
    result = _combine(lambda a, b: a - b, [terms, mass], scope)
    for bound, inside in ((lower, pt.ge), (upper, pt.le)):
        if bound is not None:
            result = _combine(
                lambda t, y, b, inside=inside: pt.switch(inside(y, b), t, -np.inf), [result, outcome, bound], scope
            )
    return result


def _combine(function: Any, values: list[Value], scope: Scope) -> Value:
    """A function of terms, aligned: lanes, then the vectorised axis."""
    frame = expressions.common_frame(list(values))
    lanes = len(frame.axes)
    raw = []
    for value in values:
        axes = value.numbers.ndim - len(value.frame.axes)
        typed = Value(value.numbers, Array(Real(), axes) if axes else Real(), value.frame)
        raw.append(scope.table.tensor(expressions.lifted(typed, frame, scope)))
    most = max(graph.ndim for graph in raw)
    raw = [pt.expand_dims(graph, lanes) if graph.ndim < most else graph for graph in raw]
    return Value(with_static_shape(function(*raw)), Real(), frame)
