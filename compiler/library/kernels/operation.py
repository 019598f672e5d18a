"""PyTensor scalar operations made of kernels, or of texts of `backend/mathlib`; `Elemwise` and fusion do the rest."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np
from pytensor.gradient import grad_undefined
from pytensor.scalar.basic import ScalarOp, float64

from .plain import plain


class KernelOp(ScalarOp):
    """`value(*inputs)`; the derivative in the i-th input is `partials[i](*inputs)`, where there are partials.

    A partial is such an operation, or builds the graph of its numbers.
    """

    def __init__(self, value: FunctionType, partials: tuple[Callable[..., Any], ...]) -> None:
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


class TextOp(ScalarOp):
    """The function of one number that has a text of this name; its derivative is `slope(x)`, a graph of numbers."""

    nin = 1

    def __init__(self, text: str, evaluate: Callable[[Any], Any], slope: Callable[[Any], Any]) -> None:
        self.text, self.evaluate, self.slope = text, evaluate, slope
        super().__init__(_always_float64, name=text)

    def impl(self, x: float) -> Any:
        with np.errstate(all="ignore"):
            return self.evaluate(np.float64(x))

    def pullback(self, inputs: list[Any], outputs: list[Any], output_gradients: list[Any]) -> list[Any]:
        (x,), (gradient,) = inputs, output_gradients
        return [gradient * self.slope(x)]

    def c_code(self, *arguments: Any) -> str:
        raise NotImplementedError("texts are compiled by the back end")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.text == other.text

    def __hash__(self) -> int:
        return hash((type(self), self.text))


def _always_float64(*types: Any) -> tuple[Any, ...]:
    return (float64,)
