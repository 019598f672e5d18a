"""A statement as one operation of a PyTensor graph: generated code forward, and a generated sweep as its gradient.

`build` is what lowering calls. The operation's inputs are the leaves of the variables that the statements read,
its outputs the leaves of those they write and the amounts they add to the target and to the Jacobian. Where the
statements reject or fail, these are -inf and the sweep gives zeros. What the target is before the statements is an
input, the first one, where they read `target()`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytensor.tensor as pt
from pplc.grammar.diagnostics import Diagnostic
from pytensor.gradient import DisconnectedType
from pytensor.graph.basic import Apply, Variable
from pytensor.graph.op import Op

from .. import ir
from ..lower.values import TupleValue, Value, is_concrete, leaves
from ..types import Int, Real, Type, parts_of
from . import loader, once, sums
from .block import compile_block
from .graphs import applied, held
from .loop_source import Code, loop_source, sweep_source
from .messages import new_buffer
from .values import Slot, flatten, slots

if TYPE_CHECKING:
    from ..lower.values import AnyValue, DataTable


class GeneratedLoop(Op):
    """Forward: the captured leaves to the written leaves and the target increment."""

    __props__ = ("source", "active", "output_types")

    def __init__(self, code: Code, output_types: tuple[Any, ...]) -> None:
        self.code = code
        self.source = code.kept.forward if code.kept else code.source
        self.active = code.active
        self.output_types = output_types

    def __str__(self) -> str:
        return f"GeneratedLoop{{{', '.join(variable.name for variable in self.code.written)}}}"

    def make_node(self, *inputs: Any) -> Apply:
        return Apply(self, list(inputs), [type() for type in self.output_types])

    def perform(self, node: Apply, inputs: Sequence[Any], storage: list[list[Any]]) -> None:
        buffer = new_buffer()
        with np.errstate(all="ignore"):
            results = loader.load_plain(self.source).loop(buffer, *map(_number, inputs))
        for cell, result, output in zip(storage, results, node.outputs, strict=True):
            cell[0] = np.asarray(result, output.type.dtype)

    def failure(self, inputs: Sequence[Any]) -> Diagnostic | None:
        """What stops the statements for these inputs, or else their sweep, if anything does."""
        given = list(map(_number, inputs))
        problem = self._failure(self.source, given)
        if problem is None and self.code.has_solvers and any(self.active):
            seeds = [_number(np.ones(type.shape)) for type in self._differentiable]
            problem = self._failure(GeneratedSweep(self).source, [*given, *seeds])
        return problem

    @property
    def _differentiable(self) -> list[Any]:
        """The types of the outputs whose adjoints the sweep takes."""
        own = len(self.code.outputs) + len(self.code.sums)
        return [type for type in self.output_types[:own] if type.dtype.startswith(("float", "complex"))]

    def _failure(self, source: str, given: Sequence[Any]) -> Diagnostic | None:
        buffer = new_buffer()
        with np.errstate(all="ignore"):
            loader.load_plain(source).loop(buffer, *given)
        return self.code.messages.error(buffer)

    def infer_shape(self, node: Apply, shapes: Any) -> list[tuple[Any, ...]]:
        return [
            tuple(
                pt.constant(size) if size is not None else pt.shape(output)[axis]
                for axis, size in enumerate(output.type.shape)
            )
            for output in node.outputs
        ]

    def connection_pattern(self, node: Apply) -> list[list[bool]]:
        own = len(self.code.outputs) + len(self.code.sums)
        continuous = [
            number < own and output.type.dtype.startswith(("float", "complex"))
            for number, output in enumerate(node.outputs)
        ]
        return [[active and c for c in continuous] for active in self.active]

    def pullback(self, inputs: Any, outputs: Any, cotangents: Any) -> list[Variable]:
        own = len(self.code.outputs) + len(self.code.sums)
        seeds = [
            pt.zeros_like(output) if isinstance(cotangent.type, DisconnectedType) else cotangent
            for output, cotangent in zip(outputs[:own], cotangents[:own], strict=True)
            if output.type.dtype.startswith(("float", "complex"))
        ]
        left = outputs if self.code.kept else ()
        adjoints = iter(applied(GeneratedSweep(self), [*inputs, *left, *seeds]))
        return [next(adjoints) if active else DisconnectedType()() for active in self.active]


class GeneratedSweep(Op):
    """Reverse: the captured leaves and the outputs' adjoints to the adjoints of the active leaves.

    In between stand the forward pass's results where it keeps what the sweep needs; else the sweep runs it again.
    Where the code has solvers a last output says whether derivatives could be had (1) or not (0).
    """

    __props__ = ("forward",)

    def __init__(self, forward: GeneratedLoop) -> None:
        self.forward = forward
        self.source = forward.code.kept.sweep if forward.code.kept else sweep_source(forward.code)

    def __str__(self) -> str:
        return str(self.forward).replace("Loop", "Sweep")

    def make_node(self, *inputs: Any) -> Apply:
        kinds = zip(inputs, self.forward.active, strict=False)
        holds = [pt.lscalar()] if self.tells else []
        return Apply(self, list(inputs), [*(x.type() for x, active in kinds if active), *holds])

    @property
    def tells(self) -> bool:
        """Whether the last output says that derivatives could be had."""
        return self.forward.code.has_solvers

    def perform(self, node: Apply, inputs: Sequence[Any], storage: list[list[Any]]) -> None:
        with np.errstate(all="ignore"):
            results = loader.load_plain(self.source).loop(new_buffer(), *map(_number, inputs))
        for cell, result, output in zip(storage, results, node.outputs, strict=True):
            cell[0] = np.asarray(result, output.type.dtype)

    def infer_shape(self, node: Apply, shapes: Any) -> list[Any]:
        own = [shape for shape, active in zip(shapes, self.forward.active, strict=False) if active]
        return [*own, *([()] if self.tells else [])]


def _number(value: Any) -> Any:
    """0-d arrays as numbers, others with their elements in order."""
    return np.ascontiguousarray(value) if np.ndim(value) else np.asarray(value)[()]


# For lowering -----------------------------------------------------------------------------------


def build(
    statements: Sequence[ir.Statement],
    captured: Mapping[ir.Variable, AnyValue],
    written: Sequence[ir.Variable],
    table: DataTable,
    start: ir.Variable | None = None,
) -> tuple[dict[ir.Variable, AnyValue], dict[str, Any]]:
    """Values of the written variables after the statements, and the amounts that these add to the sums.

    `start` is the one among the captured variables that is the target before them, where they read it.
    """

    inputs = [leaf for value in captured.values() for leaf in leaves(value)]
    tensors = [table.tensor(leaf) for leaf in inputs]
    kinds = tuple(dict.fromkeys(["target", *sums.added_in(statements)]))  # the target says that statements failed
    source, messages = loop_source(statements, list(captured), written, kinds, start)
    output_slots = tuple(slot for variable in written for slot in flatten(slots(variable.type)))
    active = tuple(
        not leaf.concrete and tensor.type.dtype.startswith(("float", "complex"))
        for leaf, tensor in zip(inputs, tensors, strict=True)
    )
    variables = tuple(statements), tuple(captured), tuple(written)
    code = Code(source, messages, *variables, active, output_slots, kinds, start)
    types = [type for variable in written for type in _output_types(variable, statements, captured)]
    code = replace(code, kept=once.keep(code, [leaf.numbers if leaf.concrete else leaf.shape for leaf in inputs]))
    kept = [pt.TensorType(slot.tensor_dtype, shape) for slot, shape in (code.kept.results if code.kept else ())]
    op = GeneratedLoop(code, (*types, *(pt.TensorType("float64", ()) for _ in kinds), *kept))
    tensors = [held(tensor, slot) for tensor, slot in zip(tensors, code.inputs, strict=True)]
    remaining = iter(applied(op, tensors))

    def value_of(type: Type) -> AnyValue:
        parts = parts_of(type)
        return TupleValue(tuple(map(value_of, parts)), type) if parts else Value(next(remaining), type)

    values = {variable: value_of(variable.type) for variable in written}
    return values, {kind: Value(next(remaining), Real()) for kind in kinds}


def _output_types(
    variable: ir.Variable, statements: Sequence[ir.Statement], captured: Mapping[ir.Variable, AnyValue]
) -> list[Any]:
    """Tensor types with the sizes that the variable has, or is declared with."""
    own: list[Slot] = list(flatten(slots(variable.type)))
    if variable in captured:
        shapes = [leaf.shape for leaf in leaves(captured[variable])]
    else:
        declaration = next(node for node in statements if isinstance(node, ir.Declare) and node.variable is variable)
        shapes = [
            (*shape, 2) if slot.kind == "c" else shape
            for slot, shape in zip(own, _declared_shapes(declaration.sized, captured), strict=True)
        ]
    return [pt.TensorType(slot.tensor_dtype, shape) for slot, shape in zip(own, shapes, strict=True)]


def _declared_shapes(sized: ir.SizedType, captured: Mapping[ir.Variable, AnyValue]) -> list[tuple[int, ...]]:
    """The sizes of each leaf of a declaration; they depend on data only."""
    from ..lower.generated import numbers

    known = {variable: value for variable, value in captured.items() if is_concrete(value)}

    def sizes(expressions: Sequence[ir.Expression]) -> tuple[int, ...]:
        holders = [
            ir.Variable(f"size{n}", Int(), ir.Role.LOCAL, ir.Level.DATA, e.span) for n, e in enumerate(expressions)
        ]
        declarations = [
            ir.Declare(holder, ir.Sized(Int(), (), (), None, span=e.span), e, span=e.span)
            for holder, e in zip(holders, expressions, strict=True)
        ]
        block = compile_block(declarations, list(known), holders)
        return tuple(map(int, block([numbers(value) for value in known.values()], plain=True)))

    def shapes(sized: ir.SizedType, outer: tuple[int, ...]) -> list[tuple[int, ...]]:
        outer += sizes(sized.array_sizes)
        if isinstance(sized, ir.Sized):
            return [outer + sizes(sized.inner_sizes)]
        return [shape for element in sized.elements for shape in shapes(element, outer)]

    return shapes(sized, ())
