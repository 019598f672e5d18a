"""How kernels are called: under which symbol, with arguments of which types, passed how."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

SYMBOL = "kernel"  # the entry of every kernel's machine code


def describe(argument: object) -> object:
    """The type of an argument as a value that prints the same in every process."""
    match argument:
        case np.ndarray():
            if not argument.flags.c_contiguous:
                raise ValueError("a compiled function takes C-contiguous arrays")
            dtype = argument.dtype.descr if argument.dtype.names else argument.dtype.str
            return ("array", argument.ndim, dtype)
        case tuple():
            return (type(argument).__qualname__, *map(describe, argument))
        case int():
            return "int"
        case float():
            return "float"
        case _:
            raise TypeError(f"a compiled function cannot take a {type(argument).__name__}")


def flatten(argument: Any, into: list[object]) -> None:
    """Append what Numba passes: an array is (owner, parent, items, item size, data, shape, strides); a tuple is its
    members."""
    match argument:
        case np.ndarray():
            into += (None, None, argument.size, argument.itemsize, argument.ctypes.data)
            into += argument.shape
            into += argument.strides
        case tuple():
            for member in argument:
                flatten(member, into)
        case _:
            into.append(argument)


def c_types(argument: Any) -> list[Any]:
    """The types of what `flatten` appends."""
    match argument:
        case np.ndarray():
            word = ctypes.c_ssize_t
            return [ctypes.c_void_p, ctypes.c_void_p, word, word, ctypes.c_void_p, *[word] * (2 * argument.ndim)]
        case tuple():
            return [c_type for member in argument for c_type in c_types(member)]
        case float():
            return [ctypes.c_double]
        case _:
            return [ctypes.c_int64]
