"""The order in which a graph is rewritten."""

from __future__ import annotations

from functools import cache
from typing import Any

from pytensor.compile.mode import optdb
from pytensor.graph.fg import FunctionGraph
from pytensor.graph.rewriting.db import RewriteDatabaseQuery


@cache
def _pytensor_rewrites() -> Any:
    """PyTensor's canonical, numerically stable and special forms; nothing about memory, BLAS or C."""
    query = RewriteDatabaseQuery(
        include=["merge", "canonicalize", "stabilize", "specialize"],
        exclude=[
            *("inplace", "fusion", "blas", "cxx_only", "scan", "BlasOpt", "c_blas", "gpu", "local_careduce_fusion"),
            *("local_log_sum_exp", "local_log_add_exp"),  # the library's are stable; a program's own mean what they say
        ],
    )
    return optdb.query(query)


def simplify(graph: FunctionGraph) -> None:
    """Rewrite in place."""
    _pytensor_rewrites().rewrite(graph)
