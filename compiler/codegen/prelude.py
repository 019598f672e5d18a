"""The names that generated modules find ready: their decorators and the compiled support functions."""

from __future__ import annotations

import math
from types import FunctionType

import numba
import numpy as np

from ..backend.mathlib import helpers
from ..backend.numba_names import numba_names
from . import support
from .draws import draw_function
from .fallback import library_kernel
from .library_functions import library_function

compiled = numba.njit(nogil=True, error_model="numpy")
entry = numba.njit(cache=True, nogil=True, error_model="numpy")

# The scalar functions of the loop language, as the backend's kernels have them.
_scalar = dict(numba_names())
for _helper in helpers().values():
    exec("from __future__ import annotations\n" + _helper.source, _scalar)
_scalar = {name: value for name, value in _scalar.items() if not name.startswith("_")}
globals().update(_scalar)

# The support functions call each other: in the compiled ones' namespace all of them are compiled.
_namespace: dict[str, object] = {"np": np, "UNSET": support.UNSET}
_compiled_support = {f.__name__: compiled(FunctionType(f.__code__, _namespace, f.__name__)) for f in support.COMPILED}
_namespace.update(_compiled_support)
globals().update(_compiled_support)
UNSET = support.UNSET

__all__ = [
    "compiled", "draw_function", "entry", "library_function", "library_kernel", "math", "np", "UNSET",
    *_compiled_support, *_scalar,
]  # fmt: skip
