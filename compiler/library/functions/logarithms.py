"""Sums, differences, products and mixtures of numbers that are given by their logarithms."""

from __future__ import annotations

from .. import elementary
from ..definitions import Tensor, function
from ..domains import as_long, same_sizes, where
from ..graph import np, pt
from ..supports import Probability, Vector
from ._axes import ELEMENTWISE_2, align, elementwise, frozen, length, real, within
from ._zero_factor import is_always, times

WEIGHTS = "vector|row_vector|array[] real"
LARGEST = 700.0  # exp of it is not yet infinite


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
    return log_of_two(x, y)


@elementwise(ELEMENTWISE_2, reference="x + numpy.log(-numpy.expm1(y - x))")
def log_diff_exp(x: Tensor, y: Tensor) -> Tensor:
    """log(exp(x) - exp(y)) for x >= y."""
    return elementary.log_of_difference(x, y)


@elementwise(ELEMENTWISE_2, reference="scipy.special.xlogy(x, y)")
def lmultiply(x: Tensor, y: Tensor) -> Tensor:
    """x log(y), and 0 for x = y = 0."""
    nothing = pt.eq(x, 0) & pt.eq(y, 0)
    logarithm = 0.0 if is_always(y, 1) else pt.log(pt.switch(nothing, 1.0, y))
    return pt.switch(nothing, 0.0, times(x, logarithm))


@function(
    "(real, real, real) => real",
    reference="numpy.logaddexp(numpy.log(p) + x, numpy.log1p(-p) + y)",
    domain=where(p=Probability()),
)
def log_mix(p: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """log(p exp(x) + (1 - p) exp(y))."""
    p, x, y = map(real, align(p, x, y))
    largest = pt.maximum(pt.switch(pt.gt(p, 0), x, -np.inf), pt.switch(pt.lt(p, 1), y, -np.inf))
    peak = _finite(frozen(largest))
    total = _weighted_exp(p, x - peak) + _weighted_exp(1 - p, y - peak)
    return within(pt.ge(p, 0) & pt.le(p, 1), pt.log(total) + peak)


@function(
    f"({WEIGHTS}, {WEIGHTS}) => real",
    name="log_mix",
    reference="scipy.special.logsumexp(numpy.log(p) + x)",
    domain=(same_sizes("x", "p"), *where(p=Vector(Probability()))),
)
def log_mix_of_many(p: Tensor, x: Tensor) -> Tensor:
    """log(sum(p .* exp(x))): the log density of a mixture."""
    return _log_mixture(p, x)


@function(
    f"({WEIGHTS}, array[] vector|array[] row_vector) => real",
    name="log_mix",
    domain=(
        as_long("x", -1, "p", -1, "p has {1} elements, but the rows of x have {0}"),
        *where(p=Vector(Probability())),
    ),
)
def log_mix_of_rows(p: Tensor, x: Tensor) -> Tensor:
    """The sum over rows of the log density of a mixture."""
    return pt.sum(_log_mixture(p[..., None, :], x), axis=-1)


def _log_mixture(p: Tensor, x: Tensor) -> Tensor:
    """Along the last axis; where a weight is 0 the gradient in it is finite."""
    p = real(p)
    if x.type.shape[-1] == 0:
        return pt.full(tuple(length(x, axis) for axis in range(x.ndim - 1)), -np.inf)
    peak = _finite(frozen(pt.max(pt.switch(pt.gt(p, 0), x, -np.inf), axis=-1, keepdims=True)))
    total = pt.sum(_weighted_exp(p, x - peak), axis=-1)
    return within(pt.all(pt.ge(p, 0) & pt.le(p, 1), axis=-1), pt.log(total) + pt.squeeze(peak, axis=-1))


def _weighted_exp(p: Tensor, x: Tensor) -> Tensor:
    """p exp(x), which is 0 for p = 0 however large x is."""
    return p * pt.exp(pt.switch(pt.gt(p, 0), x, pt.minimum(x, LARGEST)))


def _finite(peak: Tensor) -> Tensor:
    """What exponents are taken relative to: the largest of them, or 0 where that is infinite."""
    return pt.switch(pt.isinf(peak), 0.0, peak)


def log_of_two(x: Tensor, y: Tensor) -> Tensor:
    """log(exp(x) + exp(y)) as the larger plus softplus of the (negative) difference.

    For x = y too each has half the gradient.
    """
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
    peak = _finite(largest)
    return pt.log(pt.sum(pt.exp(x - peak), axis=axes)) + pt.squeeze(peak, axis=axes)
