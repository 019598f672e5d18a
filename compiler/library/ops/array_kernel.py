"""A PyTensor operation on arrays whose value and gradient are kernels: plain Python that Numba can compile.

The counterpart of `kernels.operation` for recursions and other algorithms on whole arrays. A kernel takes float64
arrays and returns one array or a tuple of arrays; batch axes are looped over outside of it.
"""

from __future__ import annotations

from functools import cache
from types import FunctionType
from typing import Any

import numpy as np
import pytensor.tensor as pt
from pytensor.gradient import DisconnectedType, grad_undefined
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op
from pytensor.tensor.blockwise import Blockwise
from pytensor.tensor.exceptions import ShapeError

from ..kernels.plain import plain


class ArrayKernel(Op):
    """`value(*inputs)` on float64 arrays, by a signature like "(k,n),(k,k),(k)->()".

    `gradient(*inputs, *output_gradients)` returns the gradient in every input, as a tuple if there are several.
    """

    __props__ = ("value", "gradient", "gufunc_signature")

    def __init__(self, value: FunctionType, gradient: FunctionType | None, signature: str) -> None:
        self.value, self.gradient, self.gufunc_signature = value, gradient, signature
        inputs, outputs = signature.split("->")
        self.inputs, self.outputs = _axes(inputs), _axes(outputs)

    def make_node(self, *inputs: Any) -> Apply:
        tensors = [pt.cast(x, "float64") for x in map(pt.as_tensor, inputs)]
        sizes = {
            name: n
            for names, x in zip(self.inputs, tensors, strict=True)
            for name, n in zip(names, x.type.shape, strict=True)
        }
        results = [pt.tensor(dtype="float64", shape=tuple(sizes.get(n) for n in names)) for names in self.outputs]
        return Apply(self, tensors, results)

    def perform(self, node: Apply, inputs: list[Any], outputs: list[list[Any]]) -> None:
        results = plain(self.value)(*inputs)
        for storage, result in zip(outputs, results if len(self.outputs) > 1 else (results,), strict=True):
            storage[0] = np.asarray(result, dtype="float64")

    def infer_shape(self, node: Apply, shapes: list[Any]) -> list[tuple[Any, ...]]:
        sizes = {
            name: n
            for names, shape in zip(self.inputs, shapes, strict=True)
            for name, n in zip(names, shape, strict=True)
        }
        if any(name not in sizes for names in self.outputs for name in names):
            raise ShapeError("an output has a size of its own")
        return [tuple(sizes[name] for name in names) for names in self.outputs]

    def pullback(self, inputs: list[Any], outputs: list[Any], output_gradients: list[Any]) -> list[Any]:
        if self.gradient is None:
            return [grad_undefined(self, i, x, f"{self.value.__name__} has no gradient") for i, x in enumerate(inputs)]
        given = [
            pt.zeros_like(output) if isinstance(gradient.type, DisconnectedType) else gradient
            for output, gradient in zip(outputs, output_gradients, strict=True)
        ]
        arguments, results = self.gufunc_signature.split("->")
        signature = f"{arguments},{results}->{arguments}"
        found = ArrayKernel(self.gradient, None, signature)(*inputs, *given)
        return list(found) if isinstance(found, list | tuple) else [found]


def _axes(text: str) -> tuple[tuple[str, ...], ...]:
    """ "(k,n),(k)" as (("k", "n"), ("k",))."""
    return tuple(tuple(filter(None, part.strip("()").split(","))) for part in text.split("),("))


@cache
def array_kernel(value: FunctionType, gradient: FunctionType | None, signature: str) -> Any:
    """The operation, for arguments with any batch axes in front."""
    return Blockwise(ArrayKernel(value, gradient, signature), signature=signature)
