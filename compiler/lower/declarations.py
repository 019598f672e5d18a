"""Declared sizes: the shape of a new variable, and whether a value fits it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .. import ir
from ..types import Array, is_complex, is_discrete
from . import errors, expressions
from .scope import Scope
from .values import AnyValue, TupleValue, Value

SMALLEST_INT = -(2**31)  # Stan's value of an uninitialised int


def declared_shape(name: str, sized: ir.Sized, scope: Scope) -> tuple[int, ...]:
    """The sizes of a declared variable, array sizes first; the two parts of complex numbers last."""
    shape = lengths(name, (*sized.array_sizes, *sized.inner_sizes), scope)
    return (*shape, 2) if is_complex(sized.type) else shape


def lengths(name: str, sizes: Sequence[ir.Expression], scope: Scope) -> tuple[int, ...]:
    """The values of declared sizes."""
    found = []
    for size in sizes:
        length = expressions.one_integer(size, scope)
        if length < 0:
            raise errors.negative_size(size.span, name, length)
        found.append(length)
    return tuple(found)


def uninitialised(name: str, sized: ir.SizedType, scope: Scope, outer: tuple[int, ...] = ()) -> AnyValue:
    """The value of a variable before anything is assigned: nan, or the smallest int."""
    if isinstance(sized, ir.SizedTuple):
        sizes = (*outer, *lengths(name, sized.array_sizes, scope))
        return TupleValue(tuple(uninitialised(name, element, scope, sizes) for element in sized.elements), sized.type)
    shape = (*outer, *declared_shape(name, sized, scope))
    type = Array(sized.type, len(outer)) if outer and not isinstance(sized.type, Array) else sized.type
    if outer and isinstance(sized.type, Array):
        type = Array(sized.type.element, sized.type.dimensions + len(outer))
    fill = np.asarray(SMALLEST_INT) if is_discrete(type) else np.asarray(np.nan)
    return Value(np.broadcast_to(fill, shape), type, literal=True)


def with_declared_size(
    name: str, sized: ir.SizedType, value: AnyValue, source: ir.Expression, scope: Scope
) -> AnyValue:
    """The value, whose sizes must be the declared ones."""
    if isinstance(value, Value) and isinstance(sized, ir.Sized):
        shape = declared_shape(name, sized, scope)
        if value.shape != shape:
            raise errors.size_mismatch(source.span, name, shape, value.shape)
    return value
