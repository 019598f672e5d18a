"""exp(-x^2) as one function: the square's rounding counts x^2 times in the exponential, unless what it loses is known.

It is the derivative of erf and erfc.
"""

from __future__ import annotations

from typing import Any

import pytensor.scalar as ps
import pytensor.tensor as pt
from pytensor.graph.rewriting.basic import node_rewriter
from pytensor.tensor.elemwise import Elemwise

from ..library.elementary import exp_minus_square
from .definition import Rewrite
from .patterns import negated


@node_rewriter([Elemwise])
def gaussian(fgraph: Any, node: Any) -> list[Any] | None:
    """Rewrites an exponential of minus a square."""
    if not isinstance(node.op.scalar_op, ps.Exp) or node.outputs[0].type.dtype != "float64":
        return None
    root = _root(negated(node.inputs[0]))
    if root is None or root.type.dtype != "float64" or root.type.shape != node.outputs[0].type.shape:
        return None
    return [exp_minus_square(root)]


def _root(factors: list[Any]) -> Any:
    """What a product is the square of, None where it is none."""
    match factors:
        case [x, y] if x is y:
            return x
        case [square]:
            match square.owner_op_and_inputs:
                case (Elemwise(scalar_op=ps.Sqr()), x):
                    return x
    return None


def _example() -> tuple[list[Any], Any]:
    x = pt.tensor("x", shape=(5,), dtype="float64")
    return [x], pt.exp(-pt.sqr(x)).sum()


rewrite = Rewrite("gaussians", "exp(-x^2) is one function of x", gaussian, _example, everywhere=True)
