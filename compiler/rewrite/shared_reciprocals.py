"""a / v and b / v = a r and b r with r = 1 / v: a vector that several are divided by is inverted once.

Within a loop LLVM does that, too; this is for divisions in several loops, which share memory instead.
"""

from __future__ import annotations

from typing import Any

import pytensor.scalar as ps
import pytensor.tensor as pt
from pytensor.graph.rewriting.basic import node_rewriter
from pytensor.tensor.elemwise import Elemwise

from .definition import Rewrite
from .patterns import applies, is_scalar


@node_rewriter([Elemwise])
def invert_once(fgraph: Any, node: Any) -> list[Any] | None:
    """Rewrites a quotient whose divisor is an array that is inverted already or divides something else."""
    if not isinstance(node.op.scalar_op, ps.TrueDiv) or node.outputs[0].type.dtype != "float64":
        return None
    above, below = node.inputs
    if below.type != node.outputs[0].type or is_scalar(below) or below.owner is None:
        return None
    clients = [client for client, _ in fgraph.clients[below]]
    inverses = [client.outputs[0] for client in clients if applies(client, ps.Reciprocal)]
    if inverses:
        return [above * inverses[0]]
    if any(client is not node and _divides(client, below) for client in clients):
        return [above * pt.reciprocal(below)]
    return None


def _divides(node: Any, below: Any) -> bool:
    return applies(node, ps.TrueDiv) and node.inputs[1] is below and node.inputs[0] is not below


def _example() -> tuple[list[Any], Any]:
    x, y = pt.tensor("x", shape=(5,), dtype="float64"), pt.tensor("y", shape=(5,), dtype="float64")
    v = 1 + pt.exp(x)
    return [x, y], (x / v).sum() * (y / v).sum()


rewrite = Rewrite("shared_reciprocals", "a / v = a (1 / v) for all that v divides", invert_once, _example)
