"""Products of matrices and vectors: one BLAS call without batch axes, and with them where the matrix is shared."""

from __future__ import annotations

from ..definitions import Tensor
from ..graph import pt
from ._axes import matrix_transpose


def matmul(x: Tensor, y: Tensor) -> Tensor:
    """Matrix times matrix."""
    return pt.dot(x, y) if x.ndim == y.ndim == 2 else pt.matmul(x, y)


def matvec(x: Tensor, v: Tensor) -> Tensor:
    """Matrix times column vector."""
    if x.ndim == 2:
        return pt.dot(x, v)
    if x.type.shape[0] == 1:  # one matrix for the whole batch
        return pt.dot(v, x[0].T)
    return pt.matvec(x, v)


def vecmat(v: Tensor, x: Tensor) -> Tensor:
    """Row vector times matrix."""
    return matvec(matrix_transpose(x), v)


def inner(x: Tensor, y: Tensor) -> Tensor:
    """Row vector times column vector."""
    return pt.dot(x, y) if x.ndim == 1 else pt.sum(x * y, axis=-1)


def outer(x: Tensor, y: Tensor) -> Tensor:
    """Column vector times row vector."""
    return x[..., :, None] * y[..., None, :]


def triangle_mask(x: Tensor) -> Tensor:
    """True on and below the diagonal of a matrix like x."""
    rows, columns = x.shape[-2], x.shape[-1]
    return pt.ge(pt.arange(rows)[:, None], pt.arange(columns)[None, :])


def lower_triangle(x: Tensor) -> Tensor:
    """x with zeros above the diagonal, whatever stood there."""
    return pt.switch(triangle_mask(x), x, 0.0)


def diagonal_of(x: Tensor) -> Tensor:
    """The elements on the main diagonal."""
    return pt.diagonal(x, axis1=-2, axis2=-1)
