"""Operations and derivatives of PyTensor graphs as lists of tensors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytensor.graph.basic import Variable
    from pytensor.graph.op import Op
    from pytensor.tensor.variable import TensorVariable

    from .values import Slot


def applied(op: Op, inputs: Iterable[Variable]) -> list[TensorVariable]:
    """The results of an operation on these inputs."""
    import pytensor.tensor as pt

    return list(map(pt.as_tensor, op.make_node(*inputs).outputs))


def held(tensor: TensorVariable, slot: Slot) -> TensorVariable:
    """The tensor with numbers of the kind that a slot holds."""
    return tensor if tensor.type.dtype == slot.tensor_dtype else tensor.astype(slot.tensor_dtype)


def gradients(adjoints: Mapping[Variable, Variable], by: Sequence[Variable]) -> list[TensorVariable]:
    """The adjoints of the variables in `by`, given those of what depends on them; zeros where nothing does."""
    import pytensor
    import pytensor.tensor as pt

    found = pytensor.grad(None, by, known_grads=adjoints, disconnected_inputs="ignore", return_disconnected="zero")
    assert isinstance(found, Sequence)
    return list(map(pt.as_tensor, found))


def gradient(number: TensorVariable, by: TensorVariable) -> TensorVariable:
    """The gradient of a number."""
    import pytensor.tensor as pt

    return gradients({number: pt.ones_like(number)}, [by])[0]
