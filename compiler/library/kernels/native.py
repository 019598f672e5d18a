"""Compiles a kernel, or a distribution's `draw`, with Numba.

Kernels are undecorated functions that refer to `math`, to the lazy `np`, and to each other by name. Numba
compiles a function against its globals, so each one is rebuilt with a namespace in which the kernels it
calls are compiled and lazy modules are real ones.
"""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from importlib import import_module
from types import FunctionType
from typing import Any

from ..definitions import KernelFunction
from ..graph import LazyModule


@cache
def compile_kernel(function: KernelFunction) -> Callable[..., Any]:
    """The Numba dispatcher of a kernel. Floating point is strict: kernels rely on infinities and nan."""
    import numba

    namespace = dict(function.__globals__)
    for name, value in called(function):
        if isinstance(value, LazyModule):
            namespace[name] = import_module(value._name)
        elif isinstance(value, FunctionType):
            namespace[name] = compile_kernel(value)
    native = FunctionType(function.__code__, namespace, function.__name__, function.__defaults__)
    return numba.njit(native, error_model="numpy")


@cache
def source_key(function: KernelFunction) -> str:
    """A hash of the sources of a kernel and of all that it calls: a key for caches of compiled code."""
    callees = {called for called in _reached(function) if called is not function}
    parts = [inspect.getsource(function), *sorted(inspect.getsource(callee) for callee in callees)]
    constants = sorted(
        f"{name}={value!r}"
        for reached in {function, *callees}
        for name, value in called(reached)
        if isinstance(value, int | float | tuple)
    )
    return sha256("\n".join(parts + constants).encode()).hexdigest()


def called(function: KernelFunction) -> Iterator[tuple[str, Any]]:
    """The global names that a function mentions, with their values."""
    for instruction in dis.get_instructions(function):
        if instruction.opname == "LOAD_GLOBAL" and instruction.argval in function.__globals__:
            yield instruction.argval, function.__globals__[instruction.argval]


def _reached(function: KernelFunction) -> set[KernelFunction]:
    found = {function}
    todo = [function]
    while todo:
        for _, value in called(todo.pop()):
            if isinstance(value, FunctionType) and value not in found:
                found.add(value)
                todo.append(value)
    return found
