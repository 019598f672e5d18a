"""Expressions: a typed expression for each node of the tree, or None when a mistake in it has been reported.

What depends on an ill-typed expression says nothing more about it, so that each mistake is reported once.
"""

from __future__ import annotations

from typing import assert_never

from pplc.grammar import tree
from pplc.grammar.source import Span

from .. import ir, synthetic
from ..library.expand import signatures_of
from ..promotion import common_type
from ..types import (
    Complex,
    ComplexRowVector,
    FunctionType,
    Int,
    Real,
    RowVector,
    Tuple,
    Type,
    Void,
    array_of,
)  # fmt: skip
from . import build
from .errors import expressions as errors
from .errors import placement as placement_errors
from .overloads import Overload, function_reference
from .scopes import Scope, Section, normalised, suffix_of

_LARGEST_INT = 2**31 - 1
_ANY_FUNCTION = FunctionType((), Void(), "library")  # a library function by name: its overloads have many types


def check_expression(node: tree.Expression, scope: Scope) -> ir.Expression | None:
    """The typed expression, None if something in it is wrong."""
    span = node.span
    match node:
        case tree.IntegerLiteral(text):
            return _integer(text, span, scope)
        case tree.RealLiteral(text):
            return ir.RealLiteral(_number(text), type=Real(), level=ir.Level.DATA, span=span)
        case tree.ImaginaryLiteral(text):
            value = _number(text.removesuffix("i"))
            return ir.ImaginaryLiteral(value, type=Complex(), level=ir.Level.DATA, span=span)
        case tree.StringLiteral():
            raise AssertionError("texts occur in print and reject only")
        case tree.Variable(name):
            return check_name(name, span, scope)
        case tree.Unary(_, operand):
            checked = check_value(operand, scope)
            return operators.check_prefix(node, checked, scope) if checked else None
        case tree.Transpose(operand):
            checked = check_value(operand, scope)
            return operators.check_transpose(node, checked, scope) if checked else None
        case tree.Binary(_, left, right):
            first, second = check_value(left, scope), check_value(right, scope)
            return operators.check_binary(node, first, second, scope) if first and second else None
        case tree.Conditional():
            return _conditional(node, scope)
        case tree.Group(inner):
            return check_expression(inner, scope)
        case tree.Indexed(base, indices):
            return _indexed(base, indices, span, scope)
        case tree.TupleElement(base, number):
            checked = check_value(base, scope)
            return tuple_element(checked, number, span, scope) if checked else None
        case tree.Call(function, arguments):
            return calls.check_call(function, arguments, span, scope)
        case tree.DensityCall(function, outcome, arguments):
            return calls.check_call(function, (outcome, *arguments), span, scope, bar=True)
        case tree.TargetValue():
            return _target(span, scope)
        case tree.ArrayLiteral(elements):
            return _array(elements, span, scope)
        case tree.RowLiteral(elements):
            return _rows(elements, span, scope)
        case tree.TupleLiteral(elements):
            return _tuple(elements, span, scope)
        case _:
            assert_never(node)


def check_value(node: tree.Expression, scope: Scope) -> ir.Expression | None:
    """An expression that is not the name of a function."""
    checked = check_expression(node, scope)
    if isinstance(checked, ir.FunctionReference):
        scope.report(errors.function_as_value(node.span, checked.name))
        return None
    return checked


def check_integer(node: tree.Expression, what: str, scope: Scope) -> ir.Expression | None:
    """An expression that has to be an int; `what` begins the message if it is not."""
    checked = check_value(node, scope)
    if checked and checked.type != Int():
        scope.report(errors.integer_expected(what, node.span, checked.type))
        return None
    return checked


def check_condition(node: tree.Expression, what: str, scope: Scope) -> ir.Expression | None:
    """The condition of `what`, an int."""
    checked = check_value(node, scope)
    if checked and checked.type != Int():
        scope.report(errors.condition_type(what, node.span, checked.type))
        return None
    return checked


# Names --------------------------------------------------------------------------------------------


def check_name(name: str, span: Span, scope: Scope) -> ir.Expression | None:
    """A variable's value, or a function that is about to be passed to another."""
    scope.check_name(tree.Identifier(name, span=span))
    if binding := scope.variable(name):
        variable = binding.variable
        if scope.in_top_level_size and binding.section in _NOT_IN_SIZES:
            scope.report(placement_errors.size_not_data(name, span, binding.section.value, variable.span))
            return None
        return synthetic.reference(variable, span)
    if latest_first := scope.functions(normalised(name)):
        check_unnormalised(name, span, scope)
        return function_reference(name, Overload(latest_first[0].signature, latest_first[0]), span)
    if signatures_of(normalised(name)):
        check_unnormalised(name, span, scope)
        return ir.FunctionReference(None, normalised(name), type=_ANY_FUNCTION, level=ir.Level.DATA, span=span)
    scope.report_undeclared(name, span)
    return None


_NOT_IN_SIZES = (Section.PARAMETERS, Section.TRANSFORMED_PARAMETERS, Section.GENERATED_QUANTITIES)


