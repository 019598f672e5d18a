"""PyTensor scalar operations made of kernels, or of texts of `backend/mathlib`; `Elemwise` and fusion do the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from pytensor.gradient import grad_undefined
from pytensor.scalar.basic import ScalarOp, float64

from ..definitions import KernelFunction
from .plain import plain


class KernelOp(ScalarOp):
    """`value(*inputs)`; the derivative in the i-th input is `partials[i](*inputs)`, where there are partials.

    A partial is such an operation, or builds the graph of its numbers.
    """

    def __init__(self, value: KernelFunction, partials: tuple[Callable[..., Any], ...]) -> None:
        self.value, self.partials = value, partials
        self.nin = value.__code__.co_argcount
        super().__init__(_always_float64, name=value.__name__)

    def impl(self, *inputs: float) -> float:
        return plain(self.value)(*map(float, inputs))

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], output_gradients: Sequence[Any]) -> list[Any]:
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
    """The function of numbers that has a text of this name; its derivatives are `slopes`, graphs of the numbers."""

    def __init__(self, text: str, evaluate: Callable[..., Any], slopes: tuple[Callable[..., Any], ...]) -> None:
        self.text, self.evaluate, self.slopes = text, evaluate, slopes
        self.nin = len(slopes)
        super().__init__(_always_float64, name=text)

    def impl(self, *inputs: float) -> Any:
        with np.errstate(all="ignore"):
            return self.evaluate(*map(np.float64, inputs))

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], output_gradients: Sequence[Any]) -> list[Any]:
        (gradient,) = output_gradients
        return [gradient * slope(*inputs) for slope in self.slopes]

    def c_code(self, *arguments: Any) -> str:
        raise NotImplementedError("texts are compiled by the back end")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.text == other.text

    def __hash__(self) -> int:
        return hash((type(self), self.text))


def _always_float64(*types: Any) -> tuple[Any, ...]:
    return (float64,)
