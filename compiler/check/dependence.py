"""Dependence: whether a value counts as depending on parameters, where an argument must be data only.

The rule is Stan's, which looks at declarations and not at what is computed: a local variable of the model
counts as depending on parameters whatever is assigned to it, an integer never does, and in generated quantities
nothing does any more.
"""

from __future__ import annotations

from typing import assert_never

from .. import ir
from ..types import Array, Tuple, Type, is_discrete
from .scopes import Scope, Section

# Comparisons are integers, and still depend on what they compare.
_COMPARISONS = frozenset(f"logical_{name}" for name in ("eq", "neq", "lt", "lte", "gt", "gte", "negation"))


def varies(expression: ir.Expression, scope: Scope) -> bool:
    """Whether a data-only argument may not be this expression."""
    return scope.section is not Section.GENERATED_QUANTITIES and _varies(expression)


def parts_vary(expression: ir.Expression, scope: Scope) -> tuple[bool, ...]:
    """The same for each element of a tuple."""
    parts = _parts(expression.type)
    if isinstance(expression, ir.TupleLiteral):
        return tuple(varies(element, scope) for element in expression.elements)
    if scope.section is Section.GENERATED_QUANTITIES:
        return (False,) * len(parts)
    return tuple(_element_varies(expression, number) for number in range(1, len(parts) + 1))


def _varies(expression: ir.Expression) -> bool:
    match expression:
        case ir.IntegerLiteral() | ir.RealLiteral() | ir.ImaginaryLiteral() | ir.StringLiteral():
            return False
        case ir.Reference(variable):
            return variable.level is ir.Level.PARAMETER and not is_discrete(variable.type)
        case ir.FunctionReference() | ir.TargetValue():
            return True
        case ir.Promote(value):
            return _varies(value)
        case ir.Conditional(test, then, otherwise):
            return _varies(test) or _varies(then) or _varies(otherwise)
        case ir.And(left, right) | ir.Or(left, right):
            return _varies(left) or _varies(right)
        case ir.LibraryCall(name, arguments):
            return (not is_discrete(expression.type) or name in _COMPARISONS) and any(map(_varies, arguments))
        case ir.UserCall(_, arguments):
            return not is_discrete(expression.type) and any(map(_varies, arguments))
        case ir.Indexed(base, indices):
            return _varies(base) or any(map(_index_varies, indices))
        case ir.TupleElement(base, number):
            return _element_varies(base, number)
        case ir.ArrayLiteral(elements) | ir.RowVectorLiteral(elements) | ir.TupleLiteral(elements):
            return any(map(_varies, elements))
        case ir.MatrixLiteral(rows):
            return any(map(_varies, rows))
        case _:
            assert_never(expression)


def _index_varies(index: ir.Index) -> bool:
    match index:
        case ir.Single(value) | ir.Multiple(value):
            return _varies(value)
        case ir.Between(lower, upper):
            return any(_varies(bound) for bound in (lower, upper) if bound is not None)
        case ir.All():
            return False
        case _:
            assert_never(index)


def _element_varies(base: ir.Expression, number: int) -> bool:
    """Whether one element of a tuple does."""
    if isinstance(base, ir.TupleLiteral):
        return _varies(base.elements[number - 1])
    return not is_discrete(_parts(base.type)[number - 1]) and _varies(base)


def _parts(type: Type) -> tuple[Type, ...]:
    match type:
        case Tuple(elements):
            return elements
        case Array(element):
            return _parts(element)
        case _:
            raise AssertionError(f"{type} has no elements")