def check_unnormalised(name: str, span: Span, scope: Scope) -> None:
    """`_lupdf` and `_lupmf` make sense only where a density is being added up."""
    allowed = scope.section is Section.MODEL or scope.role in ("lpdf", "lpmf")
    if suffix_of(name) in ("lupdf", "lupmf") and not allowed:
        scope.report(placement_errors.misplaced_unnormalised(name, normalised(name), span))


# Literals -----------------------------------------------------------------------------------------


def _integer(text: str, span: Span, scope: Scope) -> ir.Expression | None:
    value = int(text.replace("_", ""))
    if value > _LARGEST_INT:
        scope.report(errors.integer_too_large(span))
        return None
    return synthetic.integer(value, span)


def _number(text: str) -> float:
    return float(text.replace("_", ""))


def _elements(nodes: tuple[tree.Expression, ...], scope: Scope) -> tuple[ir.Expression, ...] | None:
    checked = [check_value(node, scope) for node in nodes]
    return None if None in checked else tuple(element for element in checked if element)


def _array(nodes: tuple[tree.Expression, ...], span: Span, scope: Scope) -> ir.Expression | None:
    elements = _elements(nodes, scope)
    if elements is None:
        return None
    type: Type = elements[0].type
    for element in elements:
        wider = common_type(type, element.type)
        if wider is None:
            scope.report(errors.mixed_array(element.span, element.type, elements[0].span, type))
            return None
        type = wider
    promoted = tuple(build.promote(element, type) for element in elements)
    return ir.ArrayLiteral(promoted, type=array_of(type), level=build.level_of(promoted), span=span)


def _rows(nodes: tuple[tree.Expression, ...], span: Span, scope: Scope) -> ir.Expression | None:
    """`[...]`: a matrix when its first element is a row, else a row vector."""
    elements = _elements(nodes, scope)
    if elements is None:
        return None
    first: Type = elements[0].type if elements else Real()
    is_matrix = isinstance(first, RowVector | ComplexRowVector)
    type: Type = first if is_matrix else Real()
    for element in elements:
        wider = common_type(type, element.type)
        if wider is None:
            wrong = errors.matrix_row if is_matrix else errors.row_vector_element
            scope.report(wrong(element.span, element.type))
            return None
        type = wider
    return build.matrix(elements, type, span) if is_matrix else build.row_vector(elements, type, span)


def _tuple(nodes: tuple[tree.Expression, ...], span: Span, scope: Scope) -> ir.Expression | None:
    elements = _elements(nodes, scope)
    if elements is None:
        return None
    type = Tuple(tuple(element.type for element in elements))
    return ir.TupleLiteral(elements, type=type, level=build.level_of(elements), span=span)


# The rest -----------------------------------------------------------------------------------------


def _conditional(node: tree.Conditional, scope: Scope) -> ir.Expression | None:
    test = check_condition(node.test, "`? :`", scope)
    then, otherwise = check_value(node.then, scope), check_value(node.otherwise, scope)
    if not (test and then and otherwise):
        return None
    type = common_type(then.type, otherwise.type)
    if type is None:
        sides = (node.then.span, then.type), (node.otherwise.span, otherwise.type)
        scope.report(errors.branch_types(node.span, *sides))
        return None
    level = build.level_of((test, then, otherwise))
    return ir.Conditional(
        test, build.promote(then, type), build.promote(otherwise, type), type=type, level=level, span=node.span
    )


def _indexed(base: tree.Expression, indices: tuple[tree.Index, ...], span: Span, scope: Scope) -> ir.Expression | None:
    checked_indices = indexing.check_indices(indices, scope)
    checked = check_value(base, scope)
    if checked is None or checked_indices is None:
        return None
    type = indexing.indexed_type(checked.type, checked_indices, span, scope)
    return build.indexed(checked, checked_indices, type, span) if type else None


def tuple_element(base: ir.Expression, number: int, span: Span, scope: Scope) -> ir.Expression | None:
    """`base.number`."""
    type = element_type(base.type, number, span, scope)
    return ir.TupleElement(base, number, type=type, level=base.level, span=span) if type else None


def element_type(type: Type, number: int, span: Span, scope: Scope) -> Type | None:
    """The type of element `number` of a tuple; a wrong number, or no tuple, is reported."""
    if not isinstance(type, Tuple):
        scope.report(errors.not_a_tuple(span, type))
        return None
    if not 1 <= number <= len(type.elements):
        scope.report(errors.tuple_element(span, number, len(type.elements)))
        return None
    return type.elements[number - 1]


def _target(span: Span, scope: Scope) -> ir.Expression | None:
    if scope.role != "lp" and scope.section not in (Section.MODEL, Section.TRANSFORMED_PARAMETERS):
        scope.report(placement_errors.misplaced_target("target()", span))
        return None
    return ir.TargetValue(type=Real(), level=ir.Level.PARAMETER, span=span)


# At the end because these modules check the expressions inside calls and indices.
from . import calls, indexing, operators  # noqa: E402
