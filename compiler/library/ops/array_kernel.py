"""A PyTensor operation on arrays whose value and gradient are kernels: plain Python that Numba can compile.

The counterpart of `kernels.operation` for recursions and other algorithms on whole arrays. A kernel takes float64
arrays and returns one array or a tuple of arrays; batch axes are looped over outside of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
import pytensor.tensor as pt
from pytensor.gradient import DisconnectedType, grad_undefined
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op
from pytensor.tensor.blockwise import Blockwise
from pytensor.tensor.exceptions import ShapeError

from ..definitions import KernelFunction
from ..kernels.plain import plain


class ArrayKernel(Op):
    """`value(*inputs)` on float64 arrays, by a signature like "(k,n),(k,k),(k)->()".

    A size `least` that no input has is the smaller one of `m` and `n`. `gradient(*inputs, *output_gradients)` returns
    the gradient in every input, as a tuple if there are several.
    """

    __props__ = ("value", "gradient", "gufunc_signature")

    def __init__(self, value: KernelFunction, gradient: KernelFunction | None, signature: str) -> None:
        self.value, self.gradient, self.gufunc_signature = value, gradient, signature
        inputs, outputs = signature.split("->")
        self.inputs, self.outputs = _axes(inputs), _axes(outputs)

    def make_node(self, *inputs: Any) -> Apply:
        tensors = [pt.cast(x, "float64") for x in map(pt.as_tensor, inputs)]
        shapes = self.result_shapes([x.type.shape for x in tensors])
        return Apply(self, tensors, [pt.tensor(dtype="float64", shape=shape) for shape in shapes])

    def result_shapes(self, shapes: list[Any], smaller: Callable[..., Any] = min) -> list[tuple[Any, ...]]:
        """The shapes of the results of inputs of these shapes; sizes that are not known are None."""
        sizes = {
            name: n
            for names, shape in zip(self.inputs, shapes, strict=True)
            for name, n in zip(names, shape, strict=True)
        }
        if "m" in sizes and "n" in sizes and None not in (sizes["m"], sizes["n"]):
            sizes.setdefault("least", smaller(sizes["m"], sizes["n"]))
        return [tuple(sizes.get(name) for name in names) for names in self.outputs]

    def perform(self, node: Apply, inputs: Sequence[Any], outputs: list[list[Any]]) -> None:
        results = plain(self.value)(*inputs)
        for storage, result in zip(outputs, results if len(self.outputs) > 1 else (results,), strict=True):
            storage[0] = np.asarray(result, dtype="float64")

    def infer_shape(self, node: Apply, shapes: list[Any]) -> list[tuple[Any, ...]]:
        results = self.result_shapes(shapes, pt.minimum)
        if any(size is None for shape in results for size in shape):
            raise ShapeError("an output has a size of its own")
        return results

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], output_gradients: Sequence[Any]) -> list[Any]:
        if self.gradient is None:
            return [grad_undefined(self, i, x, f"{self.value.__name__} has no gradient") for i, x in enumerate(inputs)]
        given = zeros_if_unused(outputs, output_gradients)
        arguments, results = self.gufunc_signature.split("->")
        signature = f"{arguments},{results}->{arguments}"
        found = ArrayKernel(self.gradient, None, signature)(*inputs, *given)
        return list(found) if isinstance(found, list | tuple) else [found]


def zeros_if_unused(outputs: Sequence[Any], gradients: Sequence[Any]) -> list[Any]:
    """The gradients in the outputs, zeros for those that nothing depends on."""
    return [
        pt.zeros_like(output) if isinstance(gradient.type, DisconnectedType) else gradient
        for output, gradient in zip(outputs, gradients, strict=True)
    ]


def _axes(text: str) -> tuple[tuple[str, ...], ...]:
    """ "(k,n),(k)" as (("k", "n"), ("k",))."""
    return tuple(tuple(filter(None, part.strip("()").split(","))) for part in text.split("),("))


@cache
def array_kernel(value: KernelFunction, gradient: KernelFunction | None, signature: str) -> Any:
    """The operation, for arguments with any batch axes in front."""
    return Blockwise(ArrayKernel(value, gradient, signature), signature=signature)
