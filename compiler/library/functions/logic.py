"""Comparisons and logical operators: ints that are 0 or 1."""

from __future__ import annotations

from typing import Any

from ..definitions import Tensor, function
from ..graph import pt
from ._axes import align

COMPARISON = "(int|real, int|real) => int"


def integer(truth: Any) -> Tensor:
    """A truth value as Stan's int."""
    return pt.cast(truth, "int64")


@function(COMPARISON, reference="x == y")
def logical_eq(x: Tensor, y: Tensor) -> Tensor:
    """x == y."""
    return integer(pt.eq(x, y))


@function(COMPARISON, reference="x != y")
def logical_neq(x: Tensor, y: Tensor) -> Tensor:
    """x != y."""
    return integer(pt.neq(x, y))


@function(COMPARISON, reference="x < y")
def logical_lt(x: Tensor, y: Tensor) -> Tensor:
    """x < y."""
    return integer(pt.lt(x, y))


@function(COMPARISON, reference="x <= y")
def logical_lte(x: Tensor, y: Tensor) -> Tensor:
    """x <= y."""
    return integer(pt.le(x, y))


@function(COMPARISON, reference="x > y")
def logical_gt(x: Tensor, y: Tensor) -> Tensor:
    """x > y."""
    return integer(pt.gt(x, y))


@function(COMPARISON, reference="x >= y")
def logical_gte(x: Tensor, y: Tensor) -> Tensor:
    """x >= y."""
    return integer(pt.ge(x, y))


@function("(int, int) => int", reference="(x != 0) & (y != 0)")
def logical_and(x: Tensor, y: Tensor) -> Tensor:
    """Whether both are nonzero (`x && y` itself evaluates y only where x is nonzero)."""
    return integer(pt.neq(x, 0) & pt.neq(y, 0))


@function("(int, int) => int", reference="(x != 0) | (y != 0)")
def logical_or(x: Tensor, y: Tensor) -> Tensor:
    """Whether one is nonzero (`x || y` itself evaluates y only where x is zero)."""
    return integer(pt.neq(x, 0) | pt.neq(y, 0))


@function("(int) => int", reference="x == 0")
def logical_negation(x: Tensor) -> Tensor:
    """!x: whether x is zero."""
    return integer(pt.eq(x, 0))


@function("(real) => int", reference="numpy.isnan(x)")
def is_nan(x: Tensor) -> Tensor:
    """Whether x is not a number."""
    return integer(pt.isnan(x))


@function("(real) => int", reference="numpy.isinf(x)")
def is_inf(x: Tensor) -> Tensor:
    """Whether x is infinite."""
    return integer(pt.isinf(x))


@function("(real) => real", reference="numpy.where(x < 0, 0.0, 1.0)")
def step(x: Tensor) -> Tensor:
    """0 for x < 0, else 1."""
    return pt.switch(pt.lt(x, 0), 0.0, 1.0)


@function("(int|real) => int", reference="x > 0")
def int_step(x: Tensor) -> Tensor:
    """1 for x > 0, else 0."""
    return integer(pt.gt(x, 0))


@function("(int, int) => int", reference="numpy.minimum(x, y)", name="min")
def int_min(x: Tensor, y: Tensor) -> Tensor:
    """The smaller of two ints."""
    return pt.minimum(*align(x, y))


@function("(int, int) => int", reference="numpy.maximum(x, y)", name="max")
def int_max(x: Tensor, y: Tensor) -> Tensor:
    """The larger of two ints."""
    return pt.maximum(*align(x, y))
