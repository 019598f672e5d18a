"""Eigenvalues of any matrix, decompositions of complex matrices, and division by them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..definitions import Condition, Function, Tensor, function
from ..domains import as_long, not_empty, square
from ..graph import pt
from ..kernels import schur
from ..problems import TOLERANCE
from ._axes import matrix_transpose, real
from ._complex import make, parts

type Decomposition = Callable[[Tensor], Any]


def _eigen(z: Tensor) -> Any:
    from ..ops.complex_decompositions import eigenpairs

    return eigenpairs(z)


def _hermitian(z: Tensor) -> Any:
    from ..ops.complex_decompositions import hermitian_eigenpairs

    return hermitian_eigenpairs(z)


def _singular(z: Tensor) -> Any:
    from ..ops.complex_decompositions import complex_singular_parts

    return complex_singular_parts(z)


def _as_complex(x: Tensor) -> Tensor:
    return make(real(x), pt.zeros_like(x))


def _schur(z: Tensor) -> Any:
    from ..ops.array_kernel import array_kernel

    return array_kernel(schur.schur, schur.schur_gradient, "(n,n,c)->(n,n,c),(n,n,c)")(z)


def _both(
    name: str, decompose: Decomposition, part: int | None, result: str, summary: str
) -> tuple[Function, Function]:
    """A part of a decomposition into two, for real and for complex matrices; `part` None is the pair.

    Stan takes a matrix without elements for the pair only.
    """

    def of_complex(z: Tensor) -> Any:
        found = decompose(z)
        return tuple(found) if part is None else found[part]

    return (
        Function(
            name,
            (f"(matrix) => {result}",),
            lambda x: of_complex(_as_complex(x)),
            summary=summary,
            domain=(square("x"), *[not_empty("x")] * (part is not None)),
        ),
        Function(
            name,
            (f"(complex_matrix) => {result}",),
            of_complex,
            summary=summary,
            domain=(square("z"), *[not_empty("z")] * (part is not None)),
        ),
    )


PAIR = "tuple(complex_matrix, complex_vector)"
MATRICES = "tuple(complex_matrix, complex_matrix)"

of_any_matrix = (
    *_both("eigendecompose", _eigen, None, PAIR, "Eigenvectors as columns, and eigenvalues."),
    *_both("eigenvectors", _eigen, 0, "complex_matrix", "The eigenvectors as columns."),
    *_both("eigenvalues", _eigen, 1, "complex_vector", "The eigenvalues."),
    *_both("complex_schur_decompose", _schur, None, MATRICES, "A unitary U and an upper triangular T, x = U * T * U*."),
    *_both("complex_schur_decompose_u", _schur, 0, "complex_matrix", "The unitary factor."),
    *_both("complex_schur_decompose_t", _schur, 1, "complex_matrix", "The triangular factor."),
)


def _is_hermitian(z: Tensor) -> Tensor:
    x, y = parts(z)
    unlike = pt.maximum(pt.abs(x - matrix_transpose(x)), pt.abs(y + matrix_transpose(y)))
    return pt.all(pt.le(unlike, TOLERANCE), axis=(-2, -1))


# Stan asks these matrices to be symmetric, and then reads their lower triangle as that of a Hermitian one.
HERMITIAN = (square("z"), Condition(("z",), "be Hermitian", _is_hermitian, nan=False))


@function("(complex_matrix) => tuple(complex_matrix, complex_vector)", name="eigendecompose_sym", domain=HERMITIAN)
def eigendecompose_hermitian(z: Tensor) -> tuple[Tensor, Tensor]:
    """The eigenvectors of a Hermitian matrix as columns, and its eigenvalues, smallest first."""
    return tuple(_hermitian(z))


@function("(complex_matrix) => complex_matrix", name="eigenvectors_sym", domain=HERMITIAN)
def eigenvectors_hermitian(z: Tensor) -> Tensor:
    """The eigenvectors of a Hermitian matrix as columns."""
    return _hermitian(z)[0]


@function("(complex_matrix) => complex_vector", name="eigenvalues_sym", domain=HERMITIAN)
def eigenvalues_hermitian(z: Tensor) -> Tensor:
    """The eigenvalues of a Hermitian matrix, smallest first."""
    return _hermitian(z)[1]


@function("(complex_matrix) => tuple(complex_matrix, vector, complex_matrix)", name="svd")
def complex_svd(z: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """U, the singular values (largest first), and V with z = U * diag_matrix(values) * V*."""
    return tuple(_singular(z))


@function("(complex_matrix) => vector", name="singular_values")
def complex_singular_values(z: Tensor) -> Tensor:
    """The singular values, largest first."""
    return _singular(z)[1]


@function("(complex_matrix) => complex_matrix", name="svd_U")
def complex_left_vectors(z: Tensor) -> Tensor:
    """The left singular vectors as columns."""
    return _singular(z)[0]


@function("(complex_matrix) => complex_matrix", name="svd_V")
def complex_right_vectors(z: Tensor) -> Tensor:
    """The right singular vectors as columns."""
    return _singular(z)[2]


# Division ---------------------------------------------------------------------------------------


def _solve(z: Tensor, w: Tensor) -> Tensor:
    """z^-1 w as a real system of twice the size: [[a, -b], [b, a]] [x, y] = [c, d]."""
    (a, b), (c, d) = parts(z), parts(w)
    top, bottom = pt.concatenate([a, -b], axis=-1), pt.concatenate([b, a], axis=-1)
    both = pt.linalg.solve(pt.concatenate([top, bottom], axis=-2), pt.concatenate([c, d], axis=-2), b_ndim=2)
    n = a.shape[-1]
    return make(both[..., :n, :], both[..., n:, :])


def _transposed(z: Tensor) -> Tensor:
    return make(*map(matrix_transpose, parts(z)))


_DIVISIBLE = (square("w"), as_long("z", -1, "w", -2, "z has {0} columns, but w has {1} rows"))


@function("(complex_matrix, complex_matrix) => complex_matrix", name="mdivide_right", domain=_DIVISIBLE)
def divide_by_matrix(z: Tensor, w: Tensor) -> Tensor:
    """z times the inverse of w."""
    return _transposed(_solve(_transposed(w), _transposed(z)))


@function("(complex_row_vector, complex_matrix) => complex_row_vector", name="mdivide_right", domain=_DIVISIBLE)
def divide_row_vector_by_matrix(z: Tensor, w: Tensor) -> Tensor:
    """z times the inverse of w."""
    x, y = parts(z)
    return _solve(_transposed(w), make(x[..., None], y[..., None]))[..., 0, :]
