"""+, -, * and / of complex numbers, and sums and products of complex vectors and matrices."""

from __future__ import annotations

from collections.abc import Callable

from ..definitions import Body, Domain, Function, Tensor, function
from ..domains import alike, as_long, same_sizes, with_vector
from ..graph import pt
from . import matrices, products, reductions
from ._axes import matrix_transpose
from ._complex import Pair, complex_function, complex_twin, make, over, parts, times
from ._products import inner, matmul, matvec, outer, vecmat

MATRIXWISE = "(complex, complex) => complex matrixwise"
SCALED = (
    "(T, complex) => T for T in complex|complex_vector|complex_row_vector|complex_matrix",
    "(complex, T) => T for T in complex_vector|complex_row_vector|complex_matrix",
)


@complex_function(MATRIXWISE, elementwise=True, reference="z + w")
def add(z: Pair, w: Pair) -> Pair:
    """z + w."""
    return z[0] + w[0], z[1] + w[1]


@complex_function(MATRIXWISE, elementwise=True, reference="z - w")
def subtract(z: Pair, w: Pair) -> Pair:
    """z - w."""
    return z[0] - w[0], z[1] - w[1]


@complex_function(MATRIXWISE, elementwise=True, reference="z * w")
def elt_multiply(z: Pair, w: Pair) -> Pair:
    """z .* w."""
    return times(z, w)


@complex_function(MATRIXWISE, elementwise=True, reference="z / w")
def elt_divide(z: Pair, w: Pair) -> Pair:
    """z ./ w."""
    return over(z, w)


@complex_function(*SCALED, elementwise=True, reference="z / w")
def divide(z: Pair, w: Pair) -> Pair:
    """z / w; one of them is a scalar."""
    return over(z, w)


@complex_function(*SCALED, elementwise=True, name="multiply", reference="z * w")
def scale(z: Pair, w: Pair) -> Pair:
    """z * w where one of them is a scalar."""
    return times(z, w)


# Products: four real ones -----------------------------------------------------------------------


def _bilinear(
    name: str, signature: str, product: Callable[..., Tensor], reference: str, summary: str, domain: Domain
) -> Function:
    """A product of complex arguments from the product of real ones."""

    def build(z: Tensor, w: Tensor) -> Tensor:
        (a, b), (c, d) = parts(z), parts(w)
        return make(product(a, c) - product(b, d), product(a, d) + product(b, c))

    return Function(name, (signature,), build, reference, summary=summary, domain=domain)


def _fits(y_axis: int) -> Domain:
    return (as_long("z", -1, "w", y_axis, "z has {0} columns, but w has {1} rows"),)


ROW, COLUMN, MATRIX = "complex_row_vector", "complex_vector", "complex_matrix"

# Name, arguments, result, the product of real ones, reference, summary, domain.
_BILINEAR: tuple[tuple[str, str, str, str, Callable[..., Tensor], str, str, Domain], ...] = (
    ("multiply", ROW, COLUMN, "complex", inner, "z @ w", "The sum of products.", _fits(-1)),
    ("multiply", COLUMN, ROW, MATRIX, outer, "numpy.outer(z, w)", "The matrix of all products.", ()),
    ("multiply", ROW, MATRIX, ROW, vecmat, "z @ w", "A row vector times a matrix.", _fits(-2)),
    ("multiply", MATRIX, COLUMN, COLUMN, matvec, "z @ w", "A matrix times a vector.", _fits(-1)),
    ("multiply", MATRIX, MATRIX, MATRIX, matmul, "z @ w", "A matrix times a matrix.", _fits(-2)),
    *(("diag_pre_multiply", line, MATRIX, MATRIX, products.diag_pre_multiply, "z[:, None] * w",
       "Rows times numbers.", (with_vector("w", -2, "z"),)) for line in (COLUMN, ROW)),
    *(("diag_post_multiply", MATRIX, line, MATRIX, products.diag_post_multiply, "z * w",
       "Columns times numbers.", (with_vector("z", -1, "w"),)) for line in (COLUMN, ROW)),
)  # fmt: skip
bilinear = tuple(
    _bilinear(name, f"({x}, {y}) => {result}", product, reference, summary, domain)
    for name, x, y, result, product, reference, summary, domain in _BILINEAR
)


def _conjugate_product(z: Tensor, w: Tensor) -> Pair:
    """conj(z) .* w."""
    (a, b), (c, d) = parts(z), parts(w)
    return a * c + b * d, a * d - b * c


