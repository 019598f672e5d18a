"""sum(a * v) = a * sum(v) for a scalar a.

PyTensor does so as well, but before the rewrites of this folder, which leave such factors in derivatives. Done once
more at the end, sums that differ by a factor only become one sum.
"""

from __future__ import annotations

from typing import Any

import pytensor.scalar as ps
import pytensor.tensor as pt
from pytensor.graph.rewriting.basic import node_rewriter
from pytensor.tensor.math import Sum

from ..library.graph import multiplied
from .definition import Rewrite
from .patterns import applies, is_full, is_scalar


@node_rewriter([Sum])
def take_factors_out(fgraph: Any, node: Any) -> list[Any] | None:
    """Rewrites a full sum whose argument is a product with scalar factors, used nowhere else."""
    (argument,) = node.inputs
    inner = argument.owner
    if not applies(inner, ps.Mul) or not is_full(node):
        return None
    if len(fgraph.clients[argument]) > 1 or any(x.type.dtype != "float64" for x in inner.inputs):
        return None
    numbers = [x for x in inner.inputs if is_scalar(x)]
    others = [x for x in inner.inputs if not is_scalar(x)]
    if not numbers or not others or None in argument.type.shape or 0 in argument.type.shape:
        return None
    rest = multiplied(others)
    if rest.type.shape != argument.type.shape:
        return None
    return [pt.mul(*(x.dimshuffle() for x in numbers), pt.sum(rest))]


def _example() -> tuple[list[Any], Any]:
    a, v = pt.dscalar("a"), pt.tensor("v", shape=(7,), dtype="float64")
    return [a, v], pt.sum(a * pt.exp(v))


rewrite = Rewrite("factors_out_of_sums", "sum(a v) = a sum(v)", take_factors_out, _example, last=True)
