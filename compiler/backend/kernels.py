"""Graphs as source text of plain functions, for use inside other generated Numba code."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from .mathlib import needed


@dataclass(frozen=True)
class Kernel:
    """`source` defines a function `name(*inputs)`, without decorator, to be compiled by Numba.

    0-d inputs and outputs are Python scalars, others arrays of the graph's static shapes (any layout in,
    fresh row-major arrays out). One output is returned by itself, several as a tuple. The text uses
    `dependencies` (texts of helper functions by name, callees first), `constants` (arrays) and
    `functions` (compiled by Numba already), and what `namespace()` holds. Compile with
    `error_model="numpy"`, so that a division by zero is not an exception.
    """

    name: str
    source: str
    dependencies: Mapping[str, str]
    constants: Mapping[str, np.ndarray] = field(default_factory=dict)
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)


def emit_kernel(name: str, inputs: Sequence[Any], outputs: Sequence[Any]) -> Kernel:
    """The source of outputs as a function of inputs, all of static shape."""
    from .graph import kernel_body

    lines, names, constants, functions = kernel_body(name, inputs, outputs)
    dependencies = {helper.name: helper.source for helper in needed(names)}
    return Kernel(name, "\n".join(lines) + "\n", dependencies, constants, functions)


def define(kernel: Kernel, namespace: dict[str, Any] | None = None) -> Callable[..., Any]:
    """The kernel compiled by Numba."""
    import numba

    scope = dict(globals_for_kernels()) if namespace is None else namespace
    for text in (*kernel.dependencies.values(), kernel.source):
        exec(compile("from __future__ import annotations\n" + text, f"<{kernel.name}>", "exec"), scope)
    scope.update(kernel.constants)
    scope.update(kernel.functions)
    return numba.njit(error_model="numpy")(scope[kernel.name])  # type: ignore[no-any-return]


@cache
def globals_for_kernels() -> Mapping[str, Any]:
    """What the loop language's names mean to Numba."""
    import numba
    from numba import types
    from numba.core.extending import intrinsic

    def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
        return numba.njit(error_model="numpy", fastmath={"contract"})(function)  # type: ignore[no-any-return]

    def reinterpreted(source: Any, target: Any) -> Any:
        @intrinsic
        def bitcast(context: Any, value: Any) -> Any:
            def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
                return builder.bitcast(arguments[0], context.get_value_type(target))

            return target(source), generate

        return bitcast

    @compiled
    def floats(size: int) -> Any:
        return np.empty(size, np.float64)

    @compiled
    def ints(size: int) -> Any:
        return np.empty(size, np.int64)

    @compiled
    def raw(array: Any) -> Any:
        return array.reshape(-1)

    @compiled
    def maximum(a: float, b: float) -> float:
        return a if a > b or a != a else b

    @compiled
    def minimum(a: float, b: float) -> float:
        return a if a < b or a != a else b

    @intrinsic
    def fused(context: Any, a: Any, b: Any, c: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.fma(*arguments)

        return types.float64(types.float64, types.float64, types.float64), generate

    @compiled
    def fma(a: float, b: float, c: float) -> float:
        return fused(float(a), float(b), float(c))  # type: ignore[no-any-return]

    def strict(function: Callable[..., Any]) -> Callable[..., Any]:
        return numba.njit(error_model="numpy")(function)  # type: ignore[no-any-return]

    names: dict[str, Any] = {
        name: getattr(math, name)
        for name in (
            "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "atan2",
            "fmod", "exp", "log", "log1p", "expm1", "log2", "log10", "pow", "erf", "erfc", "lgamma", "sqrt", "floor",
            "ceil", "trunc", "fabs", "copysign", "isnan", "hypot",
        )
    }  # fmt: skip
    names |= {"tgamma": math.gamma, "rint": np.rint, "inf": math.inf, "nan": math.nan, "np": np}
    names |= {"floats": floats, "ints": ints, "maximum": maximum, "minimum": minimum, "fma": fma, "raw": raw}
    names |= {"bits": reinterpreted(types.float64, types.int64), "from_bits": reinterpreted(types.int64, types.float64)}
    names |= {"floor": np.floor, "ceil": np.ceil, "trunc": np.trunc, "exp2": np.exp2}  # floats stay floats
    names |= {"strict": strict, "exact": compiled, "fast": compiled, "aside": _unchanged}
    return names


def _unchanged(function: Callable[..., Any]) -> Callable[..., Any]:
    return function