def _dot(name: str, arguments: str, result: str, axis: int | None, keep: bool) -> tuple[Function, Function]:
    """Products with the conjugate, summed along an axis (none: of each pair of elements)."""

    def build(z: Tensor, w: Tensor) -> Tensor:
        pair = _conjugate_product(z, w)
        return make(*pair) if axis is None else make(*(pt.sum(part, axis=axis, keepdims=keep) for part in pair))

    summary = "The sum of products with the conjugate of the first."
    return (
        Function(f"{name}_product", tuple(f"({a}, {b}) => {result}" for a, b in _pairs(arguments, name)), build,
                 summary=summary, domain=(alike("w", "z") if name == "dot" else same_sizes("w", "z"),)),
        Function(f"{name}_self", tuple(f"({a}) => {result}" for a in arguments.split("|")), lambda z: build(z, z),
                 summary="The sum of squared moduli."),
    )  # fmt: skip


def _pairs(arguments: str, name: str) -> list[tuple[str, str]]:
    kinds = arguments.split("|")
    return [(a, b) for a in kinds for b in kinds] if name == "dot" else [(a, a) for a in kinds]


dots = (
    *_dot("dot", f"{COLUMN}|{ROW}", "complex", -1, False),
    *_dot("rows_dot", MATRIX, COLUMN, -1, False),
    *_dot("rows_dot", ROW, COLUMN, -1, True),
    *_dot("rows_dot", COLUMN, COLUMN, None, False),
    *_dot("columns_dot", MATRIX, ROW, -2, False),
    *_dot("columns_dot", COLUMN, ROW, -1, True),
    *_dot("columns_dot", ROW, ROW, None, False),
)


@function("(array[] complex, array[] complex) => complex", name="dot_product", domain=(same_sizes("w", "z"),))
def dot_product_of_arrays(z: Tensor, w: Tensor) -> Tensor:
    """The sum of products with the conjugate of the first."""
    return make(*(pt.sum(part, axis=-1) for part in _conjugate_product(z, w)))


# Sums and products of elements, diagonals -------------------------------------------------------

twins = (
    complex_twin(reductions.sums[0], "(complex_vector|complex_row_vector|array[] complex) => complex"),
    complex_twin(reductions.sums[1], "(complex_matrix) => complex"),
    complex_twin(reductions.cumulative_sum, "(T) => T for T in complex_vector|complex_row_vector|array[] complex"),
    complex_twin(matrices.transpose, "(complex_matrix) => complex_matrix"),
    complex_twin(matrices.diagonal, "(complex_matrix) => complex_vector"),
    complex_twin(matrices.diag_matrix, "(complex_vector) => complex_matrix"),
    complex_twin(matrices.add_diag, "(complex_matrix, complex) => complex_matrix"),
    complex_twin(matrices.add_diagonal_vector, "(complex_matrix, complex_vector|complex_row_vector) => complex_matrix"),
    complex_twin(products.trace, "(complex_matrix) => complex"),
)


def _mirrored_conjugate(z: Tensor) -> Tensor:
    """The lower triangle, and its conjugate above the diagonal."""
    x, y = parts(z)
    below = matrices.triangle_mask(x)
    return make(pt.switch(below, x, matrix_transpose(x)), pt.switch(below, y, -matrix_transpose(y)))


symmetrize = Function("symmetrize_from_lower_tri", ("(complex_matrix) => complex_matrix",), _mirrored_conjugate,
                      summary="The Hermitian matrix with this lower triangle.")  # fmt: skip


def _product(z: Tensor, axes: int) -> Tensor:
    """From the product of moduli and the sum of angles is inexact; multiply one by one instead."""
    x, y = parts(z)
    if axes == 2:
        x, y = (part.reshape((*(part.shape[i] for i in range(part.ndim - 2)), -1)) for part in (x, y))
    length = x.type.shape[-1]
    if length is None:
        raise NotImplementedError("prod of complex numbers needs a size that is known before sampling")
    if not length:
        nothing = pt.sum(x, axis=-1)
        return make(pt.ones_like(nothing), nothing)
    total = x[..., 0], y[..., 0]
    for i in range(1, length):
        total = times(total, (x[..., i], y[..., i]))
    return make(*total)


complex_products = (
    Function("prod", ("(complex_vector|complex_row_vector|array[] complex) => complex",), lambda z: _product(z, 1),
             summary="The product; 1 for no elements.",
             in_language=Body("complex y = 1; for (i in 1:size(z)) y *= z[i]; return y;")),
    Function("prod", ("(complex_matrix) => complex",), lambda z: _product(z, 2), summary="The product.",
             in_language=Body("complex y = 1; for (i in 1:rows(z)) for (j in 1:cols(z)) y *= z[i, j]; return y;")),
)  # fmt: skip
