"""Library calls without source text: their graph, compiled by PyTensor's own Numba back end or worked out as it is."""

from __future__ import annotations

from functools import cache
from typing import Any

from ..library.shorthand import parse_type
from .kernels import adjoint_graph, validity_graph, value_graph


@cache
def library_kernel(name: str, arguments: tuple[str, ...], form: tuple[bool, ...] | str | None) -> Any:
    """A function of a call's leaves (and adjoints, see kernels.py) that is built when Numba first compiles a call.

    A program read from the cache calls none of them, and then no graph is built.
    """
    from numba.extending import overload

    count = len(_graph(name, arguments, form)[0])
    parameters = ", ".join(f"a{number}" for number in range(count))
    namespace: dict[str, Any] = {"build": lambda: _compiled(name, arguments, form)}
    exec(f"def call({parameters}):\n    return build()({parameters})", namespace)
    exec(
        f"def implementation({parameters}):\n    kernel = build()\n"
        f"    def inside({parameters}):\n        return kernel({parameters})\n    return inside",
        namespace,
    )
    overload(namespace["call"])(namespace["implementation"])
    return namespace["call"]


@cache
def plain_kernel(name: str, arguments: tuple[str, ...], form: tuple[bool, ...] | str | None) -> Any:
    """The same function, worked out node by node at each call."""
    import numpy as np

    from ..library.evaluation import evaluate

    inputs, outputs = _graph(name, arguments, form)

    def call(*values: Any) -> Any:
        known = {x: np.asarray(value, x.type.dtype) for x, value in zip(inputs, values, strict=True)}
        results = [evaluate(output, known) for output in outputs]
        numbers = [result if result.ndim else result[()] for result in results]
        return numbers[0] if len(numbers) == 1 else tuple(numbers)

    return call


def _graph(name: str, arguments: tuple[str, ...], form: tuple[bool, ...] | str | None) -> tuple[list[Any], list[Any]]:
    types = tuple(map(parse_type, arguments))
    if form is None:
        return value_graph(name, types)
    if isinstance(form, str):
        return validity_graph(name, types, tuple(map(int, form.split())))
    return adjoint_graph(name, types, form)


@cache
def _compiled(name: str, arguments: tuple[str, ...], form: tuple[bool, ...] | str | None) -> Any:
    """The graph compiled by PyTensor's Numba back end, numbers in and out instead of 0-d arrays."""
    import numba
    import numpy as np
    import pytensor
    from pytensor.graph.fg import FunctionGraph
    from pytensor.link.numba.dispatch import numba_funcify

    from ..backend import for_pytensor  # noqa: F401  (so that it knows the operations of this package)
    from ..rewrite.copies import REPLACED

    inputs, outputs = _graph(name, arguments, form)
    graph = FunctionGraph(list(inputs), list(outputs), clone=True)
    pytensor.compile.get_mode("NUMBA").excluding("inplace", REPLACED).optimizer.rewrite(graph)
    kernel = numba_funcify(graph)
    kernel = kernel if hasattr(kernel, "py_func") else numba.njit(kernel)
    parameters = ", ".join(f"a{number}" for number in range(len(inputs)))
    passed = ", ".join(f"np.asarray(a{n})" if not leaf.ndim else f"a{n}" for n, leaf in enumerate(inputs))
    results = ", ".join(f"r[{n}]{'' if leaf.ndim else '.item()'}" for n, leaf in enumerate(outputs))
    namespace: dict[str, Any] = {"kernel": kernel, "np": np}
    exec(f"def call({parameters}):\n    r = kernel({passed})\n    return {results}", namespace)
    return numba.njit(namespace["call"], error_model="numpy")
