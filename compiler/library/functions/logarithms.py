"""Sums, differences, products and mixtures of numbers that are given by their logarithms."""

from __future__ import annotations

from ..definitions import Tensor, function
from ..graph import pt
from ._axes import ELEMENTWISE_2, align, elementwise, frozen, length

WEIGHTS = "vector|row_vector|array[] real"


@function("(vector|row_vector|array[] real) => real", reference="scipy.special.logsumexp(x)")
def log_sum_exp(x: Tensor) -> Tensor:
    """log(sum(exp(x))), without overflow; -inf for no elements."""
    return _log_sum_exp(x, axes=(-1,))


@function("(matrix) => real", name="log_sum_exp", reference="scipy.special.logsumexp(x)")
def log_sum_exp_of_matrix(x: Tensor) -> Tensor:
    """log(sum(exp(x))) of all elements."""
    return _log_sum_exp(x, axes=(-2, -1))


@elementwise(ELEMENTWISE_2, name="log_sum_exp", reference="numpy.logaddexp(x, y)")
def log_add_exp(x: Tensor, y: Tensor) -> Tensor:
    """log(exp(x) + exp(y))."""
    return _log_add_exp(x, y)


@elementwise(ELEMENTWISE_2, reference="x + numpy.log(-numpy.expm1(y - x))")
def log_diff_exp(x: Tensor, y: Tensor) -> Tensor:
    """log(exp(x) - exp(y)) for x >= y."""
    nothing = pt.eq(x, -float("inf")) & pt.eq(y, -float("inf"))  # their difference is not a number
    return x + pt.log1mexp(pt.switch(nothing, -1.0, y - x))


@elementwise(ELEMENTWISE_2, reference="scipy.special.xlogy(x, y)")
def lmultiply(x: Tensor, y: Tensor) -> Tensor:
    """x log(y), and 0 for x = y = 0."""
    nothing = pt.eq(x, 0) & pt.eq(y, 0)
    return pt.switch(nothing, 0.0, x * pt.log(pt.switch(nothing, 1.0, y)))


@function("(real, real, real) => real", reference="numpy.logaddexp(numpy.log(p) + x, numpy.log1p(-p) + y)")
def log_mix(p: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """log(p exp(x) + (1 - p) exp(y))."""
    p, x, y = align(p, x, y)
    return _log_add_exp(pt.log(p) + x, pt.log1p(-p) + y)


@function(f"({WEIGHTS}, {WEIGHTS}) => real", name="log_mix", reference="scipy.special.logsumexp(numpy.log(p) + x)")
def log_mix_of_many(p: Tensor, x: Tensor) -> Tensor:
    """log(sum(p .* exp(x))): the log density of a mixture."""
    return _log_sum_exp(pt.log(p) + x, axes=(-1,))


@function(f"({WEIGHTS}, array[] vector|array[] row_vector) => real", name="log_mix")
def log_mix_of_rows(p: Tensor, x: Tensor) -> Tensor:
    """The sum over rows of the log density of a mixture."""
    return pt.sum(_log_sum_exp(pt.log(p)[..., None, :] + x, axes=(-1,)), axis=-1)


def _log_add_exp(x: Tensor, y: Tensor) -> Tensor:
    """The larger plus softplus of the (negative) difference; for x = y too each has half the gradient."""
    ordered = pt.gt(x, y)
    larger, smaller = pt.switch(ordered, x, y), pt.switch(ordered, y, x)
    difference = pt.switch(pt.eq(x, y) & pt.isinf(x), 0.0, smaller - larger)
    return larger + pt.softplus(difference)


def _log_sum_exp(x: Tensor, axes: tuple[int, ...]) -> Tensor:
    """Relative to the largest element, which counts as a constant: the gradient is the softmax all the same."""
    axes = tuple(axis % x.ndim for axis in axes)
    if any(x.type.shape[axis] == 0 for axis in axes):
        return pt.full(tuple(length(x, axis) for axis in range(x.ndim) if axis not in axes), -float("inf"))
    largest = frozen(pt.max(x, axis=axes, keepdims=True))
    peak = pt.switch(pt.isinf(largest), 0.0, largest)
    return pt.log(pt.sum(pt.exp(x - peak), axis=axes)) + pt.squeeze(peak, axis=axes)
