"""Building typed expressions: levels, promotions, library calls, merged index chains."""

from __future__ import annotations

from collections.abc import Iterable

from pplc.grammar.source import Span

from .. import ir
from ..library.definitions import Signature
from ..types import (
    Array,
    Complex,
    ComplexMatrix,
    ComplexRowVector,
    FunctionType,
    Matrix,
    Real,
    RowVector,
    Tuple,
    Type,
    element_of,
)  # fmt: skip

# What these return depends on the shapes of their arguments, which the parameters do not change.
_SHAPE_ONLY = frozenset(("num_elements", "size", "rows", "cols", "dims"))


def level_of(expressions: Iterable[ir.Expression]) -> ir.Level:
    """The level of something computed from all of these."""
    return max((expression.level for expression in expressions), default=ir.Level.DATA)


def library_call(name: str, arguments: tuple[ir.Expression, ...], result: Type, span: Span) -> ir.LibraryCall:
    """A call whose arguments already have the types of its signature."""
    level = ir.Level.DATA if name in _SHAPE_ONLY else level_of(arguments)
    return ir.LibraryCall(name, arguments, type=result, level=level, span=span)


def promote_all(arguments: Iterable[ir.Expression], signature: Signature) -> tuple[ir.Expression, ...]:
    """The arguments as the chosen signature takes them."""
    return tuple(promote(value, wanted) for value, wanted in zip(arguments, signature.arguments, strict=True))


def promote(value: ir.Expression, wanted: Type) -> ir.Expression:
    """The value as the wider type; literals are promoted element by element."""
    if value.type == wanted or isinstance(wanted, FunctionType):
        return value
    match value, wanted:
        case ir.ArrayLiteral(elements), Array():
            inner = element_of(wanted)
            promoted = tuple(promote(element, inner) for element in elements)
            return ir.ArrayLiteral(promoted, type=wanted, level=value.level, span=value.span)
        case ir.TupleLiteral(elements), Tuple(types):
            parts = tuple(promote(element, type) for element, type in zip(elements, types, strict=True))
            return ir.TupleLiteral(parts, type=wanted, level=value.level, span=value.span)
        case ir.RowVectorLiteral(elements), ComplexRowVector():
            numbers = tuple(promote(element, Complex()) for element in elements)
            return ir.RowVectorLiteral(numbers, type=wanted, level=value.level, span=value.span)
        case ir.MatrixLiteral(rows), ComplexMatrix():
            wider = tuple(promote(row, ComplexRowVector()) for row in rows)
            return ir.MatrixLiteral(wider, type=wanted, level=value.level, span=value.span)
        case _:
            return ir.Promote(value, type=wanted, level=value.level, span=value.span)


def row_vector(elements: tuple[ir.Expression, ...], scalar: Type, span: Span) -> ir.RowVectorLiteral:
    """`[a, b]` with elements of the given kind of number."""
    type: Type = ComplexRowVector() if isinstance(scalar, Complex) else RowVector()
    wanted: Type = Complex() if isinstance(scalar, Complex) else Real()
    numbers = tuple(promote(element, wanted) for element in elements)
    return ir.RowVectorLiteral(numbers, type=type, level=level_of(elements), span=span)


def matrix(rows: tuple[ir.Expression, ...], row: Type, span: Span) -> ir.MatrixLiteral:
    """`[a, b]` with rows of the given type."""
    type: Type = ComplexMatrix() if isinstance(row, ComplexRowVector) else Matrix()
    promoted = tuple(promote(element, row) for element in rows)
    return ir.MatrixLiteral(promoted, type=type, level=level_of(rows), span=span)


def indexed(base: ir.Expression, indices: tuple[ir.Index, ...], type: Type, span: Span) -> ir.Expression:
    """`base[indices]`; an index that picks one element is merged with those that follow it, `a[i][j]` is `a[i, j]`."""
    if not indices:
        return base
    level = max([base.level, *map(index_level, indices)])
    if isinstance(base, ir.Indexed) and all(isinstance(index, ir.Single) for index in base.indices):
        return ir.Indexed(base.base, (*base.indices, *indices), type=type, level=level, span=span)
    return ir.Indexed(base, indices, type=type, level=level, span=span)


def index_level(index: ir.Index) -> ir.Level:
    """What the choice of elements depends on."""
    match index:
        case ir.Single(value) | ir.Multiple(value):
            return value.level
        case ir.Between(lower, upper):
            return level_of(bound for bound in (lower, upper) if bound is not None)
        case ir.All():
            return ir.Level.DATA
