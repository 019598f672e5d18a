"""Graphs worked out in Python, node by node: nothing is compiled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .definitions import Tensor
from .graph import np


def evaluate(graph: Tensor, known: Mapping[Any, Any] | None = None) -> Any:
    """The value of a graph whose inputs are `known`, as an array."""
    from pytensor.graph.basic import Constant
    from pytensor.graph.traversal import toposort

    storage: dict[Any, Any] = dict(known or {})

    def value_of(v: Any) -> Any:
        return v.data if isinstance(v, Constant) else storage[v]

    for node in toposort([graph]):
        outputs: list[list[Any]] = [[None] for _ in node.outputs]
        node.op.perform(node, [value_of(v) for v in node.inputs], outputs)
        storage.update(zip(node.outputs, (cell[0] for cell in outputs), strict=True))
    return np.asarray(value_of(graph))
