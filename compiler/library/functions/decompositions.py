"""Eigenvalues of symmetric matrices, singular values, QR, and the matrix exponential."""

from __future__ import annotations

from ..definitions import Body, Tensor, function
from ..domains import multipliable, square, symmetric, where
from ..graph import pt
from ..supports import Integer
from ._axes import length, size
from ._products import matmul


def _symmetric(x: Tensor) -> tuple[Tensor, Tensor]:
    from ..ops.eigen import symmetric_eigenpairs

    values, vectors = symmetric_eigenpairs(x)
    return values, vectors


@function("(matrix) => vector", reference="numpy.linalg.eigvalsh(x)", domain=(square("x"), symmetric("x")))
def eigenvalues_sym(x: Tensor) -> Tensor:
    """The eigenvalues of a symmetric matrix, smallest first."""
    return _symmetric(x)[0]


@function("(matrix) => matrix", domain=(square("x"), symmetric("x")))
def eigenvectors_sym(x: Tensor) -> Tensor:
    """The eigenvectors of a symmetric matrix as columns, in the order of the eigenvalues."""
    return _symmetric(x)[1]


@function("(matrix) => tuple(matrix, vector)", domain=(square("x"), symmetric("x")))
def eigendecompose_sym(x: Tensor) -> tuple[Tensor, Tensor]:
    """The eigenvectors of a symmetric matrix as columns, and its eigenvalues, smallest first."""
    values, vectors = _symmetric(x)
    return vectors, values


# Singular values --------------------------------------------------------------------------------


