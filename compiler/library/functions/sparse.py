"""Sparse matrices in compressed rows: values w, their columns v, and u, the place in w where each row begins."""

from __future__ import annotations

from typing import Any

from ..definitions import Condition, Domain, Tensor, function
from ..domains import as_long, relation, where
from ..graph import pt
from ..supports import Integer
from ._axes import frozen, length, size


def _rows(u: Tensor, count: Any) -> Tensor:
    """The row, from 0, of each of `count` values."""
    return pt.searchsorted(u[1:], pt.arange(1, count + 1), side="right")


_FACTOR = Condition(("b", "n"), "have n elements", lambda b, n: pt.eq(b.shape[-1], n), nan=False)

# u begins with 1, never falls and ends with one more than there are values; v are columns.
_CSR: Domain = (
    *where(nan=False, m=Integer(lower=1), n=Integer(lower=1)),
    as_long("v", -1, "w", -1, "v has {0} elements, but w has {1}"),
    Condition(("u", "m"), "have m + 1 elements", lambda u, m: pt.eq(u.shape[-1], m + 1), nan=False),
    relation("v", "n", "between 1 and n", lambda v, n: (v >= 1) & (v <= n), nan=False),
    Condition(
        ("u", "w"), "rise from 1 to one more than w has elements",
        lambda u, w: pt.all(pt.eq(u[:1], 1)) & pt.all(pt.eq(u[-1:], w.shape[-1] + 1)) & pt.all(u[1:] >= u[:-1]),
        nan=False,
    ),
)  # fmt: skip


@function("(int, int, vector, array[] int, array[] int, vector) => vector", domain=(*_CSR, _FACTOR))
def csr_matrix_times_vector(m: Tensor, n: Tensor, w: Tensor, v: Tensor, u: Tensor, b: Tensor) -> Tensor:
    """The sparse m x n matrix (w, v, u) times b."""
    products = w * b[..., v - 1]
    batch = [length(products, axis) for axis in range(products.ndim - 1)]
    result = pt.zeros((*batch, size(m)))
    return pt.inc_subtensor(result[..., _rows(u, w.shape[-1])], products)


@function("(int, int, vector, array[] int, array[] int) => matrix", domain=_CSR)
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
    return csr_extract_w(x), csr_extract_v(x), csr_extract_u(x)
