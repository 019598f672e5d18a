"""The Moore-Penrose inverse, with derivatives of every order where the rank stays the same (Golub and Pereyra 1973)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pytensor.graph.basic import Apply
from pytensor.tensor.blockwise import Blockwise

from ..kernels import singular
from .array_kernel import ArrayKernel


class PseudoInverse(ArrayKernel):
    """x+."""

    def __init__(self) -> None:
        super().__init__(singular.pseudo_inverse, None, "(m,n)->(n,m)")

    def perform(self, node: Apply, inputs: Sequence[Any], outputs: list[list[Any]]) -> None:
        (x,) = inputs
        outputs[0][0] = np.linalg.pinv(x) if np.isfinite(x).all() else np.full(x.shape[::-1], np.nan)

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], output_gradients: Sequence[Any]) -> list[Any]:
        """d x+ = -x+ dx x+ + x+ x+' dx' (I - x x+) + (I - x+ x) dx' x+' x+, transposed."""
        (x,), (y,), (g,) = inputs, outputs, output_gradients
        beside = y @ (y.T @ (g - (g @ x) @ y))
        below = ((g - y @ (x @ g)) @ y.T) @ y
        return [(beside + below - y @ g.T @ y).T]


pseudo_inverse = Blockwise(PseudoInverse())
