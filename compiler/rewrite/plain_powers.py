"""Once derivatives are taken, the library's x ** y is PyTensor's: only its derivative differs.

PyTensor's rewrites know the latter, and so a power and the x ** y in its derivative become one.
"""

from __future__ import annotations

from typing import Any

import pytensor.tensor as pt
from pytensor.graph.rewriting.basic import node_rewriter
from pytensor.tensor.elemwise import Elemwise

from ..library.ops.power import Power, power
from .definition import Rewrite


@node_rewriter([Elemwise])
def forget_derivative(fgraph: Any, node: Any) -> list[Any] | None:
    """Rewrites a power that has the derivative of Stan at a base of 0."""
    return [pt.pow(*node.inputs)] if isinstance(node.op.scalar_op, Power) else None


def _example() -> tuple[list[Any], Any]:
    x, y = pt.tensor("x", shape=(5,), dtype="float64"), pt.tensor("y", shape=(5,), dtype="float64")
    return [x, y], power(pt.abs(x), y).sum()


rewrite = Rewrite("plain_powers", "x ** y is x ** y", forget_derivative, _example, first=True)
