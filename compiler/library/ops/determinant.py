"""The determinant with the derivative that it has at singular matrices, too, and its logarithm without overflow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytensor
from pytensor.tensor.blockwise import Blockwise
from pytensor.tensor.linalg.inverse import matrix_inverse
from pytensor.tensor.linalg.summary import Det, SLogDet

from ..kernels.cofactors import cofactors
from .array_kernel import ArrayKernel


class Determinant(Det):  # type: ignore[misc]
    """Equal to PyTensor's operation, so that all its rules for determinants hold for this one."""

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], output_gradients: Sequence[Any]) -> list[Any]:
        (x,) = inputs
        return [output_gradients[0] * Cofactors()(x, matrix_inverse(x), self(x))]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Det)

    def __hash__(self) -> int:
        return hash(Det())


class Cofactors(ArrayKernel):
    """From a matrix, its inverse and its determinant."""

    def __init__(self) -> None:
        super().__init__(cofactors, None, "(n,n),(n,n),()->(n,n)")

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], output_gradients: Sequence[Any]) -> list[Any]:
        """That of det(x) inv(x)', which they are where there is an inverse."""
        x, inverse, value = inputs
        product = value * inverse.T
        known = {product: output_gradients[0]}
        found: Any = pytensor.grad(None, [inverse, value], known_grads=known)
        return [x.zeros_like(), *found]


class SignAndLog(SLogDet):  # type: ignore[misc]
    """The sign of the determinant, which has no derivative, and the logarithm of its absolute value."""

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], output_gradients: Sequence[Any]) -> list[Any]:
        inverse: Any = matrix_inverse(inputs[0])
        return [output_gradients[1] * inverse.T]


determinant_of: Any = Blockwise(Determinant())
sign_and_log_of_determinant: Any = Blockwise(SignAndLog())
