"""A kernel as Python, with the arithmetic of its compiled form: infinities and nan where Python would raise.

`plain(kernel)(x)` takes and returns floats (or arrays); it serves where a graph is evaluated without compiling it.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from functools import cache, wraps
from importlib import import_module
from types import FunctionType, SimpleNamespace
from typing import Any

from ..definitions import KernelFunction
from ..graph import LazyModule, np, special
from .native import called


@cache
def plain(function: KernelFunction) -> Callable[..., Any]:
    """The kernel on numbers that divide as floats of the machine do."""
    inner = _rebuilt(function)

    @wraps(function)
    def evaluate(*arguments: Any) -> Any:
        with np.errstate(all="ignore"):
            return inner(*(np.float64(a) if isinstance(a, float) else a for a in arguments))

    return evaluate


@cache
def _rebuilt(function: KernelFunction) -> KernelFunction:
    """The function with literals that divide as arguments do and a `math` that never raises; so are its callees."""
    namespace = dict(function.__globals__)
    for name, value in called(function):
        if value is math:
            namespace[name] = _forgiving_math()
        elif isinstance(value, LazyModule):
            namespace[name] = import_module(value._name)
        elif isinstance(value, FunctionType):
            namespace[name] = _rebuilt(value)
    code = function.__code__.replace(co_consts=_numbers(function.__code__.co_consts))
    return FunctionType(code, namespace, function.__name__, function.__defaults__)


def _numbers(literals: tuple[Any, ...]) -> tuple[Any, ...]:
    """The same literals, floats as NumPy's, those in tuples too."""
    return tuple(np.float64(x) if type(x) is float else _numbers(x) if isinstance(x, tuple) else x for x in literals)


@cache
def _forgiving_math() -> SimpleNamespace:
    beyond = {"lgamma": special.gammaln, "pow": np.power, "floor": operator.pos, "ceil": operator.pos}
    return SimpleNamespace(
        **{
            name: _forgiving(value, beyond.get(name) or getattr(np, name, None)) if callable(value) else value
            for name, value in vars(math).items()
            if not name.startswith("_")
        }
    )


def _forgiving(function: Callable[..., Any], beyond: Callable[..., Any] | None) -> Callable[..., Any]:
    """The function; NumPy's answer, or nan, where it raises."""

    @wraps(function)
    def evaluate(*arguments: Any) -> Any:
        try:
            result = function(*arguments)
        except (ValueError, OverflowError):
            result = beyond(*arguments) if beyond else math.nan
        return np.float64(result) if isinstance(result, float) else result

    return evaluate
