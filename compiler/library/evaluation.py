"""Graphs worked out in Python, node by node: nothing is compiled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .definitions import Tensor
from .graph import np


def evaluate(graph: Tensor, known: Mapping[Any, Any] | None = None) -> Any:
    """The value of a graph whose inputs are `known`, as an array."""
    with np.errstate(all="ignore"):
        [value] = _values([graph], known or {})
    return np.asarray(value)


def _values(graphs: Sequence[Tensor], known: Mapping[Any, Any]) -> list[Any]:
    from pytensor.compile.builders import OpFromGraph
    from pytensor.graph.basic import Constant
    from pytensor.graph.traversal import toposort
    from pytensor.tensor.blockwise import Blockwise
    from pytensor.tensor.elemwise import Elemwise
    from pytensor.tensor.linalg.inverse import MatrixInverse

    from . import elimination
    from .kernels.operation import TextOp

    storage: dict[Any, Any] = dict(known)

    def value_of(v: Any) -> Any:
        return v.data if isinstance(v, Constant) else storage[v]

    for node in toposort(graphs):
        inputs = [value_of(v) for v in node.inputs]
        shapes = [output.type.shape for output in node.outputs]
        if isinstance(node.op, Blockwise) and all(0 in shape for shape in shapes):  # which has no answer of its own
            results = [np.empty([0 if size is None else size for size in shape]) for shape in shapes]
        elif isinstance(node.op, Elemwise) and isinstance(node.op.scalar_op, TextOp):  # of whole arrays
            results = [np.asarray(node.op.scalar_op.evaluate(*inputs))]
        elif isinstance(node.op, Blockwise) and isinstance(node.op.core_op, MatrixInverse):
            results = [elimination.inverse(*inputs)]
        elif isinstance(node.op, Blockwise) and _is_general(node.op.core_op):
            results = [elimination.solve(*inputs)]
        elif isinstance(node.op, OpFromGraph):  # which would compile itself
            results = _values(node.op.inner_outputs, dict(zip(node.op.inner_inputs, inputs, strict=True)))
        else:
            outputs: list[list[Any]] = [[None] for _ in node.outputs]
            node.op.perform(node, inputs, outputs)
            results = [cell[0] for cell in outputs]
        storage.update(zip(node.outputs, results, strict=True))
    return [value_of(graph) for graph in graphs]


def _is_general(op: Any) -> bool:
    """Whether an operation solves a system with any square matrix, for the columns of another."""
    from pytensor.tensor.linalg.solvers.general import Solve

    return isinstance(op, Solve) and op.assume_a == "gen" and op.b_ndim == 2
