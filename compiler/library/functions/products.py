"""Products of vectors and matrices, quadratic forms, and sums of products over rows or columns."""

from __future__ import annotations

from collections.abc import Callable

from ..definitions import Function, Tensor, function
from ..domains import as_long, multipliable, same_sizes, square, symmetric, with_vector
from ..graph import pt
from ._axes import matrix_transpose
from ._products import diagonal_of, inner, lower_triangle, matmul, matvec, outer, vecmat


def _multiply(arguments: str, result: str, build: Callable[[Tensor, Tensor], Tensor], summary: str) -> Function:
    """`arguments` are vectors and matrices, the first with as many columns as the second has rows."""
    rows = -1 if arguments.endswith(" vector") else -2
    fits = as_long("x", -1, "y", rows, "x has {0} columns, but y has {1} rows")
    return Function("multiply", (f"({arguments}) => {result}",), build, "x @ y", summary=summary, domain=(fits,))


multiply = (
    _multiply("row_vector, vector", "real", lambda x, y: inner(x, y), "The sum of products."),
    _multiply("row_vector, matrix", "row_vector", lambda x, y: vecmat(x, y), "A row vector times a matrix."),
    _multiply("matrix, vector", "vector", lambda x, y: matvec(x, y), "A matrix times a vector."),
    _multiply("matrix, matrix", "matrix", lambda x, y: matmul(x, y), "A matrix times a matrix."),
)


@function("(vector, row_vector) => matrix", name="multiply", reference="numpy.outer(x, y)")
def outer_product(x: Tensor, y: Tensor) -> Tensor:
    """The matrix of all products."""
    return outer(x, y)


@function("(matrix) => matrix", reference="x.T @ x")
def crossprod(x: Tensor) -> Tensor:
    """x' * x."""
    return matmul(matrix_transpose(x), x)


@function("(matrix) => matrix", reference="x @ x.T")
def tcrossprod(x: Tensor) -> Tensor:
    """x * x'."""
    return matmul(x, matrix_transpose(x))


@function("(matrix) => matrix", reference="numpy.tril(x) @ numpy.tril(x).T")
def multiply_lower_tri_self_transpose(x: Tensor) -> Tensor:
    """L * L' for the lower triangle L of x."""
    return tcrossprod(lower_triangle(x))


@function("(vector|row_vector, matrix) => matrix", reference="x[:, None] * y", domain=(with_vector("y", -2, "x"),))
def diag_pre_multiply(x: Tensor, y: Tensor) -> Tensor:
    """diag_matrix(x) * y: row i times x[i]."""
    return x[..., :, None] * y


@function("(matrix, vector|row_vector) => matrix", reference="x * y", domain=(with_vector("x", -1, "y"),))
def diag_post_multiply(x: Tensor, y: Tensor) -> Tensor:
    """x * diag_matrix(y): column j times y[j]."""
    return x * y[..., None, :]


# Quadratic forms --------------------------------------------------------------------------------


def _symmetric(x: Tensor) -> Tensor:
    return 0.5 * (x + matrix_transpose(x))


@function("(matrix, matrix) => matrix", reference="y.T @ x @ y", domain=(square("x"), multipliable("x", "y")))
def quad_form(x: Tensor, y: Tensor) -> Tensor:
    """y' * x * y."""
    return matmul(matrix_transpose(y), matmul(x, y))


@function(
    "(matrix, matrix) => matrix", reference="y.T @ x @ y", domain=(square("x"), multipliable("x", "y"), symmetric("x"))
)
def quad_form_sym(x: Tensor, y: Tensor) -> Tensor:
    """y' * x * y for a symmetric x, exactly symmetric."""
    return _symmetric(quad_form(x, y))


quad_forms_of_vector = tuple(
    Function(name, ("(matrix, vector) => real",), lambda x, y: inner(y, matvec(x, y)), reference="y @ x @ y",
             summary="y' * x * y.", domain=(square("x"), with_vector("x", -1, "y"), *asked))
    for name, asked in (("quad_form", ()), ("quad_form_sym", (symmetric("x"),)), ("trace_quad_form", ()))
)  # fmt: skip


