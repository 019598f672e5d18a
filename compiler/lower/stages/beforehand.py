"""Costly expressions of what a loop does not change: computed for all its iterations at once, before it."""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import Any

from ... import ir
from ...types import array_of, core_dimensions
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


def take(statement: ir.Statement, scope: Scope) -> ir.Statement:
    """The statement with such expressions replaced by variables that hold their values."""
    changed = assigned(statement)
    found: dict[tuple[ir.Expression, Nest], Over] = {}

    def inside(node: Any, nest: Nest) -> Any:
        match node:
            case ir.For(_, _, _, body) if _is_rectangular(node, nest, changed):
                return _with(node, body=inside(body, (*nest, node)))
            case ir.Block(statements):
                return _with(node, statements=tuple(inside(one, nest) for one in statements))
            case ir.Assign() | ir.TargetIncrement() | ir.Tilde():
                return rebuilt(node, lambda e: replacement(e, nest))
            case ir.Declare(_, _, initial) if initial is not None:
                return _with(node, initial=rebuilt(initial, lambda e: replacement(e, nest)))
            case _:
                return node

    def replacement(e: ir.Node, nest: Nest) -> ir.Node | None:
        if isinstance(e, ir.Conditional | ir.And | ir.Or):
            return e  # sides that may not be evaluated stay where they are
        if not ir.is_expression(e) or not is_costly(e):
            return None
        used = mentioned(e)
        counters = {loop.variable for loop in nest}
        if used & (changed - counters) or not is_pure(e):
            return None
        if any(isinstance(node, ir.FunctionReference) for node in nodes(e)):
            return None  # a solver runs as generated code anyway
        own = tuple(loop for loop in nest if loop.variable in used)
        key = (e, own)
        if key not in found:
            kept = _computed(e, own, nest, changed, scope)
            if kept is None:
                return None
            found[key] = kept
        return found[key].read(e)

    return inside(statement, ())


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


def _is_rectangular(loop: ir.For, nest: Nest, changed: frozenset[ir.Variable]) -> bool:
    """Whether the loop's bounds are the same in all iterations around it."""
    return not mentioned((loop.lower, loop.upper)) & (changed | {outer.variable for outer in nest})


def _with(node: Any, **parts: Any) -> Any:
    """The node with these parts, itself where they are its own."""
    same = all(
        all(a is b for a, b in zip(new, getattr(node, name), strict=True)) if isinstance(new, tuple)
        else new is getattr(node, name)
        for name, new in parts.items()
    )  # fmt: skip
    return node if same else replace(node, **parts)
