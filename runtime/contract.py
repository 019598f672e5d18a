"""What a sampler needs of a model; any density that fits can be sampled, whatever compiled it."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Stop = NDArray[np.int64]  # shape (1,): set to 1 to make compiled code return soon
DENSITY_TYPE = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_void_p, ctypes.c_void_p)
type Values = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class LogDensity:
    """A log density on unconstrained space.

    `address` is that of a C function `double f(const double *position, double *gradient)` that writes the
    gradient and returns the log density; it holds no Python, may be called from several threads at once,
    and answers a point outside the support with -inf or nan, never with an exception. `keep_alive` holds
    whatever must live as long as the address is used.
    """

    address: int
    size: int  # length of `position`
    keep_alive: object = field(default=None, repr=False)

    def __call__(self, position: Array) -> tuple[float, Array]:
        """The log density and its gradient at `position`, shape (size,); for the edges of a run, not its loops."""
        position = np.ascontiguousarray(position, dtype=np.float64)
        if position.shape != (self.size,):
            raise ValueError(f"a position has shape ({self.size},), not {position.shape}")
        gradient = np.empty(self.size)
        value = DENSITY_TYPE(self.address)(position.ctypes.data, gradient.ctypes.data)
        return value, gradient


@dataclass(frozen=True)
class Variable:
    """One named output of a model: its shape, dimension names and group in the results."""

    name: str
    shape: tuple[int, ...]
    dims: tuple[str, ...] = ()  # empty, or one name per axis
    dtype: str = "float64"


@dataclass(frozen=True)
class Failure:
    """`count` draws whose generated quantities could not be computed, and what the first of them met."""

    count: int
    reason: Any


@dataclass(frozen=True)
class Target:
    """All that a driver (NUTS, ADVI, ...) is given, and what names its draws (see `expansion`).

    `expand(positions)` turns unconstrained draws, shape (n, size), into the variables that are functions of them,
    each of shape (n, *variable.shape). `generate(values, n, rng)` adds the variables named in `generated`, which may
    be random, and tells of draws for which they could not be computed. `explain(position)` says in words why the
    density is not finite there.
    """

    log_density: LogDensity
    variables: tuple[Variable, ...]
    expand: Callable[[Array], Values]
    explain: Callable[[Array], str]
    generate: Callable[[Values, int, np.random.Generator], tuple[Values, Failure | None]] | None = None
    generated: tuple[str, ...] = ()
    in_order: bool = False  # generating prints, so chains take turns
    without_jacobian: Callable[[], LogDensity] | None = None
