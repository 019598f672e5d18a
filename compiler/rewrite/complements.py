"""1 - 1 / (1 + exp(-x)) = 1 / (1 + exp(x)) and 1 - tanh(x)^2 = 1 / cosh(x)^2: where the left sides are 0 to rounding.

Derivatives are made of them. PyTensor takes the first only where nothing else needs the sigmoid; both sides rest on
exp(-|x|), which compiled code computes once.
"""

from __future__ import annotations

from typing import Any

import pytensor.scalar as ps
import pytensor.scalar.math as psm
import pytensor.tensor as pt
from pytensor.graph.rewriting.basic import node_rewriter
from pytensor.tensor.elemwise import Elemwise

from ..library.elementary import square_of_sech
from .definition import Rewrite
from .patterns import is_constant, negated


@node_rewriter([Elemwise])
def complement(fgraph: Any, node: Any) -> list[Any] | None:
    """Rewrites a difference whose first term is 1."""
    if not isinstance(node.op.scalar_op, ps.Sub):
        return None
    one, other = node.inputs
    if not is_constant(one, 1) or other.type.dtype != "float64":
        return None
    if other.type.shape != node.outputs[0].type.shape:
        return None
    match other.owner_op_and_inputs:
        case (Elemwise(scalar_op=psm.Sigmoid()), x):
            match negated(x):
                case [positive]:
                    return [pt.sigmoid(positive)]
            return [pt.sigmoid(-x)]
        case (Elemwise(scalar_op=ps.Sqr()), root):
            match root.owner_op_and_inputs:
                case (Elemwise(scalar_op=ps.Tanh()), x):
                    return [square_of_sech(x)]
    return None


def _example() -> tuple[list[Any], Any]:
    x, one = pt.tensor("x", shape=(5,), dtype="float64"), pt.constant([1.0])
    return [x], (pt.sigmoid(x) * (one - pt.sigmoid(x)) + (one - pt.sqr(pt.tanh(x)))).sum()


rewrite = Rewrite(
    "complements", "1 - sigmoid(x) = sigmoid(-x), 1 - tanh(x)^2 = sech(x)^2", complement, _example, everywhere=True
)
