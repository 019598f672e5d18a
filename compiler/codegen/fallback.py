"""Library calls without source text: the graph compiled by PyTensor's own Numba back end, when a module loads."""

from __future__ import annotations

from functools import cache
from typing import Any

from ..library.shorthand import parse_type
from .kernels import adjoint_graph, value_graph


@cache
def library_kernel(name: str, arguments: tuple[str, ...], active: tuple[bool, ...] | None) -> Any:
    """A compiled function of a call's leaves; with `active`, of the leaves and adjoints (see kernels.py)."""
    import numba
    import pytensor
    from pytensor.compile.builders import construct_nominal_fgraph  # noqa: F401
    from pytensor.graph.fg import FunctionGraph
    from pytensor.link.numba.dispatch import numba_funcify

    types = tuple(map(parse_type, arguments))
    inputs, outputs = value_graph(name, types) if active is None else adjoint_graph(name, types, active)
    graph = FunctionGraph(list(inputs), list(outputs), clone=True)
    pytensor.config.mode  # noqa: B018
    pytensor.compile.get_mode("NUMBA").optimizer.rewrite(graph)
    compiled = numba_funcify(graph)
    kernel = numba.njit(compiled) if not hasattr(compiled, "py_func") else compiled
    parameters = ", ".join(f"a{number}" for number in range(len(inputs)))
    passed = ", ".join(f"np.asarray(a{n})" if not leaf.ndim else f"a{n}" for n, leaf in enumerate(inputs))
    results = ", ".join(f"r[{n}]{'' if leaf.ndim else '.item()'}" for n, leaf in enumerate(outputs))
    import numpy as np

    namespace: dict[str, Any] = {"kernel": kernel, "np": np}
    exec(f"def call({parameters}):\n    r = kernel({passed})\n    return {results}", namespace)
    return numba.njit(namespace["call"], error_model="numpy")