@function(
    "(matrix, vector|row_vector) => matrix",
    reference="y[:, None] * x * y",
    domain=(square("x"), with_vector("x", -1, "y")),
)
def quad_form_diag(x: Tensor, y: Tensor) -> Tensor:
    """diag_matrix(y) * x * diag_matrix(y)."""
    return y[..., :, None] * x * y[..., None, :]


@function(
    "(matrix, matrix) => real", reference="numpy.trace(y.T @ x @ y)", domain=(square("x"), multipliable("x", "y"))
)
def trace_quad_form(x: Tensor, y: Tensor) -> Tensor:
    """The trace of y' * x * y."""
    return pt.sum(y * matmul(x, y), axis=(-2, -1))


@function(
    "(matrix, matrix, matrix) => real",
    reference="numpy.trace(d @ y.T @ x @ y)",
    domain=(
        square("d"),
        square("x"),
        multipliable("x", "y"),
        as_long("y", -1, "d", -2, "y has {0} columns, but d has {1} rows"),
    ),
)
def trace_gen_quad_form(d: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """The trace of d * y' * x * y."""
    return pt.sum(matmul(y, matrix_transpose(d)) * matmul(x, y), axis=(-2, -1))


@function(
    "(matrix, matrix) => real", reference="numpy.trace(x @ y)", domain=(multipliable("x", "y"), multipliable("y", "x"))
)
def trace_dot(x: Tensor, y: Tensor) -> Tensor:
    """The trace of x * y."""
    return pt.sum(x * matrix_transpose(y), axis=(-2, -1))


@function("(matrix) => real", reference="numpy.trace(x)")
def trace(x: Tensor) -> Tensor:
    """The sum of the diagonal."""
    return pt.sum(diagonal_of(x), axis=-1)


# Sums of products by row or column ----------------------------------------------------------------


@function("(matrix, matrix) => vector", reference="numpy.sum(x * y, axis=1)", domain=(same_sizes("y", "x"),))
def rows_dot_product(x: Tensor, y: Tensor) -> Tensor:
    """The dot product of each row of x with that of y."""
    return pt.sum(x * y, axis=-1)


@function("(matrix, matrix) => row_vector", reference="numpy.sum(x * y, axis=0)", domain=(same_sizes("y", "x"),))
def columns_dot_product(x: Tensor, y: Tensor) -> Tensor:
    """The dot product of each column of x with that of y."""
    return pt.sum(x * y, axis=-2)


@function("(matrix) => vector", reference="numpy.sum(x * x, axis=1)")
def rows_dot_self(x: Tensor) -> Tensor:
    """The sum of squares of each row."""
    return pt.sum(pt.sqr(x), axis=-1)


@function("(matrix) => row_vector", reference="numpy.sum(x * x, axis=0)")
def columns_dot_self(x: Tensor) -> Tensor:
    """The sum of squares of each column."""
    return pt.sum(pt.sqr(x), axis=-2)


def _by_line(name: str, single: str, single_result: str, each: str, each_result: str) -> tuple[Function, ...]:
    """The same of vectors: one dot product along the vector, products of single elements across it."""
    alike = (same_sizes("y", "x"),)
    one, many = "The only dot product.", "The product of each pair of elements."
    return (
        Function(f"{name}_product", (f"({single}, {single}) => {single_result}",),
                 lambda x, y: pt.sum(x * y, axis=-1)[..., None], "numpy.array([x @ y])", summary=one, domain=alike),
        Function(f"{name}_product", (f"({each}, {each}) => {each_result}",), lambda x, y: x * y, "x * y",
                 summary=many, domain=alike),
        Function(f"{name}_self", (f"({single}) => {single_result}",),
                 lambda x: pt.sum(pt.sqr(x), axis=-1)[..., None], "numpy.array([x @ x])", summary=one),
        Function(f"{name}_self", (f"({each}) => {each_result}",), lambda x: pt.sqr(x), "x * x", summary=many),
    )  # fmt: skip


dot_products_of_lines = (
    *_by_line("rows_dot", "row_vector", "vector", "vector", "vector"),
    *_by_line("columns_dot", "vector", "row_vector", "row_vector", "row_vector"),
)
