"""The matrix exponential, with derivatives of every order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytensor.tensor as pt
from pytensor.tensor.blockwise import Blockwise

from ..kernels import exponential
from .array_kernel import ArrayKernel


class Exponential(ArrayKernel):
    """exp(x)."""

    def __init__(self) -> None:
        super().__init__(exponential.exponential, None, "(n,n)->(n,n)")

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], output_gradients: Sequence[Any]) -> list[Any]:
        return [ExponentialDerivative()(inputs[0].mT, output_gradients[0])]  # as kernels.exponential_gradient


class ExponentialDerivative(ArrayKernel):
    """The derivative of exp(x) in a direction; in x' it is the adjoint of the one in x."""

    def __init__(self) -> None:
        super().__init__(exponential.derivative, None, "(n,n),(n,n)->(n,n)")

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], output_gradients: Sequence[Any]) -> list[Any]:
        """It is the upper right block of exp([x, direction; 0, x]), whose derivative is known."""
        (x, direction), (gradient,) = inputs, output_gradients
        size = x.shape[-1]
        zero = pt.zeros_like(x)
        block = _in_blocks(x.mT, zero, direction.mT, x.mT)
        found: Any = ExponentialDerivative()(block, _in_blocks(zero, gradient, zero, zero))
        return [found[:size, :size] + found[size:, size:], found[:size, size:]]


def _in_blocks(a: Any, b: Any, c: Any, d: Any) -> Any:
    """[a, b; c, d]."""
    return pt.join(0, pt.join(1, a, b), pt.join(1, c, d))


matrix_exponential = Blockwise(Exponential())
