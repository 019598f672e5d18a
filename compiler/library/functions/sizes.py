"""How large a container is: sizes are ints known when the graph is built, wherever shapes are static."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..definitions import Function, Tensor, function
from ..graph import pt
from ._axes import count, length, of_depth

VECTORS = "vector|row_vector|complex_vector|complex_row_vector"


def _of_every_depth(
    name: str, result: str, measure: Callable[[list[Any]], Tensor], arrays: range, others: str, summary: str
) -> tuple[Function, ...]:
    """A function of the lengths of all axes: one Function per number of axes, since batch axes do not count."""

    def of(axes: int) -> Callable[[Tensor], Tensor]:
        return lambda x: measure([length(x, axis - axes) for axis in range(axes)])

    most = arrays.stop + 1  # a matrix adds two axes to the largest number of array dimensions
    scalars_and_arrays = [
        (axes, of_depth(axes, lowest=arrays.start, highest=arrays.stop - 1)) for axes in range(most + 1)
    ]
    simple = {"scalars": (0, "int|real|complex"), "vectors": (1, VECTORS), "matrices": (2, "matrix|complex_matrix")}
    declared = scalars_and_arrays + [simple[other] for other in others.split()]
    return tuple(
        Function(name, (f"({types}) => {result}",), of(axes), summary=summary) for axes, types in declared if types
    )


def _first(lengths: list[Any]) -> Tensor:
    """The number of elements of the outermost container; vectors and matrices count all, as num_elements does."""
    return count(lengths[0])


def _product(lengths: list[Any]) -> Tensor:
    product: Any = 1
    for n in lengths:
        product = product * n
    return count(product)


def _all(lengths: list[Any]) -> Tensor:
    return pt.stack([count(n) for n in lengths]) if lengths else pt.zeros((0,), dtype="int64")


sizes = (
    *_of_every_depth("size", "int", _first, range(1, 8), "", "The length of an array."),
    *_of_every_depth("size", "int", _product, range(1, 1), "scalars vectors matrices", "The number of elements."),
)
num_elements = _of_every_depth(
    "num_elements", "int", _product, range(1, 10), "vectors matrices", "The number of numbers inside."
)
dims = _of_every_depth("dims", "array[] int", _all, range(1, 9), "", "The length of every axis.")


@function("(int|real|complex) => array[] int", name="dims")
def scalar_dims(x: Tensor) -> Tensor:
    """A scalar has no axes."""
    return _all([])


@function("(vector|row_vector) => array[] int", name="dims")
def vector_dims(x: Tensor) -> Tensor:
    """The length of a vector."""
    return _all([length(x, -1)])


@function("(matrix) => array[] int", name="dims")
def matrix_dims(x: Tensor) -> Tensor:
    """The numbers of rows and of columns."""
    return _all([length(x, -2), length(x, -1)])


@function("(matrix|complex_matrix) => int", reference="x.shape[0]")
def rows(x: Tensor) -> Tensor:
    """The number of rows."""
    return count(length(x, -2))


@function("(vector|complex_vector) => int", name="rows", reference="x.size")
def vector_rows(x: Tensor) -> Tensor:
    """The length of a column vector."""
    return count(length(x, -1))


@function("(row_vector|complex_row_vector) => int", name="rows", reference="1")
def row_vector_rows(x: Tensor) -> Tensor:
    """A row vector has one row."""
    return count(1)


@function("(matrix|row_vector|complex_matrix|complex_row_vector) => int", reference="x.shape[-1]")
def cols(x: Tensor) -> Tensor:
    """The number of columns."""
    return count(length(x, -1))


@function("(vector|complex_vector) => int", name="cols", reference="1")
def vector_cols(x: Tensor) -> Tensor:
    """A column vector has one column."""
    return count(1)
