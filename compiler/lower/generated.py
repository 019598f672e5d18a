"""Statements that become generated code: recurrences, `while`, branches on parameters, random draws.

Where only data is involved the code runs at once and leaves numbers. Otherwise the statement's inputs are
captured, the code generator turns it into one operation of the graph, and what it assigns is bound to the
operation's results.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytensor.tensor as pt

from .. import ir
from ..codegen import loop_op, sums
from ..codegen.block import compile_block
from ..codegen.messages import ProgramError
from ..synthetic import integer
from ..types import Array, Real, Tuple, Type, array_of, is_complex
from ..walk import assigned, declared, mentioned, nodes
from . import expressions
from .accesses import Dependent
from .frames import ROOT
from .scope import Binding, LoweringError, Scope, Term
from .values import AnyValue, TupleValue, Value, from_parts, in_parts, is_concrete


class UnknownSize(Dependent):
    """Parameters decide the size of a declared variable: what follows in its block is generated with it."""


def run(statement: ir.Statement, scope: Scope, reason: Exception) -> None:
    """Lower a statement outside all loops as generated code; `reason` says why it cannot be a graph.

    Raises UnknownSize, or the reason where the statement that calls this function has to be generated.
    """
    ends = ir.Return | ir.Print if scope.emit is not None and scope.call_depth else ir.Return
    if any(isinstance(node, ends) for node in nodes(statement)):
        raise reason  # the statement that calls this function is generated as a whole, so that it prints once
    if isinstance(statement, ir.Declare):
        statement = replace(statement, sized=_with_known_sizes(statement.sized, scope))
    inside = declared(statement) - ({statement.variable} if isinstance(statement, ir.Declare) else set())
    written = sorted(assigned(statement) - inside, key=_order)
    captured = sorted((v for v in mentioned(statement) - inside if v in scope.bindings), key=_order)
    values = {variable: scope.bindings[variable].value for variable in captured}
    if depends_on_parameters(statement, scope):
        _as_operation(statement, values, written, scope)
    else:
        _compute(statement, values, written, scope)


def _with_known_sizes(sized: ir.SizedType, scope: Scope) -> ir.SizedType:
    """The declaration with numbers in the place of sizes that mention parameters, such as `rows(x)`."""
    array_sizes = _known_sizes(sized.array_sizes, scope)
    match sized:
        case ir.Sized():
            return replace(sized, array_sizes=array_sizes, inner_sizes=_known_sizes(sized.inner_sizes, scope))
        case ir.SizedTuple(elements=elements):
            inside = tuple(_with_known_sizes(element, scope) for element in elements)
            return replace(sized, array_sizes=array_sizes, elements=inside)


def _known_sizes(sizes: Sequence[ir.Expression], scope: Scope) -> tuple[ir.Expression, ...]:
    return tuple(size if _of_data(size, scope) else _known_size(size, scope) for size in sizes)


def _known_size(size: ir.Expression, scope: Scope) -> ir.Expression:
    saved = scope.save()
    try:
        return integer(expressions.one_integer(size, scope), size.span)
    except Dependent as reason:
        scope.restore(saved)
        raise UnknownSize(str(reason)) from None


def depends_on_parameters(statement: ir.Statement, scope: Scope) -> bool:
    """Whether running a statement takes more than data, or changes more than variables."""
    return _touches_target(statement) or not _of_data(statement, scope)


def _of_data(part: ir.Statement | ir.Expression, scope: Scope) -> bool:
    """Whether all variables that a piece mentions are known."""
    given = (scope.bindings[variable].value for variable in mentioned(part) if variable in scope.bindings)
    return all(map(is_concrete, given))


def _order(variable: ir.Variable) -> tuple[int, str]:
    return variable.span.start, variable.name


def _touches_target(statement: ir.Statement) -> bool:
    return bool(sums.added_in(statement)) or sums.reads_target(statement)


def _compute(
    statement: ir.Statement, values: dict[ir.Variable, AnyValue], written: list[ir.Variable], scope: Scope
) -> None:
    """Run generated code on data."""
    block = compile_block([statement], list(values), written, random=True)
    given = [numbers(value) for value in values.values()]
    before = scope.rng.bit_generator.state
    try:
        results = block(given, scope.rng, emit=scope.emit or _ignore)
    except ProgramError as problem:
        scope.rng.bit_generator.state = before  # once more, to see where nan began if it fails for that
        watching = compile_block([statement], list(values), written, random=True, watching=True)
        raise LoweringError(watching.why_nan(given, scope.rng) or problem.diagnostic) from None
    for variable, result in zip(written, results, strict=True):
        scope.bindings[variable] = Binding(as_value(result, variable.type), ROOT)


def _ignore(line: str) -> None:
    """What the density prints is printed where it is evaluated, not where it is compiled."""


def numbers(value: AnyValue) -> Any:
    """A known value as the code generator takes it: numbers and arrays, in tuples where it is one."""
    if isinstance(value, TupleValue):
        return tuple(numbers(element) for element in value.elements)
    array = np.asarray(value.numbers)
    if is_complex(value.type):
        array = from_parts(array)
    return array.item() if array.ndim == 0 else np.ascontiguousarray(array)


def has_nan(value: Any) -> bool:
    """Whether there is a nan in what `numbers` gives."""
    return any(map(has_nan, value)) if isinstance(value, tuple) else bool(np.isnan(value).any())


def as_value(result: Any, type: Type) -> AnyValue:
    """What the code generator returns, as a value."""
    match type:
        case Tuple(elements):
            return TupleValue(tuple(as_value(r, t) for r, t in zip(result, elements, strict=True)), type)
        case Array(Tuple(elements), dimensions):
            parts = zip(result, elements, strict=True)
            return TupleValue(tuple(as_value(r, array_of(t, dimensions)) for r, t in parts), type)
        case _ if is_complex(type):
            return Value(in_parts(np.asarray(result)), type)
        case _:
            return Value(np.asarray(result), type)


def _as_operation(
    statement: ir.Statement,
    values: dict[ir.Variable, AnyValue],
    written: list[ir.Variable],
    scope: Scope,
) -> None:
    """One operation of the graph, with a gradient of its own."""
    start = None
    if sums.reads_target(statement):
        start = ir.Variable("target", Real(), ir.Role.LOCAL, ir.Level.PARAMETER, statement.span)
        values = {start: _target(scope), **values}
    results, increments = loop_op.build([statement], values, written, scope.table, start)
    for variable in written:
        scope.bindings[variable] = Binding(results[variable], ROOT)
    scope.terms += [Term(amount, ROOT, statement.span, kind) for kind, amount in increments.items()]


def _target(scope: Scope) -> Value:
    """The target as it is now, Jacobian included."""
    from .program import total

    return Value(pt.add(0.0, *(total(term, scope.table) for term in scope.terms)), Real())
