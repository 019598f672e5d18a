"""A function of numbers that is found together with its slopes: an integral, of which they cost little more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from pytensor.gradient import DisconnectedType, grad_undefined
from pytensor.tensor.blockwise import Blockwise

from ..definitions import KernelFunction
from .array_kernel import ArrayKernel


class WithSlopes(ArrayKernel):
    """A kernel of numbers that returns its value and, after it, the derivative in every argument."""

    def __init__(self, value: KernelFunction) -> None:
        count = value.__code__.co_argcount
        super().__init__(value, None, f"{','.join(['()'] * count)}->{','.join(['()'] * (count + 1))}")

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], output_gradients: Sequence[Any]) -> list[Any]:
        (_, *slopes), (given, *others) = outputs, output_gradients
        if not all(isinstance(other.type, DisconnectedType) for other in others):
            reason = f"{self.value.__name__} has no further derivatives"
            return [grad_undefined(self, i, x, reason) for i, x in enumerate(inputs)]
        return [given * slope for slope in slopes]


@cache
def with_slopes(value: KernelFunction) -> Callable[..., Any]:
    """The function of tensors of one shape, element by element."""
    operation: Any = Blockwise(WithSlopes(value))
    return lambda *arguments: operation(*arguments)[0]
