"""logit(1 / (1 + exp(-x))) = x, also where the sigmoid is 0 or 1 to rounding."""

from __future__ import annotations

from typing import Any

import pytensor.scalar.math as psm
import pytensor.tensor as pt
from pytensor.graph.rewriting.basic import node_rewriter
from pytensor.tensor.elemwise import Elemwise

from ..library.elementary import logit
from .definition import Rewrite


@node_rewriter([Elemwise])
def undo(fgraph: Any, node: Any) -> list[Any] | None:
    """Rewrites a logit whose argument is a sigmoid."""
    if getattr(node.op.scalar_op, "text", None) != logit.name:
        return None
    match node.inputs[0].owner_op_and_inputs:
        case (Elemwise(scalar_op=psm.Sigmoid()), x):
            return [x]
        case _:
            return None


def _example() -> tuple[list[Any], Any]:
    x = pt.tensor("x", shape=(5,), dtype="float64")
    return [x], logit(pt.sigmoid(x)).sum()


rewrite = Rewrite("logit_of_sigmoid", "logit(sigmoid(x)) = x", undo, _example, everywhere=True)
