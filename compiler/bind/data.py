"""Checks given values against declarations; finds all problems, each with its variable and what to change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pplc.grammar.similar import nearest

from .. import ir
from ..lower.accesses import Dependent
from ..lower.expressions import one_integer
from ..lower.frames import ROOT
from ..lower.program import bound
from ..lower.scope import Binding, LoweringError, Ragged, Scope
from ..lower.values import DataTable
from ..lower.violations import violation
from ..walk import mentioned
from .arrays import Problem, as_array, as_tuple, describe


def bind_data(declares: Sequence[ir.Declare], given: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The values of the declared variables as NumPy arrays (tuples as Python tuples), and every problem.

    `given` may hold numbers, nested lists, NumPy arrays, pandas and xarray objects; names that are not declared
    are ignored. Where there are problems, the values are incomplete.
    """
    scope = Scope(DataTable())
    values: dict[str, Any] = {}
    problems: list[str] = []
    unknown: set[ir.Variable] = set()
    for declare in declares:
        variable = declare.variable
        try:
            if variable.name not in given:
                raise Problem(_missing(variable.name, declare, declares, given))
            sizes = _Sizes(scope, unknown)
            value = _value(variable.name, given[variable.name], declare.sized, (), sizes)
            scope.bindings[variable] = Binding(bound(value, declare.sized), ROOT)
            if mentioned(declare.sized) & unknown:
                raise _Unknown
            found = violation(variable.name, value, declare.sized, scope)
            if found is not None:
                unknown.add(variable)  # what has it as its size or bound is not looked at
                raise Problem(found)
            values[variable.name] = value
        except _Unknown:
            unknown.add(variable)
        except Problem as problem:
            problems.append(str(problem))
            if variable not in scope.bindings:
                unknown.add(variable)
        except LoweringError as problem:
            problems.append(problem.diagnostic.title)
            unknown.add(variable)
    return values, problems


class _Unknown(Exception):
    """A size or bound depends on a variable that is itself missing or wrong; that one is reported, not this."""


class _Sizes:
    """Evaluates declared sizes with the values bound so far."""

    def __init__(self, scope: Scope, unknown: set[ir.Variable]) -> None:
        self.scope, self.unknown = scope, unknown

    def __call__(self, sizes: Sequence[ir.Expression], name: str) -> tuple[int, ...]:
        found = []
        for size in sizes:
            if mentioned(size) & self.unknown:
                raise _Unknown
            try:
                number = one_integer(size, self.scope)
            except (Dependent, Ragged) as problem:
                raise Problem(f"`{name}`: its size `{size.span.text}` cannot be evaluated ({problem})") from None
            if number < 0:
                raise Problem(f"`{name}`: its declared size `{size.span.text}` is negative ({number})")
            found.append(number)
        return tuple(found)


def _value(name: str, given: Any, sized: ir.SizedType, outer: tuple[int, ...], sizes: _Sizes) -> Any:
    if isinstance(sized, ir.SizedTuple):
        shape = (*outer, *sizes(sized.array_sizes, name))
        parts = as_tuple(name, given, len(sized.elements), shape)
        return tuple(
            _value(f"{name}.{number + 1}", part, element, shape, sizes)
            for number, (part, element) in enumerate(zip(parts, sized.elements, strict=True))
        )
    own = sizes(sized.array_sizes, name) + sizes(sized.inner_sizes, name)
    return as_array(name, given, sized, (*outer, *own))


def _missing(name: str, declare: ir.Declare, declares: Sequence[ir.Declare], given: Mapping[str, Any]) -> str:
    text = f"`{name}` is missing; the program declares it as {describe(declare.sized)} (line {declare.span.line})"
    declared = {d.variable.name for d in declares}
    near = nearest(name, [key for key in given if key not in declared])
    return f"{text}. Did you mean `{near}`, which the program does not use?" if near else text
