"""Walks a PyTensor graph and builds its array expressions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from functools import singledispatch
from typing import Any

import numpy as np
from pytensor.graph.basic import Apply, Variable
from pytensor.graph.basic import Constant as GraphConstant
from pytensor.graph.traversal import toposort

from ..alike import with_common_numbers
from ..arrays import Array, Constant, Kind, Shape, Source


class Unsupported(Exception):
    """An op that has no array expression."""


def kind_of(dtype: str) -> Kind:
    """How values of a NumPy dtype are held: floats as doubles, integers as 64 bits."""
    if dtype == "bool":
        return "bool"
    if np.dtype(dtype).kind in "iu":
        return "int"
    if np.dtype(dtype).kind == "f":
        return "float"
    raise Unsupported(f"values of type {dtype}")


class Converter:
    """Holds what has been converted. `inputs` maps graph inputs to their arrays.

    `constants` collects constant arrays, which become data; `checks` pairs index arrays that do not depend
    on the position with the length they index; `varying` are the variables that depend on the position.
    """

    def __init__(self, inputs: dict[Variable, Array], varying: set[Variable]) -> None:
        self.arrays: dict[Variable, Array] = dict(inputs)
        self.varying = varying
        self.constants: list[tuple[Source, np.ndarray]] = []
        self.checks: list[tuple[Array, int]] = []
        self.checked: dict[tuple[object, int], tuple[Array, Array | None]] = {}  # index arrays made safe, by limit
        self.uses: Counter[Variable] = Counter()  # how many nodes and outputs read a variable
        self.common: dict[str, tuple[str, tuple[float, ...]]] = {}  # for generated code, see `with_common_numbers`
        self.generated: dict[Hashable, str | None] = {}  # names of its functions in the program
        self._known_constants: dict[tuple[str, Shape, bytes], Source] = {}

    def convert_all(self, outputs: Sequence[Variable]) -> list[Array]:
        """The arrays of the outputs."""
        known = [variable for variable in self.arrays if variable.owner is not None]
        nodes = list(toposort(outputs, blockers=known))
        self.uses.update(outputs)
        for node in nodes:
            self.uses.update(node.inputs)
        texts = [source for node in nodes if isinstance(source := getattr(node.op, "source", None), str)]
        self.common.update(with_common_numbers(texts))
        for node in nodes:
            self.convert_node(node)
        return [self.array(output) for output in outputs]

    def convert_node(self, node: Apply) -> None:
        self.varying.update(node.outputs if any(v in self.varying for v in node.inputs) else ())
        results = convert(node.op, node, self)
        for output, array in zip(node.outputs, results, strict=True):
            if array is not None:
                self.arrays[output] = array

    def array(self, variable: Variable) -> Array:
        """The array of a converted variable or constant."""
        found = self.arrays.get(variable)
        if found is None:
            if not isinstance(variable, GraphConstant):
                raise Unsupported(f"{variable} is neither an input nor data")
            found = self.arrays[variable] = self.constant(np.asarray(variable.data))
        return found

    def constant(self, value: np.ndarray) -> Array:
        """A number repeated, or an array kept with the data."""
        kind = kind_of(str(value.dtype))
        if value.size == 0:
            return Constant(value.shape, kind, 0)
        first = value.flat[0]
        if bool(np.all(value == first)) or value.size == 1:
            return Constant(value.shape, kind, first.item())
        content = np.ascontiguousarray(value, dtype="float64" if kind == "float" else "int64")
        key = (kind, value.shape, content.tobytes())
        if key not in self._known_constants:
            source = Source(value.shape, "float" if kind == "float" else "int", f"c{len(self.constants)}")
            self._known_constants[key] = source
            self.constants.append((source, content))
        return self._known_constants[key]

    def static(self, variable: Variable) -> np.ndarray | None:
        """The value of a variable that depends on nothing but shapes, else None."""
        if isinstance(variable, GraphConstant):
            return np.asarray(variable.data)
        converted = self.arrays.get(variable)
        if isinstance(converted, Constant):
            return np.full(converted.shape, converted.value)
        if variable.owner is None:
            return None
        from pytensor.tensor.shape import Shape as ShapeOp
        from pytensor.tensor.shape import Shape_i

        node = variable.owner
        if isinstance(node.op, ShapeOp):
            return np.array(self.array(node.inputs[0]).shape, dtype="int64")
        if isinstance(node.op, Shape_i):
            return np.array(self.array(node.inputs[0]).shape[node.op.i], dtype="int64")
        values: list[np.ndarray] = []
        for operand in node.inputs:
            value = self.static(operand)
            if value is None:
                return None
            values.append(value)
        if len(node.outputs) != 1:
            return None
        storage: list[list[Any]] = [[None]]
        inputs = [t.type.filter(v, allow_downcast=True) for t, v in zip(node.inputs, values, strict=True)]
        node.op.perform(node, inputs, storage)
        return np.asarray(storage[0][0])

    def integer(self, variable: Variable) -> int:
        """A size or axis that must be known."""
        value = self.static(variable)
        if value is None:
            raise Unsupported(f"the size {variable} is not known")
        return int(value)


@singledispatch
def convert(op: Any, node: Apply, converter: Converter) -> list[Array | None]:
    """The arrays of a node's outputs; None for an output that is no array (a shape)."""
    from ..fallback import convert_by_numba
    from .linear_algebra import call_core, core_of

    if isinstance(getattr(op, "source", None), str):
        return generated(op, node, converter) or convert_by_numba(node, converter)
    operands = [converter.array(variable) for variable in node.inputs]
    core = core_of(op, [operand.shape for operand in operands])
    return convert_by_numba(node, converter) if core is None else list(call_core(core, operands, ()))


def generated(op: Any, node: Apply, converter: Converter) -> list[Array | None] | None:
    """An op with generated source text (see `codegen.loop_op`), taken into the program; None where Numba must."""
    from ...codegen import support
    from ..arrays import Call
    from ..embedded import generated_function

    operands = tuple(converter.array(variable) for variable in node.inputs)
    if any(None in output.type.shape for output in node.outputs):
        return None
    shapes = tuple(tuple(output.type.shape) for output in node.outputs)
    kinds: list[Kind] = ["float" if kind_of(output.type.dtype) == "float" else "int" for output in node.outputs]
    storage = ["floats" if kind == "float" else "ints" for kind in kinds]
    known = {
        number: int(operand.value)
        for number, operand in enumerate(operands)
        if isinstance(operand, Constant) and operand.kind == "int" and not operand.shape
    }
    source, numbers = converter.common.get(op.source, (op.source, ()))
    operands += tuple(Constant((), "int" if isinstance(value, int) else "float", value) for value in numbers)
    given = [(operand.shape, operand.storage) for operand in operands]
    left = list(zip(shapes, storage, strict=True))
    wanted = (source, tuple(given), tuple(left), tuple(known.items()))
    if wanted not in converter.generated:
        name = generated_function(source, lambda name: getattr(support, name, None), given, left, known)
        converter.generated[wanted] = name
    name = converter.generated[wanted]
    if name is None:
        return None
    return list(Call(operands, shapes, tuple(kinds), lambda i, o: [f"{name}({', '.join(i + o)})"]).outputs)
