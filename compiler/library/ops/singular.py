"""Singular values and vectors, with derivatives of every order.

With P = U' dx V, the vectors turn by A = U' dU and B = V' dV, antisymmetric, where

    (A + B)_ij = (P_ij + P_ji) / (s_j - s_i)    and    (A - B)_ij = (P_ij - P_ji) / (s_i + s_j),

and ds = diag(P). Gradients are divided accordingly, sums and differences apart, and quotients of rounding errors are
left out, as for eigenvectors (`eigen`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pytensor.gradient import DisconnectedType
from pytensor.graph.basic import Apply
from pytensor.tensor.blockwise import Blockwise

from ..kernels.singular import singular
from .array_kernel import ArrayKernel, zeros_if_unused
from .eigen import NOISE, divided, lengths_of, turn


class Singular(ArrayKernel):
    """(U, values, V) with x = U diag(values) V', the values largest first."""

    def __init__(self) -> None:
        super().__init__(singular, None, "(m,n)->(m,least),(least),(n,least)")

    def perform(self, node: Apply, inputs: Sequence[Any], outputs: list[list[Any]]) -> None:
        (x,) = inputs
        if np.isfinite(x).all():
            left, values, right = np.linalg.svd(x, full_matrices=False)
        else:
            shapes = self.result_shapes([x.shape])
            left, values, right = (np.full(shape, np.nan) for shape in (shapes[0], shapes[1], shapes[2][::-1]))
        outputs[0][0], outputs[1][0], outputs[2][0] = left, values, right.T

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], output_gradients: Sequence[Any]) -> list[Any]:
        left, values, right = outputs
        if all(isinstance(output_gradients[i].type, DisconnectedType) for i in (0, 2)):
            return [(left * output_gradients[1]) @ right.T]
        in_left, in_values, in_right = zeros_if_unused(outputs, output_gradients)
        a, b = turn(left, in_left), turn(right, in_right)
        noise = NOISE * (lengths_of(in_left) + lengths_of(in_right))
        noise = noise[:, None] + noise[None, :]
        inner = divided(a + b, values[None, :] - values[:, None], noise)
        inner = inner + divided(a - b, values[None, :] + values[:, None], noise)
        middle = left @ inner + left * in_values
        outside = _outside(left, in_left, values) @ right.T + left @ _outside(right, in_right, values).T
        return [middle @ right.T + outside]


def _outside(vectors: Any, in_vectors: Any, values: Any) -> Any:
    """The part of a gradient in vectors that is orthogonal to them all, over the values; none if they are a basis."""
    rest = in_vectors - vectors @ (vectors.T @ in_vectors)
    return divided(rest, values[None, :], NOISE * lengths_of(in_vectors)[None, :])


singular_parts: Any = Blockwise(Singular())
