"""sum over n elements of (a + v) = n * a + sum(v) for a scalar a, so that a loop over n rows adds a once.

Likewise for several scalars and several other terms, and for a difference.
"""

from __future__ import annotations

from math import prod
from typing import Any

import pytensor.scalar as ps
import pytensor.tensor as pt
from pytensor.graph.rewriting.basic import node_rewriter
from pytensor.tensor.math import Sum

from .definition import Rewrite
from .patterns import applies, is_full, is_scalar


@node_rewriter([Sum])
def take_terms_out(fgraph: Any, node: Any) -> list[Any] | None:
    """Rewrites a full sum whose argument is a sum or difference with scalar terms, used nowhere else."""
    (argument,) = node.inputs
    inner = argument.owner
    if not applies(inner, ps.Add, ps.Sub) or not is_full(node):
        return None
    if None in argument.type.shape or len(fgraph.clients[argument]) > 1 or argument.type.dtype != "float64":
        return None
    signs = [1.0] * len(inner.inputs) if applies(inner, ps.Add) else [1.0, -1.0]
    scalars = [(sign, x) for sign, x in zip(signs, inner.inputs, strict=True) if is_scalar(x)]
    others = [(sign, x) for sign, x in zip(signs, inner.inputs, strict=True) if not is_scalar(x)]
    if not scalars or not others:
        return None
    if any(x.type.shape != argument.type.shape for _, x in others):
        return None  # a stretched term would be counted too few times
    size = prod(argument.type.shape)
    if size == 0:
        return None  # nothing is added up, not even 0 * inf
    others = [(sign, pt.cast(x, "float64")) for sign, x in others]  # truth values do not add up
    rest = others[0][1] if others[0][0] > 0 else -others[0][1]
    for sign, x in others[1:]:
        rest = rest + x if sign > 0 else rest - x
    total = pt.sum(rest)
    for sign, x in scalars:
        total = total + (sign * size) * pt.cast(x.dimshuffle(), "float64")
    return [total]


def _example() -> tuple[list[Any], Any]:
    a, v = pt.dscalar("a"), pt.tensor("v", shape=(7,), dtype="float64")
    return [a, v], pt.sum(a + v * v)


rewrite = Rewrite("terms_out_of_sums", "sum(a + v) = n a + sum(v)", take_terms_out, _example)
