"""Graphs as compiled functions of arrays, for one set of inputs or for many draws."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .cache import load, store
from .program import Bound


@dataclass(frozen=True)
class Argument:
    """Shape and dtype of an input or output."""

    shape: tuple[int, ...]
    dtype: str

    @property
    def stored(self) -> str:
        """The dtype in which compiled code holds it."""
        return "float64" if np.dtype(self.dtype).kind == "f" else "int64"


@dataclass(frozen=True)
class CompiledFunction:
    """Call it with one array per input to get a tuple with one array per output."""

    name: str
    inputs: tuple[Argument, ...]
    outputs: tuple[Argument, ...]
    source: str
    bound: Bound = field(repr=False)

    def __call__(self, *values: Any) -> tuple[NDArray[Any], ...]:
        """The outputs for one set of inputs."""
        batched = [np.asarray(value)[None] for value in values]
        return tuple(result[0] for result in self.over_draws(*batched))

    def store(self, key: str) -> bool:
        """Keep it on disk for `load_cached_function`; False where it needs functions of this process."""
        pairs = {"inputs": self.inputs, "outputs": self.outputs}
        facts: dict[str, Any] = {n: [[list(a.shape), a.dtype] for a in arguments] for n, arguments in pairs.items()}
        return store(key, self.bound, facts | {"name": self.name})

    def over_draws(self, *values: Any) -> tuple[NDArray[Any], ...]:
        """The outputs for n sets of inputs: each input has shape (n, *shape), each output as well.

        The loop over draws is compiled and holds no lock.
        """
        if len(values) != len(self.inputs):
            raise TypeError(f"{self.name} takes {len(self.inputs)} inputs, not {len(values)}")
        number = np.shape(values[0])[0] if values else 1
        arrays = []
        for value, argument in zip(values, self.inputs, strict=True):
            array = np.ascontiguousarray(value, dtype=argument.stored)
            if array.shape != (number, *argument.shape):
                raise ValueError(f"an input has shape {array.shape}, not {(number, *argument.shape)}")
            arrays.append(array)
        results = [np.empty((number, *argument.shape), argument.stored) for argument in self.outputs]
        pointers = [array.ctypes.data for array in (*arrays, *results)]
        types = [ctypes.c_int64] + [ctypes.c_void_p] * len(pointers)
        ctypes.CFUNCTYPE(None, *types)(self.bound.addresses["over_draws"])(number, *pointers)
        pairs = zip(results, self.outputs, strict=True)
        return tuple(result.astype(argument.dtype, copy=False) for result, argument in pairs)


def compile_function(
    inputs: Sequence[Any], outputs: Sequence[Any], data: Mapping[Any, NDArray[Any]], name: str = "function"
) -> CompiledFunction:
    """Compile outputs as a function of inputs (static shapes); `data` holds the other graph inputs' values."""
    from .graph import function_program

    built, argument_types, result_types = function_program(inputs, outputs, data, name)
    return CompiledFunction(name, argument_types, result_types, built.text.source, built.bind())


def load_cached_function(key: str, data: Mapping[str, NDArray[Any]]) -> CompiledFunction | None:
    """A function stored under this key, bound to data given by variable name; None where it is unknown or misfits."""
    found = load(key, data)
    if found is None:
        return None
    bound, facts = found
    inputs, outputs = (
        tuple(Argument(tuple(shape), dtype) for shape, dtype in facts[part]) for part in ("inputs", "outputs")
    )
    return CompiledFunction(facts["name"], inputs, outputs, bound.text.source, bound)
