"""Bounds in declarations: numbers, or containers as large as what they bound."""

from __future__ import annotations

from .. import ir
from . import errors
from .values import Value


def check_size(bound: Value, e: ir.Expression, name: str, shape: tuple[int, ...]) -> None:
    """Stop where the value of a bound, which is written `e`, does not fit a variable of this shape."""
    if bound.shape and bound.shape != shape[len(shape) - len(bound.shape) :]:
        raise errors.bound_size(e.span, name, shape, bound.shape)
