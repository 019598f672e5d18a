"""Questions about a graph that several rewrites ask."""

from __future__ import annotations

from typing import Any

import numpy as np
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


def is_constant(variable: Any, value: float) -> bool:
    """Whether all elements are this number, whatever the values of inputs."""
    return isinstance(variable, Constant) and bool(np.all(np.asarray(variable.data) == value))
