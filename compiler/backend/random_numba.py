"""Random variables of the library in PyTensor's Numba backend, and functions that draw from graphs of them."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import numba
import numpy as np
import pytensor
from numpy.typing import NDArray
from pytensor.graph.traversal import ancestors
from pytensor.link.numba.dispatch.random import numba_core_rv_funcify

from ..codegen.draws import draw_function
from ..lower.random_variables import MOST_ATTEMPTS, LibraryRV

VERSION = 1


@numba_core_rv_funcify.register(LibraryRV)
def library_rv(op: LibraryRV, node: Any) -> Any:
    """The compiled draw, with rejection outside the bounds where it is truncated, and a key for the disk cache."""
    name = op.distribution.name
    draw = draw_function(name)
    source = inspect.getsource(op.distribution.draw)  # type: ignore[arg-type]
    text = f"{VERSION}\0{name}\0{op.truncated}\0{source}"
    key = int(hashlib.sha256(text.encode()).hexdigest()[:15], 16)
    return (_within(draw, len(op.ndims_params) - 2, op.dtype) if op.truncated else draw), key


def _within(draw: Any, count: int, dtype: str) -> Any:
    """A draw with two bounds as its last arguments."""
    parameters = ", ".join(f"p{k}" for k in range(count))
    missing = "float('nan')" if dtype.startswith("float") else "lower"
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


class RandomFunction:
    """Draws the outputs of a graph of random variables, compiled by Numba.

    `inputs` are graph inputs given at each call, `data` the others with their values.
    """

    def __init__(self, inputs: Sequence[Any], outputs: Sequence[Any], data: Mapping[Any, NDArray[Any]]) -> None:
        nodes = {v.owner for v in ancestors(outputs) if v.owner is not None and isinstance(v.owner.op, LibraryRV)}
        self._generators = sorted({node.inputs[0] for node in nodes}, key=lambda g: str(g.name) + str(id(g)))
        order = {node.inputs[0]: node for node in nodes}
        shared = [pytensor.shared(np.asarray(value), borrow=True) for value in data.values()]
        self._function = pytensor.function(
            list(inputs),
            list(outputs),
            updates={generator: order[generator].outputs[0] for generator in self._generators},
            givens=dict(zip(data, shared, strict=True)),
            mode="NUMBA",
            on_unused_input="ignore",
        )

    def seed(self, seed: int) -> None:
        """Start the random numbers anew."""
        for generator, stream in zip(
            self._generators, np.random.SeedSequence(seed).spawn(len(self._generators)), strict=True
        ):
            generator.set_value(np.random.default_rng(stream))

    def __call__(self, *values: Any) -> list[NDArray[Any]]:
        """One draw of each output."""
        return [np.asarray(result) for result in self._function(*values)]
