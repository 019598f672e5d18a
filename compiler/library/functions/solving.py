"""Cholesky factors, inverses, determinants, and division by matrices."""

from __future__ import annotations

from collections.abc import Callable

from ..definitions import Domain, Function, Tensor, function
from ..domains import as_long, multipliable, positive_definite, square, symmetric
from ..graph import pt
from ._axes import matrix_transpose
from ._products import diagonal_of, lower_triangle, matmul

SYMMETRIC_POSITIVE_DEFINITE = (square("x"), symmetric("x"), positive_definite("x"))

type Solver = Callable[[Tensor, Tensor], Tensor]


@function("(matrix) => matrix", reference="numpy.linalg.cholesky(x)", domain=SYMMETRIC_POSITIVE_DEFINITE)
def cholesky_decompose(x: Tensor) -> Tensor:
    """The lower triangular L with L * L' = x, for a symmetric positive definite x; nan where x is not."""
    from ..ops.cholesky import factor

    return factor(x)


@function("(matrix) => matrix", reference="numpy.linalg.inv(x)", domain=(square("x"),))
def inverse(x: Tensor) -> Tensor:
    """The inverse."""
    return pt.linalg.inv(x)


@function("(matrix) => matrix", reference="numpy.linalg.inv(x)", domain=SYMMETRIC_POSITIVE_DEFINITE)
def inverse_spd(x: Tensor) -> Tensor:
    """The inverse of a symmetric positive definite matrix."""
    return chol2inv(cholesky_decompose(x))


@function("(matrix) => matrix", reference="numpy.linalg.inv(numpy.tril(x) @ numpy.tril(x).T)", domain=(square("x"),))
def chol2inv(x: Tensor) -> Tensor:
    """The inverse of L * L' for the lower triangle L of x."""
    half = _solve_lower(x, pt.eye(x.shape[-1]))
    return matmul(matrix_transpose(half), half)


@function("(matrix) => matrix", reference="numpy.linalg.pinv(x)")
def generalized_inverse(x: Tensor) -> Tensor:
    """The Moore-Penrose inverse of a matrix of full rank."""
    from ..ops.pseudo_inverse import pseudo_inverse

    return pseudo_inverse(x)  # type: ignore[no-any-return]


@function("(matrix) => real", reference="numpy.linalg.det(x)", domain=(square("x"),))
def determinant(x: Tensor) -> Tensor:
    """The determinant."""
    from ..ops.determinant import determinant_of

    return determinant_of(x)


@function("(matrix) => real", reference="numpy.linalg.slogdet(x)[1]", domain=(square("x"),))
def log_determinant(x: Tensor) -> Tensor:
    """The logarithm of the absolute value of the determinant."""
    from ..ops.determinant import sign_and_log_of_determinant

    return sign_and_log_of_determinant(x)[1]


@function("(matrix) => real", reference="numpy.linalg.slogdet(x)[1]", domain=SYMMETRIC_POSITIVE_DEFINITE)
def log_determinant_spd(x: Tensor) -> Tensor:
    """The logarithm of the determinant of a symmetric positive definite matrix."""
    return 2 * pt.sum(pt.log(diagonal_of(cholesky_decompose(x))), axis=-1)


# Division ---------------------------------------------------------------------------------------


def _solve(a: Tensor, b: Tensor) -> Tensor:
    """a^-1 b for a matrix b."""
    return pt.linalg.solve(a, b, b_ndim=2)


def _solve_lower(a: Tensor, b: Tensor) -> Tensor:
    """The same for the lower triangle of a."""
    return pt.linalg.solve_triangular(lower_triangle(a), b, lower=True, b_ndim=2)


def _solve_spd(a: Tensor, b: Tensor) -> Tensor:
    """The same for a symmetric positive definite a, by its Cholesky factor."""
    factor = cholesky_decompose(a)
    half = pt.linalg.solve_triangular(factor, b, lower=True, b_ndim=2)
    return pt.linalg.solve_triangular(matrix_transpose(factor), half, lower=False, b_ndim=2)


def _solve_upper(a: Tensor, b: Tensor) -> Tensor:
    """The same for the upper triangle that is the transposed lower triangle of the transposed a."""
    return pt.linalg.solve_triangular(matrix_transpose(lower_triangle(matrix_transpose(a))), b, lower=False, b_ndim=2)


def _left(solve: Solver) -> tuple[Solver, Solver]:
    """Division from the left: of a matrix, and of a column vector."""
    return (lambda x, y: solve(x, y)), (lambda x, y: solve(x, y[..., None])[..., 0])


def _right(solve: Solver) -> tuple[Solver, Solver]:
    """Division from the right, x / y = (y' \\ x')': of a matrix, and of a row vector."""
    return (
        lambda x, y: matrix_transpose(solve(matrix_transpose(y), matrix_transpose(x))),
        lambda x, y: solve(matrix_transpose(y), x[..., None])[..., 0],
    )


_ROWS = as_long("y", -1, "x", -1, "y has {0} elements, but x has {1} columns")  # of a column
_COLUMNS = as_long("x", -1, "y", -1, "x has {0} elements, but y has {1} rows")  # of a row vector, y being square


def _domain(name: str, signature: str) -> Domain:
    """A square matrix that fits what is divided, and what else the method asks of it."""
    left, several = "left" in name, signature.startswith("(matrix, matrix)")
    divisor = "x" if left else "y"
    fits = multipliable("x", "y") if several else _ROWS if left else _COLUMNS
    spd = (symmetric(divisor), positive_definite(divisor)) if name.endswith("spd") else ()
    return (square(divisor), fits, *spd)


_LEFT = ("(matrix, matrix) => matrix", "(matrix, vector) => vector")
_RIGHT = ("(matrix, matrix) => matrix", "(row_vector, matrix) => row_vector")

divisions = tuple(
    Function(name, (signature,), build, reference, summary=summary, domain=_domain(name, signature))
    for name, builds, signatures, reference, summary in (
        ("mdivide_left", _left(_solve), _LEFT, "numpy.linalg.solve(x, y)", "The inverse of x times y."),
        ("mdivide_left_spd", _left(_solve_spd), _LEFT, "numpy.linalg.solve(x, y)",
         "The inverse of x times y, for a symmetric positive definite x."),
        ("mdivide_left_tri_low", _left(_solve_lower), _LEFT, "numpy.linalg.solve(numpy.tril(x), y)",
         "The inverse of the lower triangle of x times y."),
        ("mdivide_right", _right(_solve), _RIGHT, "numpy.linalg.solve(y.T, x.T).T", "x times the inverse of y."),
        ("mdivide_right_spd", _right(_solve_spd), _RIGHT, "numpy.linalg.solve(y.T, x.T).T",
         "x times the inverse of y, for a symmetric positive definite y."),
        ("mdivide_right_tri_low", _right(_solve_upper), _RIGHT, "numpy.linalg.solve(numpy.tril(y).T, x.T).T",
         "x times the inverse of the lower triangle of y."),
    )
    for signature, build in zip(signatures, builds, strict=True)
)  # fmt: skip
