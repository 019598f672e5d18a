"""The QR decomposition: thin, with derivatives of every order, and the square Q of a tall matrix.

The derivative of the thin one is that of Walter and Lehmann (2012): for x = Q R with square R, dQ = Q S + the part
of dx R^-1 that is orthogonal to Q, S antisymmetric.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytensor.tensor as pt
from pytensor.graph.basic import Apply
from pytensor.tensor.blockwise import Blockwise

from ..kernels import orthogonal
from ..kernels.plain import plain
from .array_kernel import ArrayKernel, zeros_if_unused


class ThinQR(ArrayKernel):
    """(Q, R) with R's diagonal positive."""

    def __init__(self) -> None:
        super().__init__(orthogonal.thin, None, "(m,n)->(m,least),(least,n)")

    def perform(self, node: Apply, inputs: Sequence[Any], outputs: list[list[Any]]) -> None:
        if not np.isfinite(inputs[0]).all():  # LAPACK's Q may look as if nothing was wrong
            outputs[0][0], outputs[1][0] = plain(orthogonal.thin)(inputs[0])
            return
        q, r = np.linalg.qr(inputs[0])
        signs = _signs(r)
        outputs[0][0], outputs[1][0] = q * signs, r * signs[:, None]

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], output_gradients: Sequence[Any]) -> list[Any]:
        """For a wide x, Q belongs to its first columns and R is Q' x."""
        (x,), (q, r) = inputs, outputs
        in_q, in_r = zeros_if_unused(outputs, output_gradients)
        m, n = x.type.shape
        size = q.shape[-1]
        if m is not None and n is not None and m >= n:
            return [_square(q, r, in_q, in_r)]
        beyond, in_beyond = x[:, size:], in_r[:, size:]
        first = _square(q, r[:, :size], in_q + beyond @ in_beyond.T, in_r[:, :size])
        return [pt.join(1, first, q @ in_beyond)]


def _square(q: Any, r: Any, in_q: Any, in_r: Any) -> Any:
    """Where R is square."""
    moved = r @ in_r.T - in_q.T @ q
    lower = pt.tril(moved)
    symmetric = lower + pt.tril(moved, -1).T
    return pt.linalg.solve_triangular(r, (in_q + q @ symmetric).T, lower=False, b_ndim=2).T


class SquareQ(ArrayKernel):
    """The square Q of a tall matrix: its further columns are those of the product of reflections."""

    def __init__(self) -> None:
        super().__init__(orthogonal.full, orthogonal.full_gradient, "(m,n)->(m,m)")

    def perform(self, node: Apply, inputs: Sequence[Any], outputs: list[list[Any]]) -> None:
        if not np.isfinite(inputs[0]).all():
            outputs[0][0] = plain(orthogonal.full)(inputs[0])
            return
        q, r = np.linalg.qr(inputs[0], mode="complete")
        q[:, : r.shape[1]] *= _signs(r)
        outputs[0][0] = q


def _signs(r: Any) -> Any:
    """Those of the diagonal of R, with which it becomes positive."""
    return np.where(np.diag(r) < 0, -1.0, 1.0)


thin_qr: Any = Blockwise(ThinQR())
square_q: Any = Blockwise(SquareQ())
