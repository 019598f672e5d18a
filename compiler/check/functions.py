"""User functions: their signatures first, so that they may call each other, then their bodies."""

from __future__ import annotations

from dataclasses import replace

from pplc.grammar import tree

from .. import ir
from ..library.definitions import Signature
from ..library.expand import signatures_of
from ..types import Real, Type, Void, is_discrete
from .declarations import unsized
from .errors import functions as errors
from .errors import names as name_errors
from .errors import warnings
from .flow import Flow, flow_of
from .higher_order import is_special
from .scopes import CONDITIONAL, Enclosing, Scope, UserFunction, role_of, suffix_of
from .statements import check_statements


def check_functions(block: tree.FunctionsBlock | None, scope: Scope) -> tuple[ir.Function, ...]:
    """The functions of a program, in the order of their definitions."""
    definitions = block.definitions if block else ()
    registered = [_register(node, scope) for node in definitions]
    for node, overload in zip(definitions, registered, strict=True):
        _check_definition(node, overload, scope)
    for overloads in scope.program.functions.values():
        for overload in reversed(overloads):
            if not overload.defined:
                scope.report(errors.missing_definition(overload.identifier))
    pairs = zip(definitions, registered, strict=True)
    return tuple(overload.function for node, overload in pairs if overload and node.body)


# Signatures ---------------------------------------------------------------------------------------


def result_type(node: tree.UnsizedTypeSyntax) -> Type:
    """A function's result, `void` included."""
    return Void() if isinstance(node, tree.UnsizedType) and node.name == "void" else unsized(node)


def _register(node: tree.FunctionDefinition, scope: Scope) -> UserFunction | None:
    """Make a function known; None if it cannot be told from another."""
    name = node.identifier.name
    data_only = tuple(parameter.data_only for parameter in node.parameters)
    types = tuple(unsized(parameter.type) for parameter in node.parameters)
    signature = Signature(types, result_type(node.result), data_only if any(data_only) else ())
    earlier = scope.functions(name)
    same = next((overload for overload in earlier if overload.signature.arguments == types), None)
    declared = same if same and not same.defined and same.signature == signature else None
    if declared is None and _clashes(node, signature, same, scope):
        return None
    _check_function_name(node, scope)
    if declared:
        if node.body is None:
            scope.report(errors.repeated_declaration(node.identifier, declared.identifier.span))
            declared.defined = True  # that it never is would be said twice
            return None
        scope.report(warnings.needless_declaration(declared.identifier, node.identifier.span))
        declared.defined = True
        declared.function.span = node.span
        declared.function.parameters = _parameters(node, scope)
        declared.identifier = node.identifier
        return declared
    function = ir.Function(name, _parameters(node, scope), data_only, signature.result, node.span)
    overload = UserFunction(function, signature, node.identifier, node.body is not None)
    scope.program.functions[name] = [overload, *earlier]
    return overload


def _parameters(node: tree.FunctionDefinition, scope: Scope) -> tuple[ir.Variable, ...]:
    return tuple(
        ir.Variable(
            parameter.identifier.name,
            type := unsized(parameter.type),
            ir.Role.ARGUMENT,
            ir.Level.DATA if parameter.data_only else scope.level(type),
            parameter.identifier.span,
        )
        for parameter in node.parameters
    )


def _clashes(node: tree.FunctionDefinition, signature: Signature, same: UserFunction | None, scope: Scope) -> bool:
    """Whether another function takes the same types, which is reported."""
    library = next((s for s in signatures_of(node.identifier.name) if s.arguments == signature.arguments), None)
    other = same.signature if same else library
    if other is None:
        return False
    declared = same.identifier.span if same else None
    if other.result != signature.result:
        scope.report(errors.overload_by_result(node.identifier, other.result, declared))
    elif declared is None:
        scope.report(errors.library_redefinition(node.identifier, signature.arguments))
    else:
        scope.report(errors.redefinition(node.identifier, signature.arguments, declared))
    return True


def _check_function_name(node: tree.FunctionDefinition, scope: Scope) -> None:
    if is_special(node.identifier.name):
        scope.report(errors.protected_name(node.identifier))
    elif suffix_of(node.identifier.name) in ("lupdf", "lupmf"):
        scope.report(errors.unnormalised_definition(node.identifier))


# Bodies -------------------------------------------------------------------------------------------


def _check_definition(node: tree.FunctionDefinition, overload: UserFunction | None, scope: Scope) -> None:
    """The rules for names and suffixes, then the body."""
    for parameter in node.parameters:
        scope.check_name(parameter.identifier)
    scope.check_name(node.identifier)
    _check_suffix(node, scope)
    seen: dict[str, tree.Identifier] = {}
    for parameter in node.parameters:
        scope.check_free(parameter.identifier)
        if first := seen.get(parameter.identifier.name):
            scope.report(name_errors.duplicate_argument(node.identifier, parameter.identifier, first))
        seen.setdefault(parameter.identifier.name, parameter.identifier)
    if node.body is None:
        return
    result = result_type(node.result)
    inside = replace(scope.inner(), function=Enclosing(role_of(node.identifier.name), result))
    for variable in overload.function.parameters if overload else _parameters(node, scope):
        inside.bind(variable, read_only=True)
    statements = check_statements(node.body.statements, inside.inner())
    if result != Void() and flow_of(node.body) is not Flow.LEAVES:
        scope.report(errors.missing_return(node.identifier, result))
    if overload:
        overload.function.body = ir.Block(statements, span=node.body.span)


def _check_suffix(node: tree.FunctionDefinition, scope: Scope) -> None:
    """What the suffix of a function's name demands of its result and first argument."""
    name, result = node.identifier.name, result_type(node.result)
    suffix = suffix_of(name)
    if suffix in CONDITIONAL and result != Real():
        scope.report(errors.density_result(node.identifier, node.result.span, result))
    first = node.parameters[0] if node.parameters else None
    discrete = first is not None and is_discrete(unsized(first.type))
    if suffix == "lpdf" and (first is None or discrete):
        scope.report(errors.density_outcome(node.identifier, first))
    if suffix == "lpmf" and not discrete:
        scope.report(errors.mass_outcome(node.identifier, first))
