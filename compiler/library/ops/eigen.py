"""Eigenvalues and eigenvectors of symmetric matrices, with derivatives of every order.

For dA the eigenvectors V turn by V' dV = S with S_ij = (V' dA V)_ij / (w_j - w_i), and dw = diag(V' dA V). A gradient
(g_w, g_V) therefore becomes V (diag(g_w) + K) V' with K_ij = T_ij / (w_j - w_i) and T = (V' g_V - g_V' V) / 2, the
part of g_V that a turn sees. What does not depend on the choice of vectors within a cluster of eigenvalues has T_ij
proportional to w_j - w_i there, and K_ij finite, however close the two are. T is computed first: V' g_V alone, divided
by a gap, would be a huge number of which nothing may remain.

Where T_ij is no larger than its rounding errors, the pair is left out. Divided by the gap it would be noise; for
equal eigenvalues, leaving it out is exact in all directions in which they stay equal. In directions that split them,
a function of the vectors has a derivative of which g_V says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytensor.tensor as pt
from pytensor.gradient import DisconnectedType
from pytensor.graph.basic import Apply
from pytensor.tensor.blockwise import Blockwise

from ..kernels.symmetric import symmetric_eigen
from .array_kernel import ArrayKernel

NOISE = 8 * 2.0**-52  # of a product of vectors of length 1, a few roundings


class SymmetricEigen(ArrayKernel):
    """(values, smallest first; vectors as columns) of the symmetric part of a matrix."""

    def __init__(self) -> None:
        super().__init__(symmetric_eigen, None, "(n,n)->(n),(n,n)")

    def perform(self, node: Apply, inputs: Sequence[Any], outputs: list[list[Any]]) -> None:
        (x,) = inputs
        if np.isfinite(x).all():
            values, vectors = np.linalg.eigh(0.5 * (x + x.T))
        else:
            values, vectors = np.full(x.shape[0], np.nan), np.full(x.shape, np.nan)
        outputs[0][0], outputs[1][0] = values, vectors

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], output_gradients: Sequence[Any]) -> list[Any]:
        values, vectors = outputs
        in_values, in_vectors = output_gradients
        left: Any = 0.0  # V (diag(g_w) + K)
        if not isinstance(in_vectors.type, DisconnectedType):
            noise = NOISE * lengths_of(in_vectors)
            gaps = values[None, :] - values[:, None]
            left = left + vectors @ divided(turn(vectors, in_vectors), gaps, noise[:, None] + noise[None, :])
        if not isinstance(in_values.type, DisconnectedType):
            left = left + vectors * in_values
        return [left @ vectors.T]


def turn(vectors: Any, in_vectors: Any) -> Any:
    """T: what a gradient says of turning vectors among themselves."""
    overlap = vectors.T @ in_vectors
    return 0.5 * (overlap - overlap.T)


def lengths_of(columns: Any) -> Any:
    return pt.sqrt(pt.sum(pt.sqr(columns), axis=0))


def divided(x: Any, gaps: Any, noise: Any) -> Any:
    """x / gaps, or 0 where x is noise."""
    nothing = pt.le(pt.abs(x), noise)
    return pt.switch(nothing, 0.0, x) / pt.switch(nothing, 1.0, gaps)


symmetric_eigenpairs: Any = Blockwise(SymmetricEigen())
