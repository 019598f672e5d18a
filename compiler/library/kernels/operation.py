"""A PyTensor scalar operation whose value and derivatives are kernels; `Elemwise` and fusion do the rest."""

from __future__ import annotations

from types import FunctionType
from typing import Any

from pytensor.gradient import grad_undefined
from pytensor.scalar.basic import ScalarOp, float64

from .plain import plain


class KernelOp(ScalarOp):
    """`value(*inputs)`; the derivative in the i-th input is `partials[i](*inputs)`, where there are partials."""

    def __init__(self, value: FunctionType, partials: tuple[KernelOp, ...]) -> None:
        self.value, self.partials = value, partials
        self.nin = value.__code__.co_argcount
        super().__init__(_always_float64, name=value.__name__)

    def impl(self, *inputs: float) -> float:
        return plain(self.value)(*map(float, inputs))

    def pullback(self, inputs: list[Any], outputs: list[Any], output_gradients: list[Any]) -> list[Any]:
        (gradient,) = output_gradients
        if not self.partials:
            reason = f"{self.name} has no further derivatives"
            return [grad_undefined(self, i, x, reason) for i, x in enumerate(inputs)]
        return [gradient * partial(*inputs) for partial in self.partials]

    def c_code(self, *arguments: Any) -> str:
        raise NotImplementedError("kernels are compiled by Numba")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.value is other.value

    def __hash__(self) -> int:
        return hash((type(self), self.value))


def _always_float64(*types: Any) -> tuple[Any, ...]:
    return (float64,)
