"""The random draws of distributions, as compiled functions and as plain ones."""

from __future__ import annotations

from functools import cache
from types import FunctionType
from typing import Any

from ..library import registry
from ..library.graph import LazyModule


@cache
def draw_function(name: str) -> Any:
    """The distribution's `draw(rng, *parameters)` compiled by Numba, with everything it calls."""
    import numba

    return _rebound(_draw(name), numba.njit(nogil=True, error_model="numpy"), {})


@cache
def plain_draw_function(name: str) -> Any:
    """The same function for uncompiled code."""
    return _rebound(_draw(name), lambda function: function, {})


def _draw(name: str) -> Any:
    return registry.draw_of(name)


def _rebound(function: Any, decorate: Any, done: dict[Any, Any]) -> Any:
    """The function with lazy modules among its globals imported and the functions it calls treated alike."""
    function = getattr(function, "py_func", function)
    if function in done:
        return done[function]
    namespace = {"__builtins__": __builtins__}
    copy = FunctionType(function.__code__, namespace, function.__name__, function.__defaults__, function.__closure__)
    done[function] = decorate(copy)
    for name in _names(function.__code__):
        if name in function.__globals__:
            value = function.__globals__[name]
            if isinstance(value, LazyModule):
                value = __import__(value._name, fromlist=["_"])
            elif isinstance(value, FunctionType) or hasattr(value, "py_func"):
                value = _rebound(value, decorate, done)
            namespace[name] = value
    return done[function]


def _names(code: Any) -> set[str]:
    found = set(code.co_names)
    for constant in code.co_consts:
        if hasattr(constant, "co_names"):
            found |= _names(constant)
    return found
