"""What the names of the loop language mean where Numba compiles it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np


@cache
def numba_names() -> Mapping[str, Any]:
    """The compiled functions and types behind the names, in float arithmetic without exceptions."""
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
        return fused(float(a), float(b), float(c))  # type: ignore[no-any-return, call-arg]  # Numba adds the context

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
