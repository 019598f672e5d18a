"""Transposes, diagonals and triangles of matrices."""

from __future__ import annotations

from ..definitions import Condition, Tensor, function
from ..graph import pt
from ._axes import length, matrix_transpose
from ._products import diagonal_of, triangle_mask


@function("(matrix) => matrix", reference="x.T")
def transpose(x: Tensor) -> Tensor:
    """x'."""
    return matrix_transpose(x)


@function(
    "(vector) => row_vector", "(row_vector) => vector",
    "(complex_vector) => complex_row_vector", "(complex_row_vector) => complex_vector",
    name="transpose", reference="x",
)  # fmt: skip
def transpose_vector(x: Tensor) -> Tensor:
    """x'; both kinds of vector have one axis."""
    return x


@function("(matrix) => vector", reference="numpy.diagonal(x)")
def diagonal(x: Tensor) -> Tensor:
    """The elements on the diagonal."""
    return diagonal_of(x)


@function("(vector) => matrix", reference="numpy.diag(x)")
def diag_matrix(x: Tensor) -> Tensor:
    """The matrix with x on its diagonal and zeros elsewhere."""
    n = pt.arange(x.shape[-1])
    return pt.switch(pt.eq(n[:, None], n), x[..., None], pt.zeros((), dtype=x.dtype))


@function("(matrix, real) => matrix")
def add_diag(x: Tensor, y: Tensor) -> Tensor:
    """x with the number y added to each element of its diagonal."""
    return _add_diagonal(x, y[..., None, None])


_DIAGONAL = Condition(
    ("y", "x"), "have as many elements as the diagonal of x",
    lambda y, x: pt.eq(y.shape[-1], pt.minimum(x.shape[-2], x.shape[-1])), nan=False,
)  # fmt: skip


@function("(matrix, vector|row_vector) => matrix", name="add_diag", domain=(_DIAGONAL,))
def add_diagonal_vector(x: Tensor, y: Tensor) -> Tensor:
    """x with y added to its diagonal."""
    rows = length(x, -2)
    if rows != y.type.shape[-1]:  # of a tall matrix the last rows have no element on the diagonal
        batch = [y.shape[axis] for axis in range(y.ndim - 1)]
        y = pt.concatenate([y, pt.zeros((*batch, rows), dtype=y.dtype)], axis=-1)[..., :rows]
    return _add_diagonal(x, y[..., None])


def _add_diagonal(x: Tensor, y: Tensor) -> Tensor:
    rows, columns = pt.arange(x.shape[-2]), pt.arange(x.shape[-1])
    return x + pt.switch(pt.eq(rows[:, None], columns), y, pt.zeros((), dtype=y.dtype))


@function("(matrix) => matrix", reference="numpy.tril(x) + numpy.tril(x, -1).T")
def symmetrize_from_lower_tri(x: Tensor) -> Tensor:
    """The lower triangle of x, mirrored above the diagonal."""
    return pt.switch(triangle_mask(x), x, matrix_transpose(x))
