"""Costly expressions of what a loop does not change: computed for all its iterations at once, before it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from math import prod
from typing import Any

from ... import ir
from ...synthetic import integer, reference
from ...types import Int, Real, array_of, core_dimensions
from ...walk import assigned, mentioned, nodes
from ..frames import ROOT
from ..scope import Binding, Scope
from .nests import MOST_ELEMENTS, Nest, Over, evaluated, extents, is_pure, named, rebuilt

# Calls that cost no more than reading their result from an array.
_CHEAP = """
    add subtract minus plus multiply divide elt_multiply elt_divide square abs fabs fmax fmin max min inv transpose
    size rows cols num_elements dims row col head tail segment block sub_row sub_col rep_vector rep_row_vector
    rep_matrix rep_array to_vector to_row_vector to_array_1d to_matrix int_step step modulus int_divide
    logical_eq logical_neq logical_lt logical_lte logical_gt logical_gte logical_negation
    negative_infinity positive_infinity not_a_number pi e machine_precision append_row append_col append_array
"""
CHEAP = frozenset(_CHEAP.split())


def is_costly(e: Any) -> bool:
    """Whether an expression has a function to evaluate that is more than arithmetic."""
    return any(
        isinstance(node, ir.UserCall) or (isinstance(node, ir.LibraryCall) and not _is_cheap(node)) for node in nodes(e)
    )


def _is_cheap(call: ir.LibraryCall) -> bool:
    is_product = call.name == "multiply" and all(core_dimensions(argument.type) for argument in call.arguments)
    return call.name in CHEAP and not is_product


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the statement something stands: in which loops, and in which of their iterations.

    The loops run as far as they do in any iteration of those around them; `conditions` are what has to hold besides,
    each with what has to hold for the loop it belongs to to run at all, if it belongs to one.
    """

    nest: Nest = ()
    conditions: tuple[tuple[ir.For | None, ir.Expression, ir.Expression], ...] = ()

    @property
    def counters(self) -> set[ir.Variable]:
        return {loop.variable for loop in self.nest}

    def under(self, test: ir.Expression) -> _Place:
        return replace(self, conditions=(*self.conditions, (None, test, test)))

    def inside(self, loop: ir.For, changed: frozenset[ir.Variable], scope: Scope) -> _Place | None:
        """In a loop; None where its bounds are not known."""
        bounds = mentioned((loop.lower, loop.upper))
        if bounds & (changed - self.counters):
            return None
        if not bounds & self.counters:
            return replace(self, nest=(*self.nest, loop))
        found = extents((*self.nest, loop), changed, scope)
        if found is None:
            return None
        first, last = (integer(bound, loop.span) for bound in (found[-1].first, found[-1].last))
        counter = reference(loop.variable, loop.span)
        within = _both(_at_most(loop.lower, counter), _at_most(counter, loop.upper))
        whole = replace(loop, lower=first, upper=last)
        condition = (whole, within, _at_most(loop.lower, loop.upper))
        return _Place((*self.nest, whole), (*self.conditions, condition))

    def test(self, used: frozenset[ir.Variable]) -> ir.Expression | None:
        """What has to hold for an expression with these variables to be evaluated, beside the loops' bounds."""
        tests = [
            within if loop is None or loop.variable in used else not_empty
            for loop, within, not_empty in self.conditions
        ]  # fmt: skip
        return reduce(_both, tests) if tests else None


def take(statement: ir.Statement, scope: Scope) -> ir.Statement:
    """The statement with such expressions replaced by variables that hold their values."""
    changed = assigned(statement)
    found: dict[tuple[ir.Expression, Nest], Over] = {}

    def inside(node: Any, place: _Place) -> Any:
        match node:
            case ir.For(_, _, _, body):
                within = place.inside(node, changed, scope)
                return node if within is None else _with(node, body=inside(body, within))
            case ir.If(test, then, otherwise) if is_known(test, place):
                rest = None if otherwise is None else inside(otherwise, place.under(_negated(test)))
                return _with(node, then=inside(then, place.under(test)), otherwise=rest)
            case ir.Block(statements):
                return _with(node, statements=tuple(inside(one, place) for one in statements))
            case ir.Assign() | ir.TargetIncrement() | ir.Tilde():
                return rebuilt(node, lambda e: replacement(e, place))
            case ir.Declare(_, _, initial) if initial is not None:
                return _with(node, initial=rebuilt(initial, lambda e: replacement(e, place)))
            case _:
                return node

    def is_known(test: ir.Expression, place: _Place) -> bool:
        return test.level == ir.Level.DATA and not mentioned(test) & (changed - place.counters) and is_pure(test)

    def replacement(e: ir.Node, place: _Place) -> ir.Node | None:
        if isinstance(e, ir.Conditional | ir.And | ir.Or):
            return e  # sides that may not be evaluated stay where they are
        if not ir.is_expression(e) or not is_costly(e):
            return None
        used = mentioned(e)
        if used & (changed - place.counters) or not is_pure(e):
            return None
        if any(isinstance(node, ir.FunctionReference) for node in nodes(e)):
            return None  # a solver runs as generated code anyway
        whole: ir.Expression | None = e
        test = place.test(used)
        if test is not None:
            whole = _where(test, e)
            used |= mentioned(test)
        if whole is None:
            return None
        own = tuple(loop for loop in place.nest if loop.variable in used)
        key = (whole, own)
        if key not in found:
            kept = _computed(whole, own, place.nest, changed, scope)
            if kept is None:
                return None
            found[key] = kept
        return found[key].read(e)

    return inside(statement, _Place())


def _computed(e: Any, own: Nest, nest: Nest, changed: frozenset[ir.Variable], scope: Scope) -> Over | None:
    """The variable that holds the values of `e` for all iterations of the loops it depends on."""
    around = extents(nest, changed, scope)  # no loop around it is empty: it is evaluated
    if around is None:
        return None
    sizes = [extent for loop, extent in zip(nest, around, strict=True) if loop in own]
    if prod(extent.size for extent in sizes) > MOST_ELEMENTS:
        return None
    value = evaluated(e, own, scope)
    if value is None:
        return None
    variable = named("ahead", array_of(e.type, len(own)), e.level, e)
    scope.bindings[variable] = Binding(value, ROOT)
    return Over(variable, own, tuple(sizes))


# Expressions ------------------------------------------------------------------------------------


def _where(test: ir.Expression, e: ir.Expression) -> ir.Expression | None:
    """A number where a condition holds, 0 elsewhere; None for other values."""
    if e.type != Real():
        return None
    zero = ir.RealLiteral(0.0, type=Real(), level=ir.Level.DATA, span=e.span)
    return ir.Conditional(test, e, zero, type=Real(), level=e.level, span=e.span)


def _both(left: ir.Expression, right: ir.Expression) -> ir.Expression:
    return ir.And(left, right, type=Int(), level=ir.Level.DATA, span=right.span)


def _at_most(left: ir.Expression, right: ir.Expression) -> ir.Expression:
    return ir.LibraryCall("logical_lte", (left, right), type=Int(), level=ir.Level.DATA, span=left.span)


def _negated(test: ir.Expression) -> ir.Expression:
    return ir.LibraryCall("logical_negation", (test,), type=Int(), level=ir.Level.DATA, span=test.span)


def _with(node: Any, **parts: Any) -> Any:
    """The node with these parts, itself where they are its own."""
    same = all(
        all(a is b for a, b in zip(new, getattr(node, name), strict=True)) if isinstance(new, tuple)
        else new is getattr(node, name)
        for name, new in parts.items()
    )  # fmt: skip
    return node if same else replace(node, **parts)
