"""What PyTensor asks of an operation on numbers each time it makes or differentiates one on arrays.

To learn the type of `x + y` it makes a graph of two numbers; to differentiate, it makes that graph and its derivative,
and then the same of arrays. A program has a few dozen operations on a few types: each graph of numbers is made once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from pytensor.gradient import DisconnectedType
from pytensor.graph.basic import Apply, Variable
from pytensor.graph.null_type import NullType
from pytensor.scalar import get_scalar_type
from pytensor.tensor.basic import constant
from pytensor.tensor.elemwise import Elemwise


@cache
def remember() -> None:
    """Let PyTensor's elementwise operations take what is remembered."""
    Elemwise.make_scalar_node = _scalar_node  # type: ignore[method-assign]
    Elemwise._bgrad = _adjoints  # type: ignore[method-assign]


def _scalar_node(self: Elemwise, *inputs: Any) -> Apply:
    return _node(self.scalar_op, tuple(variable.type.dtype for variable in inputs))


@cache
def _node(op: Any, dtypes: tuple[str, ...]) -> Apply:
    """An operation on numbers of these types."""
    return op.make_node(*[get_scalar_type(dtype).make_variable() for dtype in dtypes])


@cache
def _derivative(op: Any, dtypes: tuple[str, ...], seeds: tuple[Any, ...]) -> tuple[list[Any], list[Any]]:
    """Numbers of these types, what an operation makes of them and its adjoints; and the numbers' adjoints.

    An adjoint that does not exist or is not known has a type of its own, the others have those of numbers.
    """
    inputs = [get_scalar_type(dtype).make_variable() for dtype in dtypes]
    outputs = list(_node(op, dtypes).outputs)
    adjoints = [(get_scalar_type(seed) if isinstance(seed, str) else seed).make_variable() for seed in seeds]
    return [*inputs, *outputs, *adjoints], list(op.pullback(inputs, outputs, adjoints))


@cache
def _elementwise(op: Any) -> Elemwise:
    return Elemwise(op)


def _adjoints(self: Elemwise, inputs: Sequence[Any], outputs: Sequence[Any], seeds: Sequence[Any]) -> list[Any]:
    """The adjoints of an elementwise operation's inputs, before those that were stretched are summed."""
    dtypes = tuple(variable.type.dtype for variable in inputs)
    kinds = tuple(seed.type if _is_nothing(seed) else seed.type.dtype for seed in seeds)
    numbers, results = _derivative(self.scalar_op, dtypes, kinds)
    arrays = dict(zip(numbers, [*inputs, *outputs, *seeds], strict=True))

    def array(number: Any) -> Any:
        if number not in arrays:
            arrays[number] = made(number)
        return arrays[number]

    def made(number: Any) -> Any:
        if _is_nothing(number):
            return number
        if number.owner is None:
            known = constant(np.asarray(number.data), dtype=number.type.dtype)
            return known.dimshuffle(["x"] * inputs[0].type.ndim)
        node = number.owner
        found: Any = _elementwise(node.op)(*map(array, node.inputs), return_list=True)
        return found[node.outputs.index(number)]

    return [array(result) for result in results]


def _is_nothing(variable: Variable) -> bool:
    """Whether it stands for an adjoint that does not exist or is not known."""
    return isinstance(variable.type, NullType | DisconnectedType)
