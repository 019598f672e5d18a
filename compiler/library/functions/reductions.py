"""Sums, products, moments, extremes and norms of a container."""

from __future__ import annotations

from collections.abc import Callable

from ..definitions import Domain, Function, Tensor, function
from ..domains import not_empty, same_sizes, where
from ..graph import np, pt
from ..supports import Number, Probability, Vector
from ._axes import align, length, real

LINES = "vector|row_vector|array[] real"


def _axes(x: Tensor, core: int) -> tuple[int, ...]:
    return tuple(range(x.ndim - core, x.ndim))


def _reduction(name: str, reduce: Callable[[Tensor, tuple[int, ...]], Tensor], reference: str, summary: str,
               line: tuple[str, ...], matrix: tuple[str, ...], domain: Domain = ()) -> tuple[
    Function, Function
]:  # fmt: skip
    """A function of all elements, for containers with one axis and for matrices."""

    def over_line(x: Tensor) -> Tensor:
        return reduce(x, _axes(x, 1))

    def over_matrix(x: Tensor) -> Tensor:
        return reduce(x, _axes(x, 2))

    return (
        Function(name, line, over_line, reference, summary=summary, domain=domain),
        Function(name, matrix, over_matrix, reference, summary=summary, domain=domain),
    )


def _total(x: Tensor, axes: tuple[int, ...]) -> Tensor:
    return pt.sum(x, axis=axes)


def _product(x: Tensor, axes: tuple[int, ...]) -> Tensor:
    return pt.prod(x, axis=axes)


def _mean(x: Tensor, axes: tuple[int, ...]) -> Tensor:
    return pt.mean(x, axis=axes)


def _variance(x: Tensor, axes: tuple[int, ...]) -> Tensor:
    """With divisor n - 1; 0 for a single element."""
    count = pt.prod([x.shape[axis] for axis in axes])
    deviations = pt.sum(pt.sqr(x - pt.mean(x, axis=axes, keepdims=True)), axis=axes)
    return deviations / pt.maximum(count - 1, 1)


def _sd(x: Tensor, axes: tuple[int, ...]) -> Tensor:
    """The root of the variance; its gradient where all elements are equal is 0."""
    return _root(_variance(x, axes))


def _extreme(largest: bool) -> Callable[[Tensor, tuple[int, ...]], Tensor]:
    def reduce(x: Tensor, axes: tuple[int, ...]) -> Tensor:
        if any(x.type.shape[axis] == 0 for axis in axes):
            kept = tuple(length(x, axis) for axis in range(x.ndim) if axis not in axes)
            return pt.full(kept, -np.inf if largest else np.inf)
        return pt.max(x, axis=axes) if largest else pt.min(x, axis=axes)

    return reduce


NOT_EMPTY = (not_empty("x"),)
SUMS = ("(vector|row_vector) => real", "(array[] T) => T for T in int|real")
SUMS_OF_MATRIX = ("(matrix) => real",)
MOMENTS = (f"({LINES}) => real",)
OF_MATRIX = ("(matrix) => real",)
EXTREMES = (f"({LINES}) => real", "(array[] int) => int")

sums = _reduction("sum", _total, "numpy.sum(x)", "The sum; 0 for no elements.", SUMS, SUMS_OF_MATRIX)
products = _reduction("prod", _product, "numpy.prod(x)", "The product; 1 for no elements.", SUMS, SUMS_OF_MATRIX)
means = _reduction("mean", _mean, "numpy.mean(x)", "The mean.", MOMENTS, OF_MATRIX, NOT_EMPTY)
variances = _reduction(
    "variance", _variance, "numpy.var(x, ddof=1)", "The sample variance.", MOMENTS, OF_MATRIX, NOT_EMPTY
)
deviations = _reduction(
    "sd", _sd, "numpy.std(x, ddof=1)", "The sample standard deviation; its gradient where all elements are equal is 0.",
    MOMENTS, OF_MATRIX, NOT_EMPTY,
)  # fmt: skip
smallest = _reduction(
    "min", _extreme(False), "numpy.min(x)", "The smallest; +inf for no elements.", EXTREMES, OF_MATRIX
)
largest = _reduction("max", _extreme(True), "numpy.max(x)", "The largest; -inf for no elements.", EXTREMES, OF_MATRIX)


