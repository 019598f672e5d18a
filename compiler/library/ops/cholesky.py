"""The Cholesky factor with a derivative that costs one pass over the factor, instead of products and two solves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytensor
from pytensor.tensor.blockwise import Blockwise
from pytensor.tensor.linalg.decomposition.cholesky import Cholesky

from ..kernels.matrices import factor_gradient
from .array_kernel import ArrayKernel


class Factor(Cholesky):  # type: ignore[misc]
    """The lower factor; nan where the matrix is not positive definite."""

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], output_gradients: Sequence[Any]) -> list[Any]:
        return [FactorGradient()(outputs[0], output_gradients[0])]


class FactorGradient(ArrayKernel):
    """From the factor and the gradient in it to the gradient in the lower triangle of the matrix."""

    def __init__(self) -> None:
        super().__init__(factor_gradient, None, "(n,n),(n,n)->(n,n)")

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], output_gradients: Sequence[Any]) -> list[Any]:
        """That of the same as an expression."""
        factor, gradient = inputs
        (expression,) = Cholesky(lower=True).pullback([None], [factor], [gradient])
        found: Any = pytensor.grad(None, [factor, gradient], known_grads={expression: output_gradients[0]})
        return list(found)


factor = Blockwise(Factor(lower=True))
