"""The isometry between K-1 free numbers and the K-vectors that sum to zero.

With w_i = x_i / sqrt(i (i+1)) the vector is y_j = sum_{i >= j} w_i - (j-1) w_{j-1}: the columns of its
matrix are orthonormal and orthogonal to 1 (Egozcue et al. 2003, isometric log-ratio coordinates). Short
vectors multiply by the matrix; long ones use cumulative sums, whose cost is linear in K.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from ..definitions import Tensor
from ..graph import np, pt

LARGEST_MATRIX = 24  # below this one small matrix product beats several passes over the vector


@cache
def matrix(size: int) -> Any:
    """The (K-1, K) matrix whose product x @ matrix sums to zero."""
    i = np.arange(1, size)[:, None]
    j = np.arange(1, size + 1)[None, :]
    return ((j <= i) - i * (j == i + 1)) / np.sqrt(i * (i + 1.0))


def spread(x: Tensor, free: int) -> Tensor:
    """The vectors (last axis, length free + 1) that sum to zero, from `free` numbers each."""
    if free == 0:
        return pt.zeros((*(x.shape[axis] for axis in range(x.ndim - 1)), 1))
    if free < LARGEST_MATRIX:
        return pt.tensordot(x, matrix(free + 1), axes=1)
    i = np.arange(1, free + 1)
    w = x / np.sqrt(i * (i + 1.0))
    zero = pt.zeros_like(x[..., :1])
    later = pt.cumsum(w[..., ::-1], axis=-1)[..., ::-1]  # sum over i >= j
    return pt.concatenate([later, zero], axis=-1) - pt.concatenate([zero, i * w], axis=-1)


def collapse(y: Tensor, size: int) -> Tensor:
    """The free numbers of vectors of `size` elements; a constant added to a vector does not matter."""
    if size <= LARGEST_MATRIX:
        return pt.tensordot(y, matrix(size).T, axes=1)
    i = np.arange(1, size)
    return (pt.cumsum(y[..., :-1], axis=-1) - i * y[..., 1:]) / np.sqrt(i * (i + 1.0))


# The same in the language.
IN_LANGUAGE = """
vector spread_(vector y) {  // onto the vectors with one more element that sum to zero
  int n = rows(y);
  vector[n + 1] x = rep_vector(0, n + 1);
  real total = 0;
  for (k in 1:n) {
    int i = n - k + 1;
    real w = y[i] / sqrt(i * (i + 1.0));
    total += w;
    x[i] += total;
    x[i + 1] -= w * i;
  }
  return x;
}
vector collapse_(vector x) {
  int n = rows(x) - 1;
  vector[n] y;
  real total = 0;
  for (i in 1:n) {
    total += x[i];
    y[i] = (total - i * x[i + 1]) / sqrt(i * (i + 1.0));
  }
  return y;
}
"""
