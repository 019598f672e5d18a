"""Declarations: sized types, constraints, initial values."""

from __future__ import annotations

from typing import assert_never

from pplc.grammar import tree
from pplc.grammar.names import constrained_types

from .. import ir
from ..promotion import promotion_cost
from ..types import (
    BASIC,
    Int,
    Matrix,
    Real,
    Tuple,
    Type,
    array_of,
    contains_int,
    is_complex,
)  # fmt: skip
from . import build
from .errors import declarations as errors
from .errors import warnings
from .expressions import check_integer, check_value
from .scopes import Scope, Section
from .syntax import variables_in


def unsized(node: tree.UnsizedTypeSyntax | tree.DeclaredType) -> Type:
    """The type that is written, without its sizes (a function's result or argument, or a declaration)."""
    match node:
        case tree.UnsizedType(name) | tree.SizedType(name):
            return BASIC.get(name) or BASIC[constrained_types()[name].plain]
        case tree.UnsizedArray(dimensions, element):
            return array_of(unsized(element), dimensions)
        case tree.SizedArray(sizes, inner):
            return array_of(unsized(inner), len(sizes))
        case tree.UnsizedTuple(elements) | tree.SizedTuple(elements):
            return Tuple(tuple(map(unsized, elements)))
        case _:
            assert_never(node)


def check_declaration(node: tree.Declaration, scope: Scope, *, top_level: bool) -> list[ir.Declare]:
    """The variables that a declaration brings into scope, in order; a faulty one is in scope all the same."""
    sizes_scope = scope.sizes_at_top_level() if top_level else scope
    sized = _check_sizes(node.type, sizes_scope)
    constrained = sized and _check_constraints(node.type, sized, scope)
    declared = []
    for declarator in node.declarators:
        own_sizes = _integers(declarator.legacy_sizes, "the size of an array", sizes_scope)
        type = array_of(unsized(node.type), len(declarator.legacy_sizes))
        variable = scope.declare(declarator.identifier, type, top_level=top_level)
        initial = _check_initial(node, declarator, variable, scope)
        complete = constrained if own_sizes is not None else None
        if complete and not (declarator.value and not initial):
            declared.append(ir.Declare(variable, _in_array(complete, own_sizes or ()), initial, span=node.span))
    if top_level:
        _check_block_rules(node, scope)
    return declared


def _check_initial(
    node: tree.Declaration, declarator: tree.Declarator, variable: ir.Variable, scope: Scope
) -> ir.Expression | None:
    """The value given with a declaration, promoted to the variable's type."""
    if declarator.value is None:
        return None
    if used := next((use for use in variables_in(declarator.value) if use.name == variable.name), None):
        scope.report(warnings.used_in_own_declaration(declarator.identifier, used.span))
    value = check_value(declarator.value, scope)
    if value is None:
        return None
    if promotion_cost(value.type, variable.type) is None:
        scope.report(errors.initial_type(node.span, declarator, value.type, variable))
        return None
    return build.promote(value, variable.type)


def _check_block_rules(node: tree.Declaration, scope: Scope) -> None:
    """What only variables of blocks have to obey."""
    type = unsized(node.type)
    if scope.section in (Section.PARAMETERS, Section.TRANSFORMED_PARAMETERS) and contains_int(type):
        scope.report(errors.integer_parameter(node.span, scope.section.value))


# Sizes --------------------------------------------------------------------------------------------


def _check_sizes(node: tree.DeclaredType, scope: Scope) -> ir.SizedType | None:
    """The type with its sizes; constraints come later, because their bounds have other rules."""
    match node:
        case tree.SizedType(name, _, sizes):
            inner = _integers(sizes, f"the size of a {name}", scope)
            if inner is None:
                return None
            type = unsized(node)
            if type == Matrix() and len(inner) == 1:
                inner = (inner[0], inner[0])
            return ir.Sized(type, (), inner, None, span=node.span)
        case tree.SizedArray(sizes, element):
            inside = _check_sizes(element, scope)
            outer = _integers(sizes, "the size of an array", scope)
            return _in_array(inside, outer) if inside and outer is not None else None
        case tree.SizedTuple(elements):
            parts = [_check_sizes(element, scope) for element in elements]
            if None in parts:
                return None
            return ir.SizedTuple(unsized(node), (), tuple(part for part in parts if part), span=node.span)
        case _:
            assert_never(node)


