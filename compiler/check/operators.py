"""Operators: each is a call of a library function, chosen by the types of its operands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pplc.grammar import tree
from pplc.grammar.source import Span

from .. import ir
from ..library.definitions import Signature
from ..library.expand import signatures_of
from ..signatures import Argument, Chosen
from ..types import Array, Int, Matrix, Real, Type
from . import build
from .errors import expressions as errors
from .overloads import library_choice
from .scopes import Scope

# Where two functions serve an operator, the first that fits the operands is meant.
BINARY: dict[str, tuple[str, ...]] = {
    "||": ("logical_or",),
    "&&": ("logical_and",),
    "==": ("logical_eq",),
    "!=": ("logical_neq",),
    "<": ("logical_lt",),
    "<=": ("logical_lte",),
    ">": ("logical_gt",),
    ">=": ("logical_gte",),
    "+": ("add",),
    "-": ("subtract",),
    "*": ("multiply",),
    "/": ("mdivide_right", "divide"),
    ".*": ("elt_multiply",),
    "./": ("elt_divide",),
    "%": ("modulus",),
    "%/%": ("divide",),
    "\\": ("mdivide_left",),
    "^": ("pow",),
    ".^": ("pow",),
}
_COMPARISONS = frozenset(("==", "!=", "<", "<=", ">", ">="))
_PREFIX = {"!": "logical_negation", "-": "minus", "+": "plus"}


@cache
def _meaning(names: tuple[str, ...], types: tuple[Type, ...]) -> tuple[str, Signature] | None:
    """The library function and signature that an operator means between these types."""
    arguments = tuple(Argument(type, varies=False) for type in types)
    for name in names:
        if isinstance(choice := library_choice(name, arguments), Chosen):
            return name, signatures_of(name)[choice.index]
    return None


def apply(names: tuple[str, ...], operands: Sequence[ir.Expression], span: Span) -> ir.Expression | None:
    """The call that an operator means, None if it does not take these operands."""
    meaning = _meaning(names, tuple(operand.type for operand in operands))
    if meaning is None:
        return None
    name, signature = meaning
    arguments = build.promote_all(operands, signature)
    match name, arguments:
        case "logical_and", (left, right):
            return ir.And(left, right, type=Int(), level=build.level_of(arguments), span=span)
        case "logical_or", (left, right):
            return ir.Or(left, right, type=Int(), level=build.level_of(arguments), span=span)
        case "plus", (operand,):
            return operand
        case _:
            return build.library_call(name, arguments, signature.result, span)


def check_binary(node: tree.Binary, left: ir.Expression, right: ir.Expression, scope: Scope) -> ir.Expression | None:
    """`left operator right`."""
    _warn(node, left, right, scope)
    integers_only = node.operator == "%/%" and not (left.type == right.type == Int())
    result = None if integers_only else apply(BINARY[node.operator], (left, right), node.span)
    if result is None:
        sides = (node.left.span, left.type), (node.right.span, right.type)
        scope.report(errors.operand_types(node.operator, node.span, *sides))
    return result


def check_prefix(node: tree.Unary, operand: ir.Expression, scope: Scope) -> ir.Expression | None:
    """`-x`, `+x`, `!x`."""
    result = apply((_PREFIX[node.operator],), (operand,), node.span)
    if result is None:
        scope.report(errors.operand_type(node.operator, node.span, operand.type))
    return result


def check_transpose(node: tree.Transpose, operand: ir.Expression, scope: Scope) -> ir.Expression | None:
    """`x'`."""
    result = apply(("transpose",), (operand,), node.span)
    if result is None:
        scope.report(errors.operand_type("'", node.span, operand.type))
    return result


def _warn(node: tree.Binary, left: ir.Expression, right: ir.Expression, scope: Scope) -> None:
    """What is allowed and rarely meant."""
    match node.operator, left.type, right.type:
        case "/", Int(), Int() if not _is_whole(node):
            scope.report(errors.integer_division(node.span, node.left.span.text, node.right.span.text))
        case "^", Matrix() | Array(Matrix(), 1), Int() | Real():
            scope.report(errors.matrix_power(node.span, node.left.span.text, node.right.span.text))
        case _:
            pass
    if node.operator in _COMPARISONS and isinstance(node.left, tree.Binary) and node.left.operator in _COMPARISONS:
        inner = node.left
        sides = inner.left.span.text, inner.right.span.text
        scope.report(
            errors.chained_comparison(node.span, *sides, (inner.operator, node.operator), node.right.span.text)
        )


def _is_whole(quotient: tree.Binary) -> bool:
    """Whether it is n * (n - 1) / 2 or n * (n + 1) / 2: one of two consecutive integers is even."""
    match _inner(quotient.left), quotient.right:
        case tree.Binary("*", left, right), tree.IntegerLiteral("2"):
            return _is_next(left, right) or _is_next(right, left)
        case _:
            return False


def _is_next(one: tree.Expression, other: tree.Expression) -> bool:
    """Whether the other is written as the one plus or minus 1."""
    match _inner(other):
        case tree.Binary("+" | "-", start, tree.IntegerLiteral("1")):
            return _text(start) == _text(one)
        case _:
            return False


def _inner(expression: tree.Expression) -> tree.Expression:
    while isinstance(expression, tree.Group):
        expression = expression.inner
    return expression


def _text(expression: tree.Expression) -> str:
    return "".join(_inner(expression).span.text.split())
