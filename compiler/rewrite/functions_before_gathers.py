"""f(v[g]) = f(v)[g]: what is computed from elements of shorter arrays is computed once per element, not per pick.

That is for derivatives, too, so it waits until they have been taken: an element that is never picked, and where f has
no finite derivative, would make 0 times infinity of the adjoint 0. Cheap functions gain nothing, but stand between
others; code is made for them where they are looked at.
"""

from __future__ import annotations

from math import prod
from typing import Any

import pytensor.scalar as ps
import pytensor.tensor as pt
from pytensor.graph.rewriting.basic import node_rewriter
from pytensor.tensor.elemwise import Elemwise
from pytensor.tensor.subtensor import AdvancedSubtensor

from .definition import Rewrite
from .patterns import is_scalar

FEWER = 2  # times as many picks as elements, at least


@node_rewriter([Elemwise])
def compute_before(fgraph: Any, node: Any) -> list[Any] | None:
    """Rewrites a function of picks by the same index; of a quotient whose divisor alone is such, the reciprocal."""
    [result] = node.outputs if len(node.outputs) == 1 else [None]
    if result is None or result.type.dtype != "float64" or isinstance(node.op.scalar_op, ps.Cast):
        return None
    new = _before(node.op, node.inputs)
    if new is None and isinstance(node.op.scalar_op, ps.TrueDiv):
        above, below = node.inputs
        inverse = _before(pt.reciprocal, [below])
        new = None if inverse is None else above * inverse
    return [new] if new is not None and new.type == result.type else None


def _before(op: Any, inputs: list[Any]) -> Any | None:
    """The function's values at what is picked from, picked; None where the inputs do not pick alike."""
    picks = [x for x in inputs if not is_scalar(x)]
    if not picks or not all(isinstance(getattr(x.owner, "op", None), AdvancedSubtensor) for x in picks):
        return None
    first = picks[0].owner
    source, *index = first.inputs
    shape = source.type.shape
    if None in shape or None in picks[0].type.shape or FEWER * prod(shape) > prod(picks[0].type.shape):
        return None
    for x in picks:
        if x.owner.op != first.op or x.owner.inputs[1:] != index or x.owner.inputs[0].type.shape != shape:
            return None
    number = ["x"] * len(shape)
    value = op(*(x.owner.inputs[0] if x in picks else x.dimshuffle().dimshuffle(*number) for x in inputs))
    return first.op(value, *index) if value.type.shape == shape else None


def _example() -> tuple[list[Any], Any]:
    a, x, y = pt.dscalar("a"), pt.tensor("x", shape=(2,), dtype="float64"), pt.tensor("y", shape=(6,), dtype="float64")
    g = pt.constant([0, 1, 1, 0, -1, 1])
    return [a, x, y], (pt.exp(a * x[g]) + y / pt.exp(x)[g]).sum()


rewrite = Rewrite("functions_before_gathers", "f(v[g]) = f(v)[g]", compute_before, _example, last=True)