@function(f"({LINES}) => real", reference="numpy.sum(numpy.abs(x))")
def norm1(x: Tensor) -> Tensor:
    """The sum of absolute values."""
    return pt.sum(pt.abs(x), axis=-1)


@function(f"({LINES}) => real", reference="numpy.linalg.norm(x)")
def norm2(x: Tensor) -> Tensor:
    """The Euclidean length; its gradient at 0 is 0."""
    return _root(pt.sum(pt.sqr(x), axis=-1))


@function(
    "(vector|row_vector, vector|row_vector) => real",
    reference="numpy.linalg.norm(x - y)",
    domain=(same_sizes("y", "x"),),
)
def distance(x: Tensor, y: Tensor) -> Tensor:
    """The Euclidean distance; its gradient where x = y is 0."""
    return _root(pt.sum(pt.sqr(x - y), axis=-1))


@function(
    "(vector|row_vector, vector|row_vector) => real",
    reference="numpy.sum((x - y) ** 2)",
    domain=(same_sizes("y", "x"),),
)
def squared_distance(x: Tensor, y: Tensor) -> Tensor:
    """The square of the Euclidean distance."""
    return pt.sum(pt.sqr(x - y), axis=-1)


@function("(real, real) => real", name="squared_distance", reference="(x - y) ** 2")
def squared_difference(x: Tensor, y: Tensor) -> Tensor:
    """(x - y)^2."""
    x, y = align(x, y)
    return pt.sqr(x - y)


def _root(square: Tensor) -> Tensor:
    """A square root whose gradient is 0 at 0."""
    zero = pt.eq(square, 0)
    return pt.switch(zero, 0.0, pt.sqrt(pt.switch(zero, 1.0, square)))


@function(
    "(vector|row_vector, vector|row_vector) => real", "(array[] real, array[] real) => real",
    reference="numpy.dot(x, y)", domain=(same_sizes("y", "x"),))  # fmt: skip
def dot_product(x: Tensor, y: Tensor) -> Tensor:
    """The sum of products."""
    return pt.sum(x * y, axis=-1)


@function("(vector|row_vector) => real", reference="numpy.dot(x, x)")
def dot_self(x: Tensor) -> Tensor:
    """The sum of squares."""
    return pt.sum(pt.sqr(x), axis=-1)


@function(
    "(T) => T for T in vector|row_vector|array[] int|array[] real",
    reference="numpy.cumsum(x)",
)
def cumulative_sum(x: Tensor) -> Tensor:
    """The sums of the first 1, 2, ... elements."""
    return pt.cumsum(x, axis=-1)


@function(
    f"(data {LINES}, data real) => real",
    reference="numpy.quantile(x, p)",
    domain=(not_empty("x"), *where(nan=False, x=Vector(Number()), p=Probability())),
)
def quantile(x: Tensor, p: Tensor) -> Tensor:
    """The p-th sample quantile, interpolating linearly (definition 7 of Hyndman and Fan)."""
    return _quantiles(x, p[..., None])[..., 0]


@function(
    f"(data {LINES}, data array[] real) => array[] real",
    name="quantile",
    reference="numpy.quantile(x, p)",
    domain=(not_empty("x"), *where(nan=False, x=Vector(Number()), p=Vector(Probability()))),
)
def quantiles(x: Tensor, p: Tensor) -> Tensor:
    """Several sample quantiles."""
    return _quantiles(x, p)


def _quantiles(x: Tensor, p: Tensor) -> Tensor:
    ordered = pt.sort(x, axis=-1)
    position = real(p) * (x.shape[-1] - 1)
    below = pt.cast(pt.floor(position), "int64")
    above = pt.minimum(below + 1, x.shape[-1] - 1)
    low, high = (pt.take_along_axis(ordered, index, axis=-1) for index in (below, above))
    return low + (position - below) * (high - low)
