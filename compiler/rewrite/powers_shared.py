"""x ** (y - 1) = x ** y / x where x ** y is computed anyway: a power and its derivative take one evaluation.

At x = 0 the quotient says nothing; there x ** (y - 1) is 0, 1 or inf as y is above, at or below 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor.scalar as ps
import pytensor.tensor as pt
from pytensor.graph.rewriting.basic import node_rewriter
from pytensor.tensor.elemwise import DimShuffle, Elemwise

from .definition import Rewrite
from .patterns import applies, is_constant


@node_rewriter([Elemwise])
def divide_power(fgraph: Any, node: Any) -> list[Any] | None:
    """Rewrites a power whose exponent is one less than that of another power of the same base."""
    if not applies(node, ps.Pow) or node.outputs[0].type.dtype != "float64":
        return None
    base, less = node.inputs
    for client, _ in fgraph.clients[base]:
        if client is node or not applies(client, ps.Pow) or client.inputs[0] is not base:
            continue
        exponent, power = client.inputs[1], client.outputs[0]
        if _one_less(less, exponent) and power.type == node.outputs[0].type:
            at_zero = pt.switch(pt.gt(exponent, 1), 0.0, pt.switch(pt.lt(exponent, 1), np.inf, exponent))
            return [pt.switch(pt.eq(base, 0), at_zero, power / base)]
    return None


def _one_less(less: Any, exponent: Any) -> bool:
    """Whether it is y - 1 of an exponent y: PyTensor writes -1 + y, and expm1(x) where y is exp(x)."""
    match less.owner_op_and_inputs:
        case (DimShuffle() as op, inner) if exponent.owner is not None and exponent.owner.op == op:
            return _one_less(inner, exponent.owner.inputs[0])
        case (Elemwise(scalar_op=ps.Expm1()), x):
            node = exponent.owner
            return node is not None and node.op == pt.exp and node.inputs[0] is x
        case (Elemwise(scalar_op=ps.Add()), first, second):
            pairs = ((first, second), (second, first))
            return any(other is exponent and is_constant(constant, -1) for constant, other in pairs)
    return False


def _example() -> tuple[list[Any], Any]:
    x, y = pt.tensor("x", shape=(5,), dtype="float64"), pt.tensor("y", shape=(5,), dtype="float64")
    base = pt.abs(x)
    return [x, y], (base**y + y * base ** (pt.constant([-1.0]) + y)).sum()


rewrite = Rewrite("powers_shared", "x ** (y - 1) = x ** y / x for x != 0", divide_power, _example, everywhere=True)
