"""Parts of containers, and containers put together: head, tail, segment, reverse, append, rows, columns, blocks."""

from __future__ import annotations

from typing import Any

from ..definitions import Function, Tensor, function
from ..graph import pt
from ._axes import along, length, of_depth, real, same_batch, size
from ._complex import by_parts, complex_twin

VECTORS = {False: "vector|row_vector", True: "complex_vector|complex_row_vector"}


def _head(axes: int) -> Any:
    return lambda x, n: x[along(axes, slice(None, size(n)))]


def _tail(axes: int) -> Any:
    return lambda x, n: x[along(axes, slice(length(x, -axes) - size(n), None))]


def _segment(axes: int) -> Any:
    return lambda x, start, n: x[along(axes, slice(size(start) - 1, size(start) - 1 + size(n)))]


def _reverse(axes: int) -> Any:
    return lambda x: x[along(axes, slice(None, None, -1))]


def _append(axes: int) -> Any:
    return lambda x, y: pt.concatenate(same_batch((x, axes), (y, axes)), axis=-axes)


def _of_numbers(build: Any, complex: bool) -> Any:
    return by_parts(build) if complex else build


parts = tuple(
    Function(name, (f"({arguments}) => T for T in {types}",), _of_numbers(build(axes), complex), summary=summary)
    for name, arguments, build, deepest, summary in (
        ("head", "T, int", _head, 3, "The first n elements."),
        ("tail", "T, int", _tail, 3, "The last n elements."),
        ("segment", "T, int, int", _segment, 3, "n elements from the given one on."),
        ("reverse", "T", _reverse, 7, "The elements, last first."),
    )
    for axes in range(1, deepest + 3)
    for complex in (False, True)
    for types in [of_depth(axes, complex, highest=deepest) + (f"|{VECTORS[complex]}" if axes == 1 else "")]
)
append_array = tuple(
    Function("append_array", (f"(T, T) => T for T in {of_depth(axes, complex)}",),
             _of_numbers(_append(axes), complex), summary="One array after the other.")
    for axes in range(1, 10)
    for complex in (False, True)
)  # fmt: skip


# Rows, columns and blocks -----------------------------------------------------------------------


@function("(matrix, int) => row_vector", reference="x[m - 1]")
def row(x: Tensor, m: Tensor) -> Tensor:
    """Row m."""
    return x[along(2, size(m) - 1)]


@function("(matrix, int) => vector", reference="x[:, n - 1]")
def col(x: Tensor, n: Tensor) -> Tensor:
    """Column n."""
    return x[along(1, size(n) - 1)]


@function("(matrix, int, int, int, int) => matrix")
def block(x: Tensor, i: Tensor, j: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """The block of so many rows and columns whose first element is (i, j)."""
    return x[..., _span(i, rows), _span(j, columns)]


@function("(matrix, int, int, int) => row_vector")
def sub_row(x: Tensor, i: Tensor, j: Tensor, columns: Tensor) -> Tensor:
    """So many columns of row i, from column j on."""
    return x[..., size(i) - 1, _span(j, columns)]


@function("(matrix, int, int, int) => vector")
def sub_col(x: Tensor, i: Tensor, j: Tensor, rows: Tensor) -> Tensor:
    """So many rows of column j, from row i on."""
    return x[..., _span(i, rows), size(j) - 1]


def _span(start: Tensor, n: Tensor) -> slice:
    first = size(start) - 1
    return slice(first, first + size(n))


# Appending --------------------------------------------------------------------------------------


@function("(vector, vector) => vector", name="append_row")
def append_vectors(x: Tensor, y: Tensor) -> Tensor:
    """y below x."""
    return pt.concatenate(same_batch((x, 1), (y, 1)), axis=-1)


@function("(real, vector) => vector", name="append_row")
def prepend_to_vector(x: Tensor, y: Tensor) -> Tensor:
    """The number x above y."""
    return append_vectors(real(x)[..., None], y)


@function("(vector, real) => vector", name="append_row")
def append_to_vector(x: Tensor, y: Tensor) -> Tensor:
    """The number y below x."""
    return append_vectors(x, real(y)[..., None])


@function(
    "(row_vector, row_vector) => row_vector",
    name="append_col",
)  # fmt: skip
def append_row_vectors(x: Tensor, y: Tensor) -> Tensor:
    """y to the right of x."""
    return append_vectors(x, y)


@function("(real, row_vector) => row_vector", name="append_col")
def prepend_to_row_vector(x: Tensor, y: Tensor) -> Tensor:
    """The number x to the left of y."""
    return prepend_to_vector(x, y)


@function("(row_vector, real) => row_vector", name="append_col")
def append_to_row_vector(x: Tensor, y: Tensor) -> Tensor:
    """The number y to the right of x."""
    return append_to_vector(x, y)


def _appending(name: str, line: str, axis: int, summary: str) -> tuple[Function, ...]:
    """append_row or append_col of matrices and of the vectors that count as a row or a column."""

    def lift(x: Tensor, core: int) -> Tensor:
        return pt.expand_dims(x, axis) if core == 1 else x

    def build(x_core: int, y_core: int) -> Any:
        return lambda x, y: pt.concatenate(same_batch((lift(x, x_core), 2), (lift(y, y_core), 2)), axis=axis)

    names = {1: line, 2: "matrix"}
    prefix = {False: "", True: "complex_"}
    return tuple(
        Function(
            name,
            (f"({p}{names[i]}, {p}{names[j]}) => {p}matrix",),
            _of_numbers(build(i, j), complex),
            summary=summary,
        )
        for i in (1, 2)
        for j in (1, 2)
        for complex, p in prefix.items()
    )


append_row = _appending("append_row", "row_vector", -2, "The rows of y below those of x.")
append_col = _appending("append_col", "vector", -1, "The columns of y to the right of those of x.")

complex_parts = (
    complex_twin(row, "(complex_matrix, int) => complex_row_vector"),
    complex_twin(col, "(complex_matrix, int) => complex_vector"),
    complex_twin(block, "(complex_matrix, int, int, int, int) => complex_matrix"),
    complex_twin(sub_row, "(complex_matrix, int, int, int) => complex_row_vector"),
    complex_twin(sub_col, "(complex_matrix, int, int, int) => complex_vector"),
    complex_twin(append_vectors, "(complex_vector, complex_vector) => complex_vector"),
    complex_twin(prepend_to_vector, "(complex, complex_vector) => complex_vector"),
    complex_twin(append_to_vector, "(complex_vector, complex) => complex_vector"),
    complex_twin(append_row_vectors, "(complex_row_vector, complex_row_vector) => complex_row_vector"),
    complex_twin(prepend_to_row_vector, "(complex, complex_row_vector) => complex_row_vector"),
    complex_twin(append_to_row_vector, "(complex_row_vector, complex) => complex_row_vector"),
)
