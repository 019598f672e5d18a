"""Expressions row by row: where they take their data and parameters from, and the same over other rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
import pytensor.tensor as pt
from pytensor.graph.basic import Constant, Variable
from pytensor.tensor.elemwise import DimShuffle, Elemwise
from pytensor.tensor.subtensor import AdvancedSubtensor

from ...library.definitions import Tensor
from ..patterns import is_scalar

type Floats = np.ndarray


class NotByRow(Exception):
    """An expression whose element in a row is not found from data and parameters of that row alone."""


@dataclass(frozen=True)
class Column:
    """What a leaf holds in each row: data (`base` None), or elements of a parameter-dependent array by their number.

    `values` has one entry per row: the data, or positions in the flattened `base`.
    """

    values: np.ndarray
    base: Tensor | None = None


class Data:
    """The known data of a graph; evaluates what depends on nothing else and makes new data."""

    def __init__(self, values: Mapping[Variable, np.ndarray]) -> None:
        self.values: dict[Variable, np.ndarray] = {v: np.asarray(a) for v, a in values.items()}
        self.new: dict[Variable, np.ndarray] = {}
        self._by_content: dict[tuple[str, tuple[int, ...], bytes], Variable] = {}
        self._known: dict[Variable, bool] = {}

    def known(self, variable: Variable) -> bool:
        """Whether a variable depends on data only."""
        found = self._known.get(variable)
        if found is None:
            if variable.owner is None:
                found = isinstance(variable, Constant) or variable in self.values
            else:
                found = all(self.known(operand) for operand in variable.owner.inputs)
            self._known[variable] = found
        return found

    def value(self, variable: Variable) -> np.ndarray:
        """The value of a variable that depends on data only."""
        if isinstance(variable, Constant):
            return np.asarray(variable.data)
        if variable not in self.values:
            node = variable.owner
            inputs = [self.value(operand) for operand in node.inputs]
            inputs = [v.type.filter(a, allow_downcast=True) for v, a in zip(node.inputs, inputs, strict=True)]
            storage: list[list[Any]] = [[None] for _ in node.outputs]
            with np.errstate(all="ignore"):
                node.op.perform(node, inputs, storage)
            self.values |= {v: np.asarray(cell[0]) for v, cell in zip(node.outputs, storage, strict=True)}
        return self.values[variable]

    def input(self, value: np.ndarray) -> Variable:
        """A graph input with this value; the same for equal values."""
        value = np.ascontiguousarray(value)
        key = (str(value.dtype), value.shape, value.tobytes())
        if key not in self._by_content:
            variable = pt.tensor(f"rows_{len(self.new)}", dtype=str(value.dtype), shape=value.shape)
            self._by_content[key] = variable
            self.new[variable] = self.values[variable] = value
        return self._by_content[key]


def spread(value: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """One entry per row: broadcast to the rows' shape and flattened."""
    return value.ravel() if value.size == prod(shape) else np.broadcast_to(value, shape).ravel()


def keeps_order(op: DimShuffle) -> bool:
    """Whether elements stay in row-major order: axes are added or dropped, not exchanged."""
    kept = [axis for axis in op.new_order if axis != "x"]
    return kept == sorted(kept)


@dataclass
class Rows:
    """The rows of an array of the given shape: its leaves found so far, each with its column."""

    data: Data
    shape: tuple[int, ...]
    columns: dict[Variable, Column] = field(default_factory=dict)
    notes: dict[Variable, Any] = field(default_factory=dict)  # what a rewrite found out about parts of an expression
    _searched: set[tuple[Variable, tuple[int, ...]]] = field(default_factory=set)

    @property
    def size(self) -> int:
        return prod(self.shape)

    def find(self, variable: Variable, shape: tuple[int, ...] | None = None) -> None:
        """Add the leaves of an expression; raises NotByRow.

        `shape` is that of the rows where the expression stands: behind a DimShuffle they have fewer axes.
        """
        shape = self.shape if shape is None else shape
        if variable in self.columns or is_scalar(variable) or (variable, shape) in self._searched:
            return
        self._searched.add((variable, shape))
        if self.data.known(variable):
            self.columns[variable] = Column(spread(self.data.value(variable), shape))
            return
        node = variable.owner
        if None in variable.type.shape:
            raise NotByRow(str(variable))
        if prod(variable.type.shape) < self.size:  # computed once for several rows
            positions = np.arange(prod(variable.type.shape)).reshape(variable.type.shape)
            self.columns[variable] = Column(spread(positions, shape), variable)
            return
        match None if node is None else node.op:
            case Elemwise():
                for operand in node.inputs:
                    self.find(operand, shape)
            case DimShuffle() if keeps_order(node.op) and not node.op.drop:
                self.find(node.inputs[0], node.inputs[0].type.shape)
            case AdvancedSubtensor():
                self.columns[variable] = self._gathered(node)
            case _:
                raise NotByRow(str(variable))

    def _gathered(self, node: Any) -> Column:
        """The column of base[i] or base[i, j] for known index arrays."""
        base, *indices = node.inputs
        if not all(map(self.data.known, indices)) or len(indices) != base.type.ndim or None in base.type.shape:
            raise NotByRow(str(node))
        entries = node.op.idx_list
        if tuple(entries) != tuple(range(len(indices))):
            raise NotByRow(str(node))
        arrays = []
        for index, size in zip(indices, base.type.shape, strict=True):
            positions = self.data.value(index)
            if positions.size and not (positions.min() >= -size and positions.max() < size):
                raise NotByRow("an index out of bounds")
            arrays.append(np.where(positions < 0, positions + size, positions))
        flat = np.ravel_multi_index(np.broadcast_arrays(*arrays), base.type.shape)
        return Column(flat.ravel(), base)

    def codes(self, columns: Sequence[Column], most: int) -> np.ndarray | None:
        """A number for each row, the same for rows in which the columns agree; None if there are more than `most`."""
        codes = np.zeros(self.size, dtype=np.int64)
        for column in columns:
            values = column.values  # floats by their bits: 0 and -0 differ
            values = values.view("int64") if values.dtype == "float64" else values
            _, inverse = np.unique(values, return_inverse=True)
            _, codes = np.unique(codes * (inverse.max(initial=0) + 1) + inverse.ravel(), return_inverse=True)
            codes = codes.ravel()
            if codes.max(initial=-1) >= most:
                return None
        return codes


class Rebuilt:
    """Expressions over chosen rows: new row k is the old row `chosen[k]`."""

    def __init__(self, rows: Rows, chosen: np.ndarray) -> None:
        self.rows = rows
        self.chosen = chosen
        self._made: dict[Variable, Tensor] = {}

    def expression(self, variable: Tensor) -> Tensor:
        """The expression as a vector over the new rows, or a scalar."""
        if variable not in self._made:
            self._made[variable] = self._make(variable)
        return self._made[variable]

    def _make(self, variable: Tensor) -> Tensor:
        column = self.rows.columns.get(variable)
        if column is not None:
            taken = self.rows.data.input(column.values[self.chosen])
            return taken if column.base is None else column.base.flatten()[taken]
        if is_scalar(variable):
            return variable.dimshuffle() if variable.type.ndim else variable
        node = variable.owner
        if isinstance(node.op, DimShuffle):
            return self.expression(node.inputs[0])
        operands = [self.expression(operand) for operand in node.inputs]
        return Elemwise(node.op.scalar_op)(*operands)
