"""Lower triangles: filling them from a vector, and Cholesky factors of correlation matrices from free numbers.

A factor's row i is a unit vector built from partial correlations z_ij = tanh(x_ij):
l_ij = z_ij prod_{j' < j} sqrt(1 - z_ij'^2), and the diagonal takes what is left (Lewandowski, Kurowicka &
Joe 2009). Since sqrt(1 - tanh(x)^2) = 1 / cosh(x), the products are exponentials of cumulative sums of
log cosh, exact in both tails, and both log Jacobians are weighted sums of log cosh(x).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from ..definitions import Tensor
from ..graph import np, pt


@cache
def below_diagonal(size: int, *, by_column: bool = False) -> tuple[Any, Any]:
    """Rows and columns of the entries below the diagonal, in the order in which free numbers fill them."""
    if by_column:
        columns, rows = np.triu_indices(size, 1)
    else:
        rows, columns = np.tril_indices(size, -1)
    return rows, columns


def fill(values: Tensor, rows: Any, columns: Any, shape: tuple[int, int]) -> Tensor:
    """The matrix with the values (last axis) at the given places and zeros elsewhere."""
    height, width = shape
    leading = [values.shape[axis] for axis in range(values.ndim - 1)]
    flat = pt.zeros((*leading, height * width))
    return pt.set_subtensor(flat[..., rows * width + columns], values).reshape((*leading, height, width))


def take(y: Tensor, rows: Any, columns: Any) -> Tensor:
    """The entries of matrices (last two axes) at the given places."""
    height, width = y.type.shape[-2:]
    leading = [y.shape[axis] for axis in range(y.ndim - 2)]
    return y.reshape((*leading, height * width))[..., rows * width + columns]


def log_cosh(x: Tensor) -> Tensor:
    return x + pt.softplus(-2 * x) - float(np.log(2))


def correlation_factor(x: Tensor, size: int, *, by_column: bool = False) -> Tensor:
    """The Cholesky factor of a correlation matrix from its size (size-1) / 2 free numbers."""
    places = below_diagonal(size, by_column=by_column)
    partial = fill(pt.tanh(x), *places, (size, size)) + np.eye(size)
    log_cosines = fill(log_cosh(x), *places, (size, size))
    before = pt.cumsum(log_cosines, axis=-1) - log_cosines  # over j' < j
    return partial * pt.exp(-before)


def free_correlation_factor(factor: Tensor, size: int, *, by_column: bool = False) -> Tensor:
    """The inverse: x_ij = asinh(l_ij / rest), rest the length of row i beyond column j."""
    rows, columns = below_diagonal(size, by_column=by_column)
    beyond = pt.cumsum((factor**2)[..., ::-1], axis=-1)[..., ::-1]
    return pt.arcsinh(take(factor, rows, columns) / pt.sqrt(take(beyond, rows, columns + 1)))


# Correlation factors in the language.
IN_LANGUAGE = """
real log_cosh_(real x) { return x + log1p_exp(-2 * x) - log2(); }
matrix correlation_factor_(vector x, int K, int by_column) {
  matrix[K, K] L = rep_matrix(0, K, K);
  for (i in 1:K) {
    real left = 0;
    for (j in 1:i - 1) {
      int at = by_column ? (j - 1) * K - (j * (j - 1)) %/% 2 + i - j : ((i - 1) * (i - 2)) %/% 2 + j;
      L[i, j] = tanh(x[at]) * exp(-left);
      left += log_cosh_(x[at]);
    }
    L[i, i] = exp(-left);
  }
  return L;
}
vector free_correlations_(matrix L, int by_column) {
  int K = rows(L);
  vector[(K * (K - 1)) %/% 2] x;
  for (i in 2:K) {
    real rest = square(L[i, i]);
    for (back in 1:i - 1) {
      int j = i - back;
      int at = by_column ? (j - 1) * K - (j * (j - 1)) %/% 2 + i - j : ((i - 1) * (i - 2)) %/% 2 + j;
      x[at] = asinh(L[i, j] / sqrt(rest));
      rest += square(L[i, j]);
    }
  }
  return x;
}
"""
