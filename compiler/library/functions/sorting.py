"""Sorting, and the order and rank of elements."""

from __future__ import annotations

from ..definitions import Condition, Tensor, function
from ..domains import not_empty, where
from ..graph import pt
from ..supports import Number, Vector
from ._axes import length, size

_NUMBERS = where(nan=False, x=Vector(Number()))
_WITHIN = Condition(("s", "x"), "be the number of an element", lambda s, x: (s >= 1) & (s <= x.shape[-1]), nan=False)
LINES = "vector|row_vector|array[] int|array[] real"


@function(f"(T) => T for T in {LINES}", reference="numpy.sort(x)", domain=_NUMBERS)
def sort_asc(x: Tensor) -> Tensor:
    """The elements from smallest to largest."""
    return _take(x, _order(x))


@function(f"(T) => T for T in {LINES}", reference="numpy.sort(x)[::-1]", domain=_NUMBERS)
def sort_desc(x: Tensor) -> Tensor:
    """The elements from largest to smallest."""
    return _take(x, _order(-x))


@function(f"({LINES}) => array[] int", reference="numpy.argsort(x, kind='stable') + 1")
def sort_indices_asc(x: Tensor) -> Tensor:
    """The numbers (from 1) of the elements, from smallest to largest."""
    return _order(x) + 1


@function(f"({LINES}) => array[] int", reference="numpy.argsort(-x, kind='stable') + 1")
def sort_indices_desc(x: Tensor) -> Tensor:
    """The numbers (from 1) of the elements, from largest to smallest."""
    return _order(-x) + 1


@function(f"({LINES}, int) => int", reference="numpy.sum(x < x[s - 1])", domain=(not_empty("x"), _WITHIN))
def rank(x: Tensor, s: Tensor) -> Tensor:
    """How many elements are smaller than element s."""
    return pt.sum(pt.cast(pt.lt(x, x[..., size(s) - 1][..., None]), "int64"), axis=-1)


def _order(x: Tensor) -> Tensor:
    return pt.argsort(x, axis=-1, kind="stable")


def _take(x: Tensor, order: Tensor) -> Tensor:
    """x in the given order; a gather, so that gradients flow back to the elements."""
    if x.ndim == 1:
        return x[order]
    return x[pt.arange(length(x, 0))[:, None], order]
