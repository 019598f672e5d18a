"""Random variables of the library. Draws of pplc's own are compiled by `random_graph`."""

from __future__ import annotations

import hashlib
import inspect
from typing import Any

import numba
from pytensor.link.numba.dispatch.random import numba_core_rv_funcify

from ...codegen.draws import draw_function
from ...library import registry
from ...library.kernels.draws import NO_OUTCOME
from ...lower.library_rv import MOST_ATTEMPTS, LibraryRV

VERSION = 2


@numba_core_rv_funcify.register(LibraryRV)
def library_rv(op: LibraryRV, node: Any) -> Any:
    """The compiled draw, with rejection outside the bounds where it is truncated, and a key for the disk cache."""
    name = op.draw_name
    draw = draw_function(name)
    source = inspect.getsource(registry.draw_of(name))
    text = f"{VERSION}\0{name}\0{op.truncated}\0{source}"
    key = int(hashlib.sha256(text.encode()).hexdigest()[:15], 16)
    if not op.truncated:
        return draw, key
    count = len(op.ndims_params) - 2
    return (_between if op.between else _within)(draw, count, op.dtype), key


def _between(draw: Any, count: int, dtype: str) -> Any:
    """The same from a function that takes the bounds first."""
    parameters = ", ".join(f"p{k}" for k in range(count))
    source = f"""
def truncated(rng, {parameters + ", " if count else ""}lower, upper):
    return draw(rng, lower, upper, {parameters}) if lower <= upper else float('nan')
"""
    namespace: dict[str, Any] = {"draw": draw}
    exec(source, namespace)
    return numba.njit(namespace["truncated"])


def _within(draw: Any, count: int, dtype: str) -> Any:
    """A draw with two bounds as its last arguments."""
    parameters = ", ".join(f"p{k}" for k in range(count))
    missing = "float('nan')" if dtype.startswith("float") else str(NO_OUTCOME)
    source = f"""
def truncated(rng, {parameters + ", " if count else ""}lower, upper):
    for _ in range({MOST_ATTEMPTS}):
        value = draw(rng, {parameters})
        if lower <= value <= upper:
            return value
    return {missing}
"""
    namespace: dict[str, Any] = {"draw": draw}
    exec(source, namespace)  # the number of parameters differs between distributions
    return numba.njit(namespace["truncated"])
