"""Library functions about sizes and parts of containers: answered from shapes, or turned into indexing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .. import ir
from ..types import ComplexMatrix, ComplexRowVector, Int, Matrix, RowVector, dims_of, is_complex
from . import errors, expressions
from .accesses import Dependent
from .frames import ROOT
from .indexing import PerLane, Selector, Several, Whole
from .scope import Ragged, Scope
from .values import AnyValue, Numbers, TupleValue, Value

type ShortCut = Callable[[ir.LibraryCall, list[AnyValue], Scope], AnyValue | None]


def _shape_of(value: AnyValue) -> tuple[int, ...]:
    """The sizes of a value's axes; of an array of tuples, those of the array."""
    if isinstance(value, TupleValue):
        dimensions = getattr(value.type, "dimensions", 0)
        return _shape_of(value.elements[0])[:dimensions]
    return value.shape[:-1] if is_complex(value.type) else value.shape


def _known(number: int) -> Value:
    return Value(np.asarray(number), Int(), ROOT, literal=True)


def _size(e: ir.LibraryCall, values: list[AnyValue], scope: Scope) -> AnyValue:
    shape = _shape_of(values[0])
    if isinstance(e.arguments[0].type, Matrix | ComplexMatrix):
        return _known(int(np.prod(shape)))
    return _known(shape[0] if shape else 1)


def _num_elements(e: ir.LibraryCall, values: list[AnyValue], scope: Scope) -> AnyValue:
    return _known(int(np.prod(_shape_of(values[0]))))


def _rows(e: ir.LibraryCall, values: list[AnyValue], scope: Scope) -> AnyValue:
    return _known(1 if isinstance(e.arguments[0].type, RowVector | ComplexRowVector) else _shape_of(values[0])[0])


def _cols(e: ir.LibraryCall, values: list[AnyValue], scope: Scope) -> AnyValue:
    shape = _shape_of(values[0])
    is_row = isinstance(e.arguments[0].type, RowVector | ComplexRowVector)
    return _known(shape[1] if len(shape) == 2 else shape[0] if is_row else 1)


def _dims(e: ir.LibraryCall, values: list[AnyValue], scope: Scope) -> AnyValue:
    shape = dims_of(e.arguments[0].type, _shape_of(values[0]), 1)
    return Value(np.asarray(shape, dtype=np.int64), e.type, ROOT, literal=True)


def _positions(value: AnyValue, scope: Scope) -> Numbers:
    """An integer argument over the lanes in force."""
    if not isinstance(value, Value) or not value.concrete:
        raise Dependent("an index depends on parameters")
    return np.asarray(expressions.lifted(value, scope.lanes, scope).numbers)


def _range(e: ir.LibraryCall, first: Numbers, count: Numbers, length: int, scope: Scope) -> Selector:
    """The selector of `count` elements from position `first` (from 0), over the lanes in force."""
    first, count = np.asarray(first), np.asarray(count)
    if not (count == count.flat[0]).all():
        raise Ragged(scope.lanes, count)
    number = int(count.flat[0])
    outside = (first < 0) | (first + number > length)
    if number and outside.any():
        start = int(first[outside].flat[0])
        found = start + 1 if start < 0 or start >= length else start + number
        raise errors.index_out_of_range(e.span, e.arguments[0].span.text, 1, found, length)
    if number < 0:
        raise errors.negative_size(e.span, e.name, number)
    return Several(first[..., None] + np.arange(number))


def _one(e: ir.LibraryCall, value: AnyValue, length: int, scope: Scope) -> Selector:
    positions = np.asarray(_positions(value, scope))
    outside = (positions < 1) | (positions > length)
    if outside.any():
        raise errors.index_out_of_range(e.span, e.arguments[0].span.text, 1, int(positions[outside].flat[0]), length)
    return PerLane(positions - 1)


def _parts(pick: Callable[..., list[Selector]]) -> ShortCut:
    """A short cut that selects a part of its first argument."""

    def short_cut(e: ir.LibraryCall, values: list[AnyValue], scope: Scope) -> AnyValue | None:
        whole = values[0]
        if not isinstance(whole, Value):
            return None
        own = pick(e, whole.shape, values[1:], scope)
        own += [Whole(n) for n in whole.shape[len(own) :]]
        return expressions.select(whole, own, e.type, scope)

    return short_cut


def _head(e: ir.LibraryCall, shape: tuple[int, ...], rest: list[AnyValue], scope: Scope) -> list[Selector]:
    count = _positions(rest[0], scope)
    return [_range(e, np.zeros_like(count), count, shape[0], scope)]


def _tail(e: ir.LibraryCall, shape: tuple[int, ...], rest: list[AnyValue], scope: Scope) -> list[Selector]:
    count = np.asarray(_positions(rest[0], scope))
    return [_range(e, shape[0] - count, count, shape[0], scope)]


def _segment(e: ir.LibraryCall, shape: tuple[int, ...], rest: list[AnyValue], scope: Scope) -> list[Selector]:
    first, count = (np.asarray(_positions(v, scope)) for v in rest)
    return [_range(e, first - 1, count, shape[0], scope)]


def _row(e: ir.LibraryCall, shape: tuple[int, ...], rest: list[AnyValue], scope: Scope) -> list[Selector]:
    return [_one(e, rest[0], shape[0], scope)]


def _col(e: ir.LibraryCall, shape: tuple[int, ...], rest: list[AnyValue], scope: Scope) -> list[Selector]:
    return [Whole(shape[0]), _one(e, rest[0], shape[1], scope)]


def _block(e: ir.LibraryCall, shape: tuple[int, ...], rest: list[AnyValue], scope: Scope) -> list[Selector]:
    row, column, rows, columns = (np.asarray(_positions(v, scope)) for v in rest)
    return [_range(e, row - 1, rows, shape[0], scope), _range(e, column - 1, columns, shape[1], scope)]


def _sub_col(e: ir.LibraryCall, shape: tuple[int, ...], rest: list[AnyValue], scope: Scope) -> list[Selector]:
    row, count = (np.asarray(_positions(rest[k], scope)) for k in (0, 2))
    return [_range(e, row - 1, count, shape[0], scope), _one(e, rest[1], shape[1], scope)]


def _sub_row(e: ir.LibraryCall, shape: tuple[int, ...], rest: list[AnyValue], scope: Scope) -> list[Selector]:
    column, count = (np.asarray(_positions(v, scope)) for v in rest[1:])
    return [_one(e, rest[0], shape[0], scope), _range(e, column - 1, count, shape[1], scope)]


SHORT_CUTS: dict[str, ShortCut] = {
    "size": _size,
    "num_elements": _num_elements,
    "rows": _rows,
    "cols": _cols,
    "dims": _dims,
    "head": _parts(_head),
    "tail": _parts(_tail),
    "segment": _parts(_segment),
    "row": _parts(_row),
    "col": _parts(_col),
    "block": _parts(_block),
    "sub_col": _parts(_sub_col),
    "sub_row": _parts(_sub_row),
}
