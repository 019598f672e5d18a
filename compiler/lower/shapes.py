"""Static shapes: sizes are known when a program meets its data, so no graph may lose them."""

from __future__ import annotations

from typing import Any

import pytensor.tensor as pt
from pytensor.graph.basic import Variable
from pytensor.graph.rewriting.utils import rewrite_graph
from pytensor.graph.traversal import graph_inputs

from ..library.evaluation import evaluate


def with_static_shape(graph: Any) -> Any:
    """The same graph with a type that says all its sizes."""
    if None not in graph.type.shape:
        return graph
    return pt.specify_shape(graph, static_shape(graph))


def static_shape(graph: Any) -> tuple[int, ...]:
    """The sizes of a graph whose inputs all have static shapes."""
    sizes = []
    for axis, known in enumerate(graph.type.shape):
        if known is not None:
            sizes.append(int(known))
            continue
        size = rewrite_graph(
            graph.shape[axis], include=("shape_unsafe", "local_shape_to_shape_i", "ShapeOpt", "canonicalize")
        )
        assert isinstance(size, Variable)
        if any(not hasattr(v, "data") for v in graph_inputs([size])):
            raise AssertionError(f"the size of axis {axis} does not follow from the sizes of the inputs")
        sizes.append(int(evaluate(size)))
    return tuple(sizes)
