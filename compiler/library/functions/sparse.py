"""Sparse matrices in compressed rows: values w, their columns v, and u, the place in w where each row begins."""

from __future__ import annotations

from typing import Any

from ..definitions import Tensor, function
from ..graph import pt
from ._axes import frozen, length, size


def _rows(u: Tensor, count: Any) -> Tensor:
    """The row, from 0, of each of `count` values."""
    return pt.searchsorted(u[1:], pt.arange(1, count + 1), side="right")


@function("(int, int, vector, array[] int, array[] int, vector) => vector")
def csr_matrix_times_vector(m: Tensor, n: Tensor, w: Tensor, v: Tensor, u: Tensor, b: Tensor) -> Tensor:
    """The sparse m x n matrix (w, v, u) times b."""
    products = w * b[..., v - 1]
    batch = [length(products, axis) for axis in range(products.ndim - 1)]
    result = pt.zeros((*batch, size(m)))
    return pt.inc_subtensor(result[..., _rows(u, w.shape[-1])], products)


@function("(int, int, vector, array[] int, array[] int) => matrix")
def csr_to_dense_matrix(m: Tensor, n: Tensor, w: Tensor, v: Tensor, u: Tensor) -> Tensor:
    """The sparse m x n matrix (w, v, u) with its zeros."""
    batch = [length(w, axis) for axis in range(w.ndim - 1)]
    place = _rows(u, w.shape[-1]) * size(n) + v - 1
    flat = pt.set_subtensor(pt.zeros((*batch, size(m) * size(n)))[..., place], w)
    return flat.reshape((*batch, size(m), size(n)))


@function("(matrix) => vector")
def csr_extract_w(x: Tensor) -> Tensor:
    """The values of x that are not zero, row by row."""
    return x[pt.nonzero(pt.neq(frozen(x), 0))]


@function("(matrix) => array[] int")
def csr_extract_v(x: Tensor) -> Tensor:
    """The columns (from 1) of the values that are not zero."""
    return pt.nonzero(pt.neq(frozen(x), 0))[1] + 1


@function("(matrix) => array[] int")
def csr_extract_u(x: Tensor) -> Tensor:
    """Where each row begins (from 1) among the values that are not zero, and their number plus 1."""
    per_row = pt.sum(pt.cast(pt.neq(frozen(x), 0), "int64"), axis=-1)
    return pt.concatenate([pt.ones((1,), dtype="int64"), 1 + pt.cumsum(per_row)])


@function("(matrix) => tuple(vector, array[] int, array[] int)")
def csr_extract(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Values, columns and beginnings of rows."""
    return csr_extract_w.build(x), csr_extract_v.build(x), csr_extract_u.build(x)
