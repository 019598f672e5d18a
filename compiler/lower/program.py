"""A checked program and its data to the graph of its log density."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytensor.tensor as pt

from .. import ir
from ..library.graph import added, untraced
from ..types import array_of, is_complex, is_discrete
from . import expressions, parameters, statements
from .frames import ROOT
from .limits import declared_limits
from .scope import Binding, Check, Draw, Scope, Term
from .values import AnyValue, DataTable, TupleValue, Value, in_parts, only
from .violations import check_transformed_data


@dataclass(frozen=True)
class Lowered:
    """The graph of a program.

    `position` is the unconstrained vector; `terms` add up to the log density on it, Jacobian included,
    as long as all `checks` hold; `bindings` has the value of every block-level variable.
    """

    program: ir.Program
    position: Any
    size: int
    offsets: dict[str, tuple[int, int]]  # where each parameter stands in `position`
    terms: tuple[Term, ...]
    checks: tuple[Check, ...]
    draws: tuple[Draw, ...]
    bindings: dict[ir.Variable, Binding]
    table: DataTable = field(repr=False)

    @untraced
    def log_density(self, jacobian: bool = True) -> Any:
        """The log density, a scalar graph; -inf where a check fails."""
        terms = [total(term, self.table) for term in self.terms if jacobian or term.kind != "jacobian"]
        result = added(terms)
        if self.checks:
            result = pt.switch(pt.all(pt.stack([c.condition for c in self.checks])), result, -np.inf)
        return result

    def value(self, variable: ir.Variable) -> AnyValue:
        """The value of a block-level variable."""
        return self.bindings[variable].value

    def part(self, variable: ir.Variable, path: Sequence[int]) -> Value:
        """A block-level variable, or the part of a tuple to which a path of element numbers leads, from 0."""
        value = self.value(variable)
        for number in path:
            assert isinstance(value, TupleValue)
            value = value.elements[number]
        return only(value)


def total(term: Term, table: DataTable) -> Any:
    """The sum of a term over its elements and the lanes it counts in."""
    value = expressions.lifted(term.value, term.frame, Scope(table))
    graph = table.tensor(value)
    if graph.dtype != "float64":
        graph = pt.cast(graph, "float64")
    times = 1
    for n, found in zip(term.frame.axes, graph.type.shape, strict=False):
        times *= n if found == 1 else 1
    result = graph.sum() if graph.ndim else graph
    return result * float(times) if times != 1 else result


@untraced
def lower_program(program: ir.Program, data: Mapping[str, Any], emit: Callable[[str], None] = print) -> Lowered:
    """Lower a program with its data (by name: NumPy arrays, tuples as Python tuples; validated before).

    `emit` takes the lines that transformed data prints.
    """
    scope = Scope(DataTable())
    for declare in program.data:
        scope.bindings[declare.variable] = Binding(bound(data[declare.variable.name], declare.sized), ROOT)
    scope.emit = emit
    statements.execute_all(program.transformed_data, scope)
    scope.emit = None
    check_transformed_data(program.transformed_data, scope)
    del scope.terms[:], scope.checks[:], scope.draws[:]
    size = sum(parameters.free_size(d.variable.name, d.sized, scope) for d in program.parameters)
    position = pt.tensor("position", dtype="float64", shape=(size,))
    offsets, offset = {}, 0
    for declare in program.parameters:
        end = parameters.constrain_parameter(declare, position, offset, scope)
        offsets[declare.variable.name] = (offset, end)
        offset = end
    statements.execute_all(program.transformed_parameters, scope)
    declared_limits(program.transformed_parameters, scope)
    visible = dict(scope.bindings)
    statements.execute_all(program.model, scope)
    return Lowered(
        program,
        position,
        size,
        offsets,
        tuple(scope.terms),
        tuple(scope.checks),
        tuple(scope.draws),
        visible,
        scope.table,
    )


def bound(given: Any, sized: ir.SizedType, outer: int = 0) -> AnyValue:
    """A data value as the lowering sees it."""
    if isinstance(sized, ir.SizedTuple):
        inner = outer + len(sized.array_sizes)
        elements = tuple(bound(g, element, inner) for g, element in zip(given, sized.elements, strict=True))
        return TupleValue(elements, array_of(sized.type, outer))
    type = array_of(sized.type, outer)
    if is_complex(type):
        return Value(in_parts(np.asarray(given, dtype=np.complex128)), type)
    kind = "int64" if is_discrete(type) else "float64"
    return Value(np.asarray(given, dtype=kind), type)
