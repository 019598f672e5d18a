"""Kernels of the library in generated code: graphs have them as operations, texts call them by name.

A module that calls one defines it by `name = library_function(module, function)`. The compiled program takes in the
kernel's own source (`backend/embedded.py`); Numba and plain Python get it from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from types import FunctionType
from typing import Any

from ..library.definitions import KernelFunction
from ..library.kernels.native import compile_kernel
from ..library.kernels.plain import plain


def is_kernel(op: Any) -> bool:
    """Whether an operation is a kernel: of numbers, or of arrays by a signature."""
    return isinstance(getattr(op, "value", None), FunctionType)


def name_of(function: KernelFunction) -> str:
    """What generated code calls a kernel; Stan's names never end with two underscores."""
    return f"{function.__module__.rpartition('.')[2]}_{function.__name__}__"


def definition(function: KernelFunction) -> str:
    """The line that defines it."""
    return f"{name_of(function)} = library_function({function.__module__!r}, {function.__name__!r})"


def kernels_in(nodes: Iterable[Any]) -> tuple[KernelFunction, ...]:
    """The kernels among the operations of these nodes."""
    cores = (getattr(node.op, "core_op", getattr(node.op, "scalar_op", node.op)) for node in nodes)
    return tuple(dict.fromkeys(core.value for core in cores if is_kernel(core)))


def call(function: KernelFunction, arguments: Sequence[str], dtypes: Sequence[str]) -> str:
    """The call of a kernel of numbers, all of which it takes as reals."""
    passed = (text if dtype == "float64" else f"float({text})" for text, dtype in zip(arguments, dtypes, strict=True))
    return f"{name_of(function)}({', '.join(passed)})"


def library_function(module: str, name: str) -> Any:
    """The kernel compiled by Numba."""
    return compile_kernel(getattr(import_module(module), name))


def plain_function(module: str, name: str) -> Any:
    """The kernel as plain Python."""
    return plain(getattr(import_module(module), name))
