"""A density whose every evaluation also reaches Python: what a program prints there is seen, and it may stop the run.

Compiled chains call a density by its address and know nothing of Python. The address of a watched density is a
callback, which takes the interpreter's lock: right for a program that prints, too slow for any other.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import numpy as np
from pplc.runtime.contract import DENSITY_TYPE, Array, LogDensity, Stop


class Stopped(Exception):
    """The program asks that the whole run ends; the message says why."""


@dataclass
class Halt:
    """How an evaluation ends the run it belongs to: it sets `flag`, which compiled code looks at, and says why."""

    flag: Stop = field(default_factory=lambda: np.zeros(1, np.int64))
    reason: str = ""

    def __call__(self, reason: str) -> None:
        self.reason = reason
        self.flag[0] = 1


_HALT: ContextVar[Halt | None] = ContextVar("halt", default=None)


@contextmanager
def stoppable(flag: Stop | None = None) -> Iterator[Halt]:
    """Evaluations of watched densities in this context may set `flag`; the halt then tells why."""
    halt = Halt() if flag is None else Halt(flag)
    token = _HALT.set(halt)
    try:
        yield halt
    finally:
        _HALT.reset(token)


def watched(density: LogDensity, watch: Callable[[Array], None]) -> LogDensity:
    """The density, with `watch(position)` called before each evaluation. `watch` may raise `Stopped`."""
    evaluate = DENSITY_TYPE(density.address)

    def seen(position: int, gradient: int) -> float:
        values = np.ctypeslib.as_array(ctypes.cast(position, ctypes.POINTER(ctypes.c_double)), (density.size,))
        try:
            watch(values.copy())
        except Stopped as stopped:
            if halt := _HALT.get():
                halt(str(stopped))
            return math.nan
        return float(evaluate(position, gradient))

    callback = DENSITY_TYPE(seen)
    address = ctypes.cast(callback, ctypes.c_void_p).value
    assert address is not None
    return LogDensity(address, density.size, keep_alive=(density, callback))