def _integers(nodes: tuple[tree.Expression, ...], what: str, scope: Scope) -> tuple[ir.Expression, ...] | None:
    checked = [check_integer(node, what, scope) for node in nodes]
    return None if None in checked else tuple(size for size in checked if size)


def _in_array(sized: ir.SizedType, sizes: tuple[ir.Expression, ...]) -> ir.SizedType:
    """An array of these sizes whose elements are `sized`."""
    type = array_of(sized.type, len(sizes))
    match sized:
        case ir.Sized(_, outer, inner, constraint):
            return ir.Sized(type, (*sizes, *outer), inner, constraint, span=sized.span)
        case ir.SizedTuple(_, outer, elements):
            return ir.SizedTuple(type, (*sizes, *outer), elements, span=sized.span)


# Constraints --------------------------------------------------------------------------------------

# What a constraint written `<a=..., b=...>` is called, by its keywords.
_TRANSFORMS = {
    ("lower",): "lower",
    ("upper",): "upper",
    ("lower", "upper"): "lower_upper",
    ("offset",): "offset_multiplier",
    ("multiplier",): "offset_multiplier",
    ("multiplier", "offset"): "offset_multiplier",
}


def _check_constraints(node: tree.DeclaredType, sized: ir.SizedType, scope: Scope) -> ir.SizedType | None:
    """The sized type with the constraints that were written."""
    match node, sized:
        case tree.SizedType(), ir.Sized():
            return _constrain(node, sized, sized.type, scope)
        case tree.SizedArray(_, element), ir.Sized() if isinstance(element, tree.SizedType):
            return _constrain(element, sized, sized.type, scope)
        case tree.SizedArray(_, tree.SizedTuple(elements)) | tree.SizedTuple(elements), ir.SizedTuple():
            pairs = zip(elements, sized.elements, strict=True)
            parts = [_check_constraints(element, part, scope) for element, part in pairs]
            if None in parts:
                return None
            complete = tuple(part for part in parts if part)
            return ir.SizedTuple(sized.type, sized.array_sizes, complete, span=sized.span)
        case _:
            raise AssertionError(f"{node} does not have the sizes {sized}")


def _constrain(node: tree.SizedType, sized: ir.Sized, type: Type, scope: Scope) -> ir.Sized | None:
    if node.name in constrained_types():
        constraint = ir.Constraint(node.name, span=node.span)
    elif node.constraint:
        bounds = {argument.keyword: _check_bound(argument, type, scope) for argument in node.constraint}
        if None in bounds.values():
            return None
        found = {keyword: bound for keyword, bound in bounds.items() if bound}
        if is_complex(type):
            scope.report(errors.complex_constraint(node))
            return None
        if type == Int() and any(bound.type == Real() for bound in found.values()):
            scope.report(errors.integer_bound(node.constraint, found))
            return None
        name = _TRANSFORMS[tuple(sorted(found))]
        constraint = ir.Constraint(name, _bounds_in_order(name, found, node), span=node.span)
    else:
        return sized
    return ir.Sized(sized.type, sized.array_sizes, sized.inner_sizes, constraint, span=sized.span)


def _check_bound(argument: tree.ConstraintArgument, type: Type, scope: Scope) -> ir.Expression | None:
    """A bound is one number for all elements, or has one for each: the type of what is declared."""
    value = check_value(argument.value, scope)
    if value and value.type not in (Int(), Real(), type):
        scope.report(errors.bound_type(argument, value.type, type))
        return None
    return value


def _bounds_in_order(name: str, found: dict[str, ir.Expression], node: tree.SizedType) -> tuple[ir.Expression, ...]:
    """The bounds as the transform takes them, reals unless an int is constrained."""
    if node.name != "int":
        found = {
            keyword: build.promote(bound, Real()) if bound.type == Int() else bound for keyword, bound in found.items()
        }
    match name:
        case "lower_upper":
            return found["lower"], found["upper"]
        case "offset_multiplier":
            return (
                found.get("offset") or ir.RealLiteral(0.0, type=Real(), level=ir.Level.DATA, span=node.span),
                found.get("multiplier") or ir.RealLiteral(1.0, type=Real(), level=ir.Level.DATA, span=node.span),
            )
        case _:
            return tuple(found.values())
