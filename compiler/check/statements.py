"""Statements: each becomes a typed statement, or None when a mistake in it has been reported."""

from __future__ import annotations

from typing import assert_never

from pplc.grammar import tree

from .. import ir
from ..promotion import promotion_cost
from ..types import Array, Int, Matrix, Real, RowVector, String, Type, Vector, Void, element_of
from . import build
from .assignments import check_assignment, check_unpacking
from .calls import check_call_statement
from .declarations import check_declaration
from .densities import check_tilde
from .errors import placement as placement_errors
from .errors import statements as errors
from .expressions import check_condition, check_expression, check_integer, check_value
from .flow import warn_unreachable
from .scopes import Scope, Section


def check_statements(nodes: tuple[tree.Statement, ...], scope: Scope) -> tuple[ir.Statement, ...]:
    """A list of statements; its declarations are seen by what follows them."""
    checked = tuple(statement for node in nodes for statement in check_statement(node, scope))
    warn_unreachable(nodes, scope)
    return checked


def check_statement(node: tree.Statement, scope: Scope) -> list[ir.Statement]:
    """The statements that one becomes: none for an empty or a faulty one, several for `real x, y;`."""
    if isinstance(node, tree.Declaration):
        return list(check_declaration(node, scope, top_level=False))
    checked = _check(node, scope)
    return [checked] if checked else []


def _check(node: tree.Statement, scope: Scope) -> ir.Statement | None:
    span = node.span
    match node:
        case tree.Declaration():
            raise AssertionError("declarations make several statements")
        case tree.Assignment():
            return check_assignment(node, scope)
        case tree.TupleAssignment():
            return check_unpacking(node, scope)
        case tree.Tilde():
            return check_tilde(node, scope)
        case tree.TargetIncrement(value):
            added = _check_increment(value, "target +=", scope)
            if scope.role != "lp" and scope.section is not Section.MODEL:
                scope.report(placement_errors.misplaced_target("target +=", span))
            return ir.TargetIncrement(added, span=span) if added else None
        case tree.JacobianIncrement(value):
            added = _check_increment(value, "jacobian +=", scope)
            if scope.role != "jacobian" and scope.section is not Section.TRANSFORMED_PARAMETERS:
                scope.report(placement_errors.misplaced_jacobian("jacobian +=", span))
            return ir.JacobianIncrement(added, span=span) if added else None
        case tree.CallStatement(call):
            resolved = check_call_statement(call, scope)
            return ir.CallStatement(resolved, span=span) if resolved else None
        case tree.If(test, then, otherwise):
            condition = check_condition(test, "`if`", scope)
            first = _check_body(then, scope.inner())
            second = _check_body(otherwise, scope.inner()) if otherwise else None
            return ir.If(condition, first, second, span=span) if condition else None
        case tree.For():
            return _check_for(node, scope)
        case tree.ForEach():
            return _check_for_each(node, scope)
        case tree.While(test, body):
            condition = check_condition(test, "`while`", scope)
            repeated = _check_body(body, scope.loop())
            return ir.While(condition, repeated, span=span) if condition else None
        case tree.Break():
            if not scope.loops:
                scope.report(errors.outside_loop("break", span))
            return ir.Break(span=span)
        case tree.Continue():
            if not scope.loops:
                scope.report(errors.outside_loop("continue", span))
            return ir.Continue(span=span)
        case tree.Return():
            return _check_return(node, scope)
        case tree.Block(statements):
            return ir.Block(check_statements(statements, scope.inner()), span=span)
        case tree.Print(arguments):
            return ir.Print(_check_printed(arguments, scope), span=span)
        case tree.Reject(arguments):
            return ir.Reject(_check_printed(arguments, scope), span=span)
        case tree.FatalError(arguments):
            return ir.FatalError(_check_printed(arguments, scope), span=span)
        case tree.Profile(label, body):
            inside = ir.Block(check_statements(body.statements, scope.inner()), span=body.span)
            return ir.Profile(label.text, inside, span=span)
        case tree.Empty():
            return None
        case _:
            assert_never(node)


def _check_body(node: tree.Statement, scope: Scope) -> ir.Statement:
    """The body of a loop or branch; an empty one is an empty block."""
    statements = tuple(check_statement(node, scope))
    return statements[0] if len(statements) == 1 else ir.Block(statements, span=node.span)


def _check_increment(node: tree.Expression, what: str, scope: Scope) -> ir.Expression | None:
    checked = check_expression(node, scope)
    if isinstance(checked, ir.FunctionReference):
        scope.report(errors.increment_type(what, node.span))
        return None
    return checked


def _check_printed(nodes: tuple[tree.Expression, ...], scope: Scope) -> tuple[ir.Expression, ...]:
    """What print and reject show: texts and values."""
    shown: list[ir.Expression] = []
    for node in nodes:
        if isinstance(node, tree.StringLiteral):
            shown.append(ir.StringLiteral(node.text, type=String(), level=ir.Level.DATA, span=node.span))
        elif value := check_value(node, scope):
            shown.append(value)
    return tuple(shown)


# Loops --------------------------------------------------------------------------------------------


def _check_for(node: tree.For, scope: Scope) -> ir.Statement | None:
    lower = check_integer(node.lower, "the first value of a loop", scope)
    upper = check_integer(node.upper, "the last value of a loop", scope)
    inside = scope.loop()
    variable = inside.declare(node.variable, Int(), role=ir.Role.LOOP)
    body = _check_body(node.body, inside)
    if lower is None or upper is None:
        return None
    return ir.For(variable, lower, upper, body, span=node.span)


def _check_for_each(node: tree.ForEach, scope: Scope) -> ir.Statement | None:
    container = check_value(node.container, scope)
    if container is None:
        return None
    element = _element_type(container.type)
    if element is None:
        scope.report(errors.loop_container(node.container.span, container.type))
        return None
    inside = scope.loop()
    variable = inside.declare(node.variable, element, role=ir.Role.LOOP)
    return ir.ForEach(variable, container, _check_body(node.body, inside), span=node.span)


def _element_type(container: Type) -> Type | None:
    """What a loop over a container visits."""
    match container:
        case Array():
            return element_of(container)
        case Vector() | RowVector() | Matrix():
            return Real()
        case _:
            return None


# Return -------------------------------------------------------------------------------------------


def _check_return(node: tree.Return, scope: Scope) -> ir.Statement | None:
    function = scope.function
    returns_value = function is not None and function.result != Void()
    if node.value is None:
        if function is None or returns_value:
            scope.report(errors.return_without_value(node.span, function.result if function else None))
        return ir.Return(None, span=node.span)
    if function is None or not returns_value:
        scope.report(errors.misplaced_return(node.span, in_function=function is not None))
        return None
    value = check_value(node.value, scope)
    if value is None:
        return None
    if promotion_cost(value.type, function.result) is None:
        scope.report(errors.return_type(node.value.span, value.type, function.result))
        return None
    return ir.Return(build.promote(value, function.result), span=node.span)
