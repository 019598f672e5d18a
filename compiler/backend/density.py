"""A log density and its gradient as one C function."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .cache import load, store
from .program import Bound


@dataclass(frozen=True)
class CompiledDensity:
    """`address` is that of `double f(const double *position, double *gradient)`: thread-safe, without Python.

    `source` is the generated loop-language text. The object keeps the data and the code alive.
    """

    address: int
    size: int
    source: str
    keep_alive: Bound = field(repr=False)

    def store(self, key: str) -> bool:
        """Keep it on disk for `load_cached`; False where it needs functions that Numba compiled in this process."""
        name = self.keep_alive.text.exported[0]
        return store(key, self.keep_alive, {"name": name, "size": self.size})

    def __call__(self, position: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """The log density and its gradient at a position of shape (size,)."""
        position = np.ascontiguousarray(position, dtype="float64")
        if position.shape != (self.size,):
            raise ValueError(f"the position has shape {position.shape}, not ({self.size},)")
        gradient = np.zeros(self.size)
        function = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_void_p, ctypes.c_void_p)(self.address)
        return function(position.ctypes.data, gradient.ctypes.data), gradient


def compile_log_density(
    position: Any, log_density: Any, data: Mapping[Any, NDArray[Any]], name: str = "log_density"
) -> CompiledDensity:
    """Compile a graph: `position` is a float64 vector input, `log_density` a scalar, `data` the other inputs' values.

    Where the density is -inf for a condition that fails at its root, the gradient is not defined.
    """
    from .graph import density_text

    built = density_text(position, log_density, data, name)
    bound = built.bind()
    return CompiledDensity(bound.addresses[name], built.size, built.text.source, bound)


def load_cached(key: str, data: Mapping[str, NDArray[Any]]) -> CompiledDensity | None:
    """A density stored under this key, bound to data given by variable name; None where it is unknown or misfits.

    Needs neither PyTensor nor Numba. Raises IndexError where the data holds an index that is out of bounds.
    """
    found = load(key, data)
    if found is None:
        return None
    bound, facts = found
    return CompiledDensity(bound.addresses[facts["name"]], facts["size"], bound.text.source, bound)
