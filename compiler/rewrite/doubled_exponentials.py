"""exp(2 x) = exp(x) ** 2 where exp(x) is computed anyway: a product instead of an exponential.

PyTensor makes exp(2 x) of exp(x) exp(x), in derivatives of what has exp(x) as a factor.
"""

from __future__ import annotations

from typing import Any

import pytensor.scalar as ps
import pytensor.tensor as pt
from pytensor.graph.rewriting.basic import node_rewriter
from pytensor.tensor.elemwise import Elemwise

from .definition import Rewrite
from .patterns import applies, is_constant


@node_rewriter([Elemwise])
def square_instead(fgraph: Any, node: Any) -> list[Any] | None:
    """Rewrites the exponential of a doubled number that has an exponential itself."""
    if not isinstance(node.op.scalar_op, ps.Exp):
        return None
    half = _half(node.inputs[0])
    for client, _ in fgraph.clients.get(half, ()):
        if applies(client, ps.Exp):
            return [pt.sqr(client.outputs[0])]
    return None


def _half(variable: Any) -> Any:
    """The x of x + x or 2 x."""
    match variable.owner_op_and_inputs:
        case (Elemwise(scalar_op=ps.Add()), first, second) if first is second:
            return first
        case (Elemwise(scalar_op=ps.Mul()), first, second):
            for constant, other in ((first, second), (second, first)):
                if is_constant(constant, 2):
                    return other if other.type == variable.type else None
    return None


def _example() -> tuple[list[Any], Any]:
    x = pt.tensor("x", shape=(5,), dtype="float64")
    return [x], (pt.exp(x) + 3 * pt.exp(x + x)).sum()


rewrite = Rewrite("doubled_exponentials", "exp(2 x) = exp(x) ** 2", square_instead, _example)
