"""Questions about a graph that several rewrites ask."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor.scalar as ps
from pytensor.graph.basic import Constant
from pytensor.tensor.elemwise import Elemwise


def applies(node: Any, *scalar_ops: type) -> bool:
    """Whether a node (None, or the client that stands for an output of the graph, too) is one of these, elementwise."""
    op = getattr(node, "op", None)
    return isinstance(op, Elemwise) and isinstance(op.scalar_op, scalar_ops)


def is_scalar(variable: Any) -> bool:
    """Whether it has one element, whatever its number of axes."""
    return all(variable.type.broadcastable)


def is_full(reduction: Any) -> bool:
    """Whether a reduction's node goes over all axes of its argument."""
    axes = reduction.op.axis
    return axes is None or len(axes) == reduction.inputs[0].ndim


def negated(variable: Any) -> list[Any]:
    """The factors of x, where a variable is -x; none where it is no product with -1."""
    match variable.owner_op_and_inputs:
        case (Elemwise(scalar_op=ps.Neg()), x):
            return [x]
        case (Elemwise(scalar_op=ps.Mul()), constant, *factors) if is_constant(constant, -1):
            return factors
        case _:
            return []


def is_constant(variable: Any, value: float) -> bool:
    """Whether all elements are this number, whatever the values of inputs."""
    return isinstance(variable, Constant) and bool(np.all(np.asarray(variable.data) == value))
