"""A PyTensor operation on whole arrays whose value and gradient are kernels: for recursions, which graphs do badly."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from types import FunctionType
from typing import Any

import numpy as np
import pytensor.tensor as pt
from pytensor.gradient import grad_undefined
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op
from pytensor.link.numba.dispatch.basic import register_funcify_and_cache_key

from .native import compile_kernel, source_key


class ArrayKernelOp(Op):
    """`value(*arrays)`, with one result per entry of `like`: as large as that input, or a number where it is None.

    `gradient(*arrays)` gives the derivatives of a number-valued `value` in each array, as a tuple.
    """

    __props__ = ("value", "gradient", "like")

    def __init__(
        self, value: FunctionType, gradient: FunctionType | None, like: tuple[int | None, ...] = (None,)
    ) -> None:
        self.value, self.gradient, self.like = value, gradient, like

    def __repr__(self) -> str:  # stable: compiled code is kept under this name
        return f"ArrayKernelOp({self.value.__name__}, {source_key(self.value)}, {self.like})"

    __str__ = __repr__

    def make_node(self, *arrays: Any) -> Apply:
        inputs = [pt.cast(pt.as_tensor(array), "float64") for array in arrays]
        outputs = [pt.dscalar() if source is None else inputs[source].type() for source in self.like]
        return Apply(self, inputs, outputs)

    def infer_shape(self, node: Apply, shapes: list[Any]) -> list[Any]:
        return [() if source is None else shapes[source] for source in self.like]

    def perform(self, node: Apply, inputs: list[Any], storage: list[list[Any]]) -> None:
        results = self.value(*inputs)
        for cell, result in zip(storage, results if len(self.like) > 1 else (results,), strict=True):
            cell[0] = np.asarray(result, dtype="float64")

    def pullback(self, inputs: list[Any], outputs: list[Any], output_gradients: list[Any]) -> list[Any]:
        if self.gradient is None or self.like != (None,):
            reason = f"{self.value.__name__} has no further derivatives"
            return [grad_undefined(self, i, x, reason) for i, x in enumerate(inputs)]
        slopes = ArrayKernelOp(self.gradient, None, tuple(range(len(inputs))))(*inputs)
        return [output_gradients[0] * slope for slope in (slopes if isinstance(slopes, list) else [slopes])]


@register_funcify_and_cache_key(ArrayKernelOp)
def _numba_kernel(op: ArrayKernelOp, node: Apply, **_: Any) -> tuple[Callable[..., Any], str]:
    return compile_kernel(op.value), sha256(repr(op).encode()).hexdigest()
