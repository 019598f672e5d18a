"""Indexing: what kind of index each is, and the type that is left."""

from __future__ import annotations

from typing import assert_never

from pplc.grammar import tree
from pplc.grammar.source import Span

from .. import ir
from ..types import (
    Array,
    Complex,
    ComplexMatrix,
    ComplexRowVector,
    ComplexVector,
    Int,
    Matrix,
    Real,
    RowVector,
    Type,
    Vector,
    array_of,
    element_of,
)  # fmt: skip
from .errors import expressions as errors
from .expressions import check_expression, check_integer
from .scopes import Scope


def check_indices(indices: tuple[tree.Index, ...], scope: Scope) -> tuple[ir.Index, ...] | None:
    """The indices in one pair of brackets."""
    checked = [_check_index(index, scope) for index in indices]
    return None if None in checked else tuple(index for index in checked if index is not None)


def _check_index(index: tree.Index, scope: Scope) -> ir.Index | None:
    match index:
        case tree.AllIndex():
            return ir.All(span=index.span)
        case tree.SingleIndex(value):
            checked = check_expression(value, scope)
            if checked is None:
                return None
            if checked.type == Int():
                return ir.Single(checked, span=index.span)
            if checked.type == Array(Int(), 1):
                return ir.Multiple(checked, span=index.span)
            scope.report(errors.index_type(value.span, checked.type))
            return None
        case tree.RangeIndex(lower, upper):
            low = check_integer(lower, "the lower end of a range", scope) if lower else None
            high = check_integer(upper, "the upper end of a range", scope) if upper else None
            if (low is None) != (lower is None) or (high is None) != (upper is None):
                return None
            return ir.Between(low, high, span=index.span)
        case _:
            assert_never(index)


def indexed_type(type: Type, indices: tuple[ir.Index, ...], span: Span, scope: Scope) -> Type | None:
    """The type of `x[indices]` for an x of this type; too many indices are reported."""
    result = _after(type, [isinstance(index, ir.Single) for index in indices])
    if result is None:
        scope.report(errors.not_indexable(span, type, len(indices)))
    return result


def _after(type: Type, single: list[bool]) -> Type | None:
    """The type left after indices that pick one element (True) or several (False)."""
    match type, single:
        case _, []:
            return type
        case Array(), [True, *rest]:
            return _after(element_of(type), rest)
        case Array(), [False, *rest]:
            inner = _after(element_of(type), rest)
            return inner and array_of(inner)
        case (Vector() | RowVector(), [True]) | (Matrix(), [True, True]):
            return Real()
        case (ComplexVector() | ComplexRowVector(), [True]) | (ComplexMatrix(), [True, True]):
            return Complex()
        case (Vector() | RowVector() | ComplexVector() | ComplexRowVector(), [False]):
            return type
        case (Matrix() | ComplexMatrix(), [False] | [False, False]):
            return type
        case Matrix(), [True] | [True, False]:
            return RowVector()
        case ComplexMatrix(), [True] | [True, False]:
            return ComplexRowVector()
        case Matrix(), [False, True]:
            return Vector()
        case ComplexMatrix(), [False, True]:
            return ComplexVector()
        case _:
            return None
