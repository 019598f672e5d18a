"""Reductions of copies of one value, without PyTensor's rule for those that may be no copies at all.

PyTensor takes the largest, the smallest, all or any of n copies for the value itself. All of none are true, though, and
its rule made `all` of no elements false where the value was: a Cholesky factor without rows failed its check.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from pytensor.compile.mode import optdb
from pytensor.graph.rewriting.basic import node_rewriter
from pytensor.tensor.elemwise import CAReduce
from pytensor.tensor.math import Prod, ProdWithoutZeros, Sum
from pytensor.tensor.rewriting.math import local_careduce_of_alloc

REPLACED = local_careduce_of_alloc.__name__  # PyTensor's rule, to be excluded from a query
NAME = "careduce_of_some_copies"


@node_rewriter([CAReduce])
def careduce_of_some_copies(fgraph: Any, node: Any) -> Any:
    """PyTensor's rule, where the number of copies is a factor or known not to be 0."""
    counted = isinstance(node.op, Sum | Prod | ProdWithoutZeros)
    if counted or all(node.inputs[0].type.shape):
        return local_careduce_of_alloc.transform(fgraph, node)
    return None


@cache
def register() -> None:
    """Let PyTensor know the rule under a name of its own, which only a query that includes it finds."""
    optdb["specialize"].register(NAME, careduce_of_some_copies)