@function("(matrix) => tuple(matrix, vector, matrix)")
def svd(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """U, the singular values (largest first), and V with x = U * diag_matrix(values) * V'."""
    from ..ops.singular import singular_parts

    left, values, right = singular_parts(x)
    return left, values, right


@function("(matrix) => vector", reference="numpy.linalg.svd(x, compute_uv=False)")
def singular_values(x: Tensor) -> Tensor:
    """The singular values, largest first."""
    return svd(x)[1]


@function("(matrix) => matrix")
def svd_U(x: Tensor) -> Tensor:
    """The left singular vectors as columns."""
    return svd(x)[0]


@function("(matrix) => matrix")
def svd_V(x: Tensor) -> Tensor:
    """The right singular vectors as columns."""
    return svd(x)[2]


# QR ---------------------------------------------------------------------------------------------


def _thin(x: Tensor) -> tuple[Tensor, Tensor]:
    from ..ops.orthogonal import thin_qr

    q, r = thin_qr(x)
    return q, r


def _is_tall(x: Tensor) -> bool:
    """Whether a square Q has more columns than the thin one."""
    m, n = x.type.shape[-2:]
    return m is None or n is None or m > n


_QR = """
tuple(matrix, matrix) qr_(matrix x) {  // by Householder reflections, as in LAPACK
  int M = rows(x);
  matrix[M, M] Q = identity_matrix(M);
  matrix[M, cols(x)] R = x;
  for (k in 1:min(M - 1, cols(x))) {
    vector[M - k + 1] v = R[k:, k];
    real length = sqrt(dot_self(v));
    if (dot_self(v[2:]) == 0) continue;
    v[1] += v[1] < 0 ? -length : length;
    real scale = 2 / dot_self(v);
    R[k:] = R[k:] - scale * v * (v' * R[k:]);
    Q[:, k:] = Q[:, k:] - scale * (Q[:, k:] * v) * v';
  }
  return (Q, R);
}
tuple(matrix, matrix) positive_diagonal_(tuple(matrix, matrix) QR, int K) {  // the first K columns of Q
  int M = rows(QR.1);
  matrix[M, K] Q = QR.1[:, :K];
  matrix[K, cols(QR.2)] R = QR.2[:K];
  for (i in 1:min(K, cols(R))) {
    if (R[i, i] < 0) {
      Q[:, i] = -Q[:, i];
      R[i] = -R[i];
    }
    for (j in 1:i - 1) R[i, j] = 0;
  }
  for (i in cols(R) + 1:K) R[i] = rep_row_vector(0, cols(R));
  return (Q, R);
}
"""


@function("(matrix) => tuple(matrix, matrix)", in_language=Body("return positive_diagonal_(qr_(x), rows(x));", _QR))
def qr(x: Tensor) -> tuple[Tensor, Tensor]:
    """An orthogonal square Q and an upper triangular R with positive diagonal, x = Q * R."""
    return qr_Q(x), qr_R(x)


@function("(matrix) => matrix", in_language=Body("return positive_diagonal_(qr_(x), rows(x)).1;", _QR))
def qr_Q(x: Tensor) -> Tensor:
    """The orthogonal square factor of x."""
    from ..ops.orthogonal import square_q

    return square_q(x) if _is_tall(x) else _thin(x)[0]


@function("(matrix) => matrix", in_language=Body("return positive_diagonal_(qr_(x), rows(x)).2;", _QR))
def qr_R(x: Tensor) -> Tensor:
    """The triangular factor of x, as large as x."""
    _, r = _thin(x)
    if not _is_tall(x):
        return r
    below = pt.zeros((*(length(x, axis) for axis in range(x.ndim - 2)), x.shape[-2] - r.shape[-2], x.shape[-1]))
    return pt.concatenate([r, below], axis=-2)


@function(
    "(matrix) => tuple(matrix, matrix)",
    in_language=Body("return positive_diagonal_(qr_(x), min(rows(x), cols(x)));", _QR),
)
def qr_thin(x: Tensor) -> tuple[Tensor, Tensor]:
    """Q as large as x and a square R."""
    return _thin(x)


@function("(matrix) => matrix", in_language=Body("return positive_diagonal_(qr_(x), min(rows(x), cols(x))).1;", _QR))
def qr_thin_Q(x: Tensor) -> Tensor:
    """The orthogonal factor of x, as large as x."""
    return _thin(x)[0]


@function("(matrix) => matrix", in_language=Body("return positive_diagonal_(qr_(x), min(rows(x), cols(x))).2;", _QR))
def qr_thin_R(x: Tensor) -> Tensor:
    """The square triangular factor of x."""
    return _thin(x)[1]


# Powers -----------------------------------------------------------------------------------------


@function("(matrix) => matrix", reference="scipy.linalg.expm(x)", domain=(square("x"),))
def matrix_exp(x: Tensor) -> Tensor:
    """The matrix exponential."""
    from ..ops.exponential import matrix_exponential

    return matrix_exponential(x)


@function(
    "(matrix, matrix) => matrix", reference="scipy.linalg.expm(x) @ y", domain=(square("x"), multipliable("x", "y"))
)
def matrix_exp_multiply(x: Tensor, y: Tensor) -> Tensor:
    """The matrix exponential of x, times y."""
    return matmul(matrix_exp(x), y)


@function(
    "(real, matrix, matrix) => matrix",
    reference="scipy.linalg.expm(t * x) @ y",
    domain=(square("x"), multipliable("x", "y")),
)
def scale_matrix_exp_multiply(t: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """The matrix exponential of t * x, times y."""
    return matmul(matrix_exp(t[..., None, None] * x), y)


_POWER = """
matrix power_(matrix x, int n) {
  if (n == 0) return identity_matrix(rows(x));
  if (n == 1) return x;
  matrix[rows(x), rows(x)] half = power_(x, n %/% 2);
  return n % 2 ? half * half * x : half * half;
}
"""
_NEGATIVE = 'if (n < 0) reject("matrix_power: the exponent is ", n, ", which has to be 0 or more"); '


@function(
    "(matrix, int) => matrix",
    reference="numpy.linalg.matrix_power(x, n)",
    domain=(square("x"), *where(nan=False, n=Integer(lower=0))),
    in_language=Body(_NEGATIVE + "return power_(x, n);", _POWER),
)
def matrix_power(x: Tensor, n: Tensor) -> Tensor:
    """x times itself, n factors, by repeated squaring."""
    exponent = size(n)
    if not isinstance(exponent, int):
        raise NotImplementedError("matrix_power needs an exponent that is known before sampling")
    power, square = None, x
    while exponent > 0:
        if exponent % 2:
            power = square if power is None else matmul(power, square)
        exponent //= 2
        square = matmul(square, square) if exponent else square
    return pt.zeros_like(x) + pt.eye(x.shape[-1]) if power is None else power
