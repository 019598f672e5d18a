"""Calls: library functions become graphs, user functions are inlined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytensor.tensor as pt
from pplc.grammar.source import Span

from .. import ir
from ..library.definitions import Function
from ..library.evaluation import evaluate
from ..library.expand import DistributionFunction, TransformFunction, implementation
from ..types import Int, Type, Void, is_discrete, parts_of
from . import constraints, densities, domain, errors, expressions, higher_order, ragged, structure
from .accesses import Dependent
from .frames import ROOT, Frame
from .scope import Binding, LoweringError, Ragged, Scope
from .shapes import with_static_shape
from .values import AnyValue, TupleValue, Value, axes_of, is_concrete, leaves

DEEPEST_CALL = 40  # inlined calls inside each other; a recursion that goes deeper runs as generated code

# Functions whose integer arguments, but for what `rep_*` repeats, say how large the result is: those must be known
# and agree in all lanes.
SIZED = frozenset(
    {
        "rep_vector",
        "rep_row_vector",
        "rep_matrix",
        "rep_array",
        "linspaced_vector",
        "linspaced_row_vector",
        "linspaced_array",
        "linspaced_int_array",
        "identity_matrix",
        "zeros_vector",
        "zeros_row_vector",
        "zeros_array",
        "zeros_int_array",
        "ones_vector",
        "ones_row_vector",
        "ones_array",
        "ones_int_array",
        "one_hot_vector",
        "one_hot_row_vector",
        "one_hot_array",
        "one_hot_int_array",
        "uniform_simplex",
        "to_matrix",
        "matrix_power",
        "csr_to_dense_matrix",
        "csr_matrix_times_vector",
    }
)

# Functions whose result is as large as their argument's values make it.
SIZED_BY_VALUES = frozenset({"csr_extract", "csr_extract_w", "csr_extract_v", "csr_extract_u"})

# Functions with as many terms or factors as the largest of their integers says: those stand in the code.
COUNTED = frozenset({"lmgamma", "choose", "rising_factorial", "falling_factorial"})


def library_call(e: ir.LibraryCall, scope: Scope, in_place: bool = False) -> AnyValue:
    """A call of a library function, a density or a constraint function.

    With `in_place` the statement it stands in copes with arguments whose sizes differ between iterations.
    """
    if any(isinstance(a, ir.FunctionReference) for a in e.arguments):
        return higher_order.call(e, scope)
    if e.name.endswith("_rng"):
        raise Dependent(f"`{e.name}` runs as generated code")
    saved = scope.save()
    try:
        values = [expressions.lower(a, scope) for a in e.arguments]
    except Ragged as reason:
        if in_place or not ragged.is_one_number(e):
            raise
        scope.restore(saved)
        return ragged.one_number(e, scope, reason)
    short_cut = structure.SHORT_CUTS.get(e.name)
    if short_cut is not None:
        found = short_cut(e, values, scope)
        if found is not None:
            return found
    types = tuple(a.type for a in e.arguments)
    match chosen := implementation(e.name, types):
        case DistributionFunction(distribution, part):
            return densities.density(distribution, part, values, types, e, scope)
        case TransformFunction():
            return constraints.constraint_call(chosen, values, e, scope)
        case Function(build=build):
            if e.name in SIZED:
                repeated = 1 if e.name.startswith("rep_") else 0
                values = [*values[:repeated], *map(_same_in_all_lanes, values[repeated:])]
            return apply(build, values, e, scope)


def _same_in_all_lanes(value: AnyValue) -> AnyValue:
    if isinstance(value, Value) and is_discrete(value.type):
        if value.concrete and value.frame is ROOT:
            return value
        if not value.concrete or not isinstance(value.type, Int):
            raise Dependent("a size depends on parameters")
        return Value(np.asarray(expressions.agreed(value)), value.type, ROOT, value.literal)
    return value


def apply(build: Any, values: Sequence[AnyValue], e: ir.LibraryCall, scope: Scope) -> AnyValue:
    """The result of a graph-building function on lowered arguments."""
    frame = expressions.common_frame(list(values))
    ready = [_with_lanes(value, frame, scope) for value in values]
    if len(frame.axes) > 1 and any(axes_of(leaf.type) for value in values for leaf in leaves(value)):
        ready = [flattened(value, frame) for value in ready]
        return _unflattened(_built(build, ready, e, scope, Frame(None, (frame.size,))), frame)
    return _built(build, ready, e, scope, frame)


def _built(build: Any, values: Sequence[AnyValue], e: ir.LibraryCall, scope: Scope, frame: Frame) -> AnyValue:
    known = all(map(is_concrete, values))
    if not known and e.name in SIZED_BY_VALUES:
        raise Dependent(f"the values given to `{e.name}` decide the size of its result")
    literal = all(leaf.literal for value in values for leaf in leaves(value))
    counted = [e.name in COUNTED and is_discrete(argument.type) for argument in e.arguments]
    if not all(is_concrete(value) for value, counts in zip(values, counted, strict=True) if counts):
        raise Dependent(f"the values given to `{e.name}` decide how much there is to compute")
    graphs = [_graph(value, scope, known or counts) for value, counts in zip(values, counted, strict=True)]
    failed = domain.check(e, graphs, scope)
    try:
        result = build(*graphs)
    except (ValueError, TypeError, AssertionError, IndexError) as problem:
        if failed is not None:
            raise errors.outside_domain(failed.span, failed.text) from problem
        shapes = [leaf.shape for value in values for leaf in leaves(value)]
        raise errors.argument_sizes(e.span, e.name, shapes, str(problem).splitlines()[0][:100]) from problem
    if failed is not None and not known:  # the point is rejected; the graph may look beyond the end of a container
        result = _without_value(result)
    try:
        return _wrapped(result, e.type, frame, scope, known, literal, e)
    except LoweringError as problem:
        raise errors.outside_domain(failed.span, failed.text) if failed is not None else problem from None


def _without_value(result: Any) -> Any:
    """Constants in the place of results of known shapes."""
    if isinstance(result, tuple | list):
        return tuple(map(_without_value, result))
    graph = pt.as_tensor(result)
    if None in graph.type.shape:
        return graph
    shape = [max(size, 0) for size in graph.type.shape]
    return pt.constant(np.full(shape, np.nan if graph.dtype == "float64" else 0, dtype=graph.dtype))


def _wrapped(
    result: Any, type: Type, frame: Frame, scope: Scope, known: bool, literal: bool, e: ir.LibraryCall
) -> AnyValue:
    if isinstance(result, tuple | list):
        own = zip(result, parts_of(type), strict=True)
        parts = (_wrapped(part, kind, frame, scope, known, literal, e) for part, kind in own)
        return TupleValue(tuple(parts), type)
    result = pt.as_tensor(result)
    if result.dtype == "bool":
        result = pt.cast(result, "int64")
    core = axes_of(type)
    where = frame if result.ndim == core + len(frame.axes) and frame is not ROOT else ROOT
    assert result.ndim == core + len(where.axes), f"{e.name} returned {result.ndim} axes for {type}"
    if known:
        try:
            numbers = evaluate(result)
        except (ValueError, IndexError, np.linalg.LinAlgError) as problem:
            raise errors.domain(e.span, e.name, str(problem).splitlines()[0][:100]) from problem
        if is_discrete(type):
            numbers = numbers.astype(np.int64)
        return expressions.normal(Value(numbers, type, where, literal))
    return expressions.normal(Value(with_static_shape(result), type, where))


def _graph(value: AnyValue, scope: Scope, known: bool) -> Any:
    if isinstance(value, TupleValue):
        return tuple(_graph(element, scope, known) for element in value.elements)
    if known:
        return pt.constant(value.numbers)
    return scope.table.tensor(value)


def _with_lanes(value: AnyValue, frame: Frame, scope: Scope) -> AnyValue:
    """The value with the axes of `frame` in front; single integers that all lanes share stay as they are."""
    if isinstance(value, TupleValue):
        return TupleValue(tuple(_with_lanes(v, frame, scope) for v in value.elements), value.type)
    if value.frame is ROOT and isinstance(value.type, Int):
        return value
    return expressions.lifted(value, frame, scope)


def flattened(value: AnyValue, frame: Frame) -> AnyValue:
    """The value with all lanes on one axis."""
    if isinstance(value, TupleValue):
        return TupleValue(tuple(flattened(v, frame) for v in value.elements), value.type)
    if value.frame is ROOT:
        return value
    core = value.shape
    if value.concrete:
        numbers: Any = np.broadcast_to(value.known, (*frame.axes, *core)).reshape(frame.size, *core)
    else:
        numbers = pt.broadcast_to(value.numbers, (*frame.axes, *core)).reshape((frame.size, *core))
    return Value(numbers, value.type, frame, value.literal)


def _unflattened(value: AnyValue, frame: Frame) -> AnyValue:
    if isinstance(value, TupleValue):
        return TupleValue(tuple(_unflattened(v, frame) for v in value.elements), value.type)
    if value.frame is ROOT:
        return value
    return Value(value.numbers.reshape((*frame.axes, *value.shape)), value.type, frame, value.literal)


# User functions ---------------------------------------------------------------------------------


def applied(function: ir.Function, given: Sequence[AnyValue], span: Span, scope: Scope) -> Value:
    """The value, one leaf, of a user's function for arguments that are lowered already."""
    passed = []
    for parameter, value in zip(function.parameters, given, strict=True):
        variable = ir.Variable(parameter.name, parameter.type, ir.Role.LOCAL, ir.Level.PARAMETER, span)
        scope.bindings[variable] = Binding(value, ROOT)
        passed.append(ir.Reference(variable, type=parameter.type, level=ir.Level.PARAMETER, span=span))
    call = ir.UserCall(function, tuple(passed), type=function.result, level=ir.Level.PARAMETER, span=span)
    (leaf,) = leaves(expressions.lower(call, scope))
    return leaf


def user_call(e: ir.UserCall, scope: Scope) -> AnyValue:
    """Inline a user's function: its body is lowered with the arguments' values in place of its parameters."""
    from . import statements

    function = e.function
    if function.name.endswith("_rng"):
        raise Dependent(f"`{function.name}` runs as generated code")
    if function.body is None:
        raise errors.not_supported(e.span, f"`{function.name}`, which is declared but not defined,")
    if scope.call_depth >= DEEPEST_CALL:
        raise Dependent(f"the recursion of `{function.name}` is deep")
    given = [ragged.bound(a, scope) for a in e.arguments]
    outer, returned, lanes, entered = scope.bindings, scope.returned, scope.lanes, scope.entered_loops
    scope.bindings = dict(zip(function.parameters, given, strict=True))
    scope.returned, scope.entered_loops = [], len(scope.loops)
    scope.call_depth += 1
    statements.execute(function.body, scope)
    results, scope.returned, scope.bindings = scope.returned, returned, outer
    scope.call_depth, scope.entered_loops = scope.call_depth - 1, entered
    scope.frame = lanes
    if isinstance(function.result, Void):
        return TupleValue((), function.result)
    return expressions.merged(results, function.result, lanes, scope)
