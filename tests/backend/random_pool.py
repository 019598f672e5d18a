"""What a random graph is made from: expressions of moderate size with their values, and choices among them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np
import pytensor.tensor as pt
from pytensor.compile.builders import OpFromGraph
from pytensor.graph.basic import Constant, Variable
from pytensor.graph.traversal import toposort

SIZES = (0, 1, 1, 2, 3, 3, 5, 7, 8, 9, 33, 70, 200)
LARGEST = 700  # elements of an array


def evaluate(outputs: Sequence[Variable], known: dict[Variable, np.ndarray]) -> list[np.ndarray]:
    """Values by running each op's own Python code; `known` holds the inputs' values and gets all others."""
    with np.errstate(all="ignore"):
        for node in toposort(outputs, blockers=list(known)):
            if all(output in known for output in node.outputs):
                continue
            values = [np.asarray(v.data) if isinstance(v, Constant) else known[v] for v in node.inputs]
            for output, value in zip(node.outputs, _performed(node, values), strict=True):
                known[output] = np.asarray(value, dtype=getattr(output.type, "dtype", None))
    return [np.asarray(v.data) if isinstance(v, Constant) else known[v] for v in outputs]


def _performed(node: Any, values: list[np.ndarray]) -> list[Any]:
    if isinstance(node.op, OpFromGraph):
        graph = node.op.fgraph
        return list(evaluate(graph.outputs, dict(zip(graph.inputs, values, strict=True))))
    storage: list[list[Any]] = [[None] for _ in node.outputs]
    node.op.perform(node, [v.copy() for v in values], storage)
    return [cell[0] for cell in storage]


class Refused(Exception):
    """A step that does not fit what there is."""


class Pool:
    """Expressions made so far, with their values."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.numbers = np.random.default_rng(seed)
        self.values: dict[Variable, np.ndarray] = {}
        self.data: dict[Variable, np.ndarray] = {}
        self.floats: list[Any] = []
        self.size = self.rng.choice((5, 12, 12, 40, 300))
        self.sizes = [self.rng.choice(SIZES) for _ in range(3)]
        self.position = pt.vector("q", shape=(self.size,), dtype="float64")
        self.point = self.numbers.normal(size=self.size)
        self.values[self.position] = self.point
        self.floats.append(self.position)
        for _ in range(4):
            self.add(self.piece_of_position())

    def piece_of_position(self) -> Any:
        shape = self.shape()
        if prod(shape) > self.size or self.rng.random() < 0.1:
            return self.position[self.rng.randrange(-self.size, self.size)]
        first = self.rng.randrange(self.size - prod(shape) + 1)
        piece = self.position[first : first + prod(shape)]
        return piece if len(shape) == 1 else piece.reshape(shape)

    def shape(self) -> tuple[int, ...]:
        rank = self.rng.choice((0, 1, 1, 1, 2, 2, 3))
        return tuple(1 if self.rng.random() < 0.15 else self.rng.choice(self.sizes) for _ in range(rank))

    def add(self, variable: Any) -> None:
        """Keep an expression of moderate size and values."""
        if not variable.type.dtype.startswith("float"):
            variable = pt.cast(variable, "float64")
        if None in variable.type.shape or prod(variable.type.shape) > LARGEST or variable.type.ndim > 4:
            raise Refused
        [value] = evaluate([variable], self.values)
        if not np.all(np.isfinite(value)) or np.any(np.abs(value) > 1e5):
            raise Refused
        self.floats.append(variable)

    def some(self, *ranks: int, fit: Callable[[Any], bool] = lambda x: True) -> Any:
        """An expression of one of these ranks (none: any), late ones more often."""
        found = [x for x in self.floats if (not ranks or x.type.ndim in ranks) and fit(x)]
        if not found:
            raise Refused
        return found[max(self.rng.randrange(len(found)) for _ in range(self.rng.choice((1, 2))))]

    def partner(self, x: Any) -> Any:
        """Something that broadcasts with x."""

        def fits(y: Any) -> bool:
            try:
                return prod(np.broadcast_shapes(x.type.shape, y.type.shape)) <= LARGEST
            except ValueError:
                return False

        return self.some(fit=fits)

    def value_for(self, target: Any) -> Any:
        """Something that can be written to a part of an array."""
        shape = target.type.shape

        def fits(y: Any) -> bool:
            try:
                return y.type.ndim <= len(shape) and np.broadcast_shapes(y.type.shape, shape) == shape
            except ValueError:
                return False

        return self.some(fit=fits)

    def given(self, value: Any) -> Any:
        """Data, or a constant of the graph."""
        value = np.asarray(value)
        if self.rng.random() < 0.3:
            return pt.constant(value)
        variable = pt.tensor(f"data{len(self.data)}", dtype=str(value.dtype), shape=value.shape)
        self.data[variable] = self.values[variable] = value
        return variable

    def normal(self, shape: tuple[int, ...]) -> Any:
        return self.given(self.numbers.normal(size=shape))

    def integers(self, low: int, high: int, shape: tuple[int, ...]) -> Any:
        if high <= low and prod(shape):
            raise Refused
        kind = self.rng.choice(("int64", "int64", "int32"))
        return self.given(self.numbers.integers(low, max(high, low + 1), size=shape).astype(kind))

    def axis(self, x: Any) -> int:
        return self.rng.randrange(x.type.ndim)

    def index(self, size: int) -> Any:
        """An array of indices into an axis: repeated, negative, sometimes found from parameters."""
        shape = self.rng.choice(((), (self.rng.choice(SIZES),), (2, 3), (1,), (self.rng.choice(self.sizes), 2)))
        if prod(shape) > 100:
            raise Refused
        if self.rng.random() < 0.15 and size:
            x = self.some(0, 1, 2)
            return pt.cast(pt.floor(pt.sigmoid(x) * (size * 0.999)), "int64")
        return self.integers(-size, size, shape)

    def slice(self, size: int) -> slice:
        def bound() -> int | None:
            return None if self.rng.random() < 0.5 else self.rng.randint(-size - 1, size + 1)

        return slice(bound(), bound(), self.rng.choice((None, None, None, 1, 2, 3, -1, -1, -2)))

    def entries(self, x: Any) -> tuple[Any, ...]:
        """An indexing expression for x."""
        found: list[Any] = []
        kinds = self.rng.choice((("slice",), ("slice", "integer"), ("array", "slice"), ("array", "integer", "slice")))
        length = None
        for size in x.type.shape[: self.rng.randint(1, x.type.ndim)]:
            kind = self.rng.choice(kinds)
            if kind == "slice" or not size:
                found.append(self.slice(size))
            elif kind == "integer":
                found.append(self.rng.randrange(-size, size))
            else:
                index = self.index(size)
                if length is not None and index.type.ndim:
                    index = self.integers(-size, size, length)
                elif index.type.ndim:
                    length = index.type.shape
                found.append(index)
        return tuple(found)
