"""Vectors, matrices and arrays turned into each other. Matrices are read and filled column by column."""

from __future__ import annotations

from typing import Any

from ..definitions import Condition, Function, Tensor, function
from ..graph import pt
from ._axes import length, matrix_transpose, real, size
from ._complex import complex_twin

LINES = "vector|row_vector|array[] int|array[] real"
COMPLEX_LINES = "complex_vector|complex_row_vector|array[] complex"


def _flat(x: Tensor, axes: int) -> Tensor:
    """The last axes as one, the last index running fastest."""
    lengths = [length(x, axis) for axis in range(x.ndim)]
    total: Any = 1
    for n in lengths[x.ndim - axes :]:
        total = total * n
    return x.reshape((*lengths[: x.ndim - axes], total))


def _by_columns(x: Tensor) -> Tensor:
    return _flat(matrix_transpose(x), 2)


@function(f"({LINES}) => vector", reference="x")
def to_vector(x: Tensor) -> Tensor:
    """The elements as a vector."""
    return real(x)


@function("(matrix) => vector", name="to_vector", reference="x.T.reshape(-1)")
def matrix_to_vector(x: Tensor) -> Tensor:
    """The columns one below the other."""
    return _by_columns(x)


@function(f"({LINES}) => row_vector", reference="x")
def to_row_vector(x: Tensor) -> Tensor:
    """The elements as a row vector."""
    return real(x)


@function(
    "(matrix) => row_vector", name="to_row_vector",
    reference="x.T.reshape(-1)",
)  # fmt: skip
def matrix_to_row_vector(x: Tensor) -> Tensor:
    """The columns one after the other."""
    return _by_columns(x)


# Arrays -----------------------------------------------------------------------------------------


@function("(vector|row_vector) => array[] real", reference="x")
def to_array_1d(x: Tensor) -> Tensor:
    """The elements of a vector as an array."""
    return x


@function("(matrix) => array[] real", name="to_array_1d",
          reference="x.T.reshape(-1)")  # fmt: skip
def matrix_to_array(x: Tensor) -> Tensor:
    """The columns one after the other."""
    return _by_columns(x)


arrays_to_arrays = tuple(
    Function(
        "to_array_1d",
        (f"(array[{axes}:{axes}] int) => array[] int", f"(array[{axes}:{axes}] real) => array[] real"),
        lambda x, axes=axes: _flat(x, axes),
        reference="x.reshape(-1)",
        summary="The elements of a nested array, the last index running fastest.",
    )
    for axes in range(1, 10)
)


@function("(matrix) => array[,] real", reference="x")
def to_array_2d(x: Tensor) -> Tensor:
    """The elements as an array of rows."""
    return x


# Matrices ---------------------------------------------------------------------------------------


@function(
    "(matrix|array[] row_vector|array[,] int|array[,] real) => matrix",
    reference="x",
)
def to_matrix(x: Tensor) -> Tensor:
    """A matrix of the given rows."""
    return real(x)


@function("(vector) => matrix", name="to_matrix", reference="x[:, None]")
def column_to_matrix(x: Tensor) -> Tensor:
    """A matrix with one column."""
    return x[..., None]


@function("(row_vector) => matrix", name="to_matrix", reference="x[None, :]")
def row_to_matrix(x: Tensor) -> Tensor:
    """A matrix with one row."""
    return x[..., None, :]


_FILLED = (Condition(("x", "m", "n"), "have m * n elements", lambda x, m, n: pt.eq(x.shape[-1], m * n), nan=False),)
_RESHAPED = (
    Condition(
        ("x", "m", "n"), "have m * n elements", lambda x, m, n: pt.eq(x.shape[-2] * x.shape[-1], m * n), nan=False
    ),
)


def _fill(x: Tensor, m: Tensor, n: Tensor, by_columns: Tensor) -> Tensor:
    """A line of numbers as an m x n matrix."""
    batch = [length(x, axis) for axis in range(x.ndim - 1)]
    rows, columns, x = size(m), size(n), real(x)
    filled_by_columns = matrix_transpose(x.reshape((*batch, columns, rows)))
    filled_by_rows = x.reshape((*batch, rows, columns))
    match size(by_columns):
        case int(flag):
            return filled_by_columns if flag else filled_by_rows
        case flag:
            return pt.switch(pt.neq(flag, 0), filled_by_columns, filled_by_rows)


@function(f"({LINES}, int, int) => matrix", name="to_matrix",
          reference="x.reshape(n, m).T", domain=_FILLED)  # fmt: skip
def fill_matrix(x: Tensor, m: Tensor, n: Tensor) -> Tensor:
    """An m x n matrix, filled column by column."""
    return _fill(x, m, n, 1)


@function(f"({LINES}, int, int, int) => matrix",
          name="to_matrix", domain=_FILLED)  # fmt: skip
def fill_matrix_either_way(x: Tensor, m: Tensor, n: Tensor, by_columns: Tensor) -> Tensor:
    """An m x n matrix, filled row by row if the last argument is 0, else column by column."""
    return _fill(x, m, n, by_columns)


@function("(T, int, int) => T for T in matrix", name="to_matrix", domain=_RESHAPED)
def reshape_matrix(x: Tensor, m: Tensor, n: Tensor) -> Tensor:
    """The columns of x, read one after the other, in a matrix of another shape."""
    return _fill(_by_columns(x), m, n, 1)


@function("(T, int, int, int) => T for T in matrix", name="to_matrix", domain=_RESHAPED)
def reshape_matrix_either_way(x: Tensor, m: Tensor, n: Tensor, by_columns: Tensor) -> Tensor:
    """The columns of x, read one after the other, in the rows (last argument 0) or columns of a matrix."""
    return _fill(_by_columns(x), m, n, by_columns)


complex_conversions = (
    complex_twin(to_vector, f"({COMPLEX_LINES}) => complex_vector"),
    complex_twin(matrix_to_vector, "(complex_matrix) => complex_vector"),
    complex_twin(to_row_vector, f"({COMPLEX_LINES}) => complex_row_vector"),
    complex_twin(matrix_to_row_vector, "(complex_matrix) => complex_row_vector"),
    complex_twin(to_array_1d, "(complex_vector|complex_row_vector) => array[] complex"),
    complex_twin(matrix_to_array, "(complex_matrix) => array[] complex"),
    complex_twin(to_array_2d, "(complex_matrix) => array[,] complex"),
    complex_twin(to_matrix, "(complex_matrix|array[] complex_row_vector|array[,] complex) => complex_matrix"),
    complex_twin(column_to_matrix, "(complex_vector) => complex_matrix"),
    complex_twin(row_to_matrix, "(complex_row_vector) => complex_matrix"),
    complex_twin(fill_matrix, f"({COMPLEX_LINES}, int, int) => complex_matrix"),
    complex_twin(fill_matrix_either_way, f"({COMPLEX_LINES}, int, int, int) => complex_matrix"),
    complex_twin(reshape_matrix, "(complex_matrix, int, int) => complex_matrix"),
    complex_twin(reshape_matrix_either_way, "(complex_matrix, int, int, int) => complex_matrix"),
)
