"""x ** (y - 1) = x ** y / x where x ** y is computed anyway: a power and its derivative take one evaluation.

At x = 0 the quotient says nothing; there x ** (y - 1) is 0, 1 or inf as y is above, at or below 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor.scalar as ps
import pytensor.tensor as pt
from pytensor.graph.rewriting.basic import node_rewriter
from pytensor.tensor.elemwise import Elemwise

from .definition import Rewrite
from .patterns import applies, is_constant


@node_rewriter([Elemwise])
def divide_power(fgraph: Any, node: Any) -> list[Any] | None:
    """Rewrites a power whose exponent is one less than that of another power of the same base."""
    if not applies(node, ps.Pow) or node.outputs[0].type.dtype != "float64":
        return None
    base, less = node.inputs
    exponent = _plus_one(less)
    if exponent is None:
        return None
    for client, _ in fgraph.clients[base]:
        if client is not node and applies(client, ps.Pow) and client.inputs[0] is base and client.inputs[1] is exponent:
            power = client.outputs[0]
            if power.type.shape != node.outputs[0].type.shape or power.type.dtype != "float64":
                continue
            at_zero = pt.switch(pt.gt(exponent, 1), 0.0, pt.switch(pt.lt(exponent, 1), np.inf, exponent))
            return [pt.switch(pt.eq(base, 0), at_zero, power / base)]
    return None


def _plus_one(less: Any) -> Any:
    """The y of an exponent y - 1, which PyTensor writes as -1 + y."""
    match less.owner_op_and_inputs:
        case (Elemwise(scalar_op=ps.Add()), first, second):
            for constant, other in ((first, second), (second, first)):
                if is_constant(constant, -1):
                    return other
    return None


def _example() -> tuple[list[Any], Any]:
    x, y = pt.tensor("x", shape=(5,), dtype="float64"), pt.tensor("y", shape=(5,), dtype="float64")
    base = pt.abs(x)
    return [x, y], (base**y + y * base ** (pt.constant([-1.0]) + y)).sum()


rewrite = Rewrite("powers_shared", "x ** (y - 1) = x ** y / x for x != 0", divide_power, _example)
