"""A solver's call as one operation of a PyTensor graph: its result and the derivatives that its gradient needs.

Both come from one solution with sensitivities, so that a log density with its gradient solves every system once.
The gradient of the result is the product of its adjoint with the derivatives, in PyTensor's own operations.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
import pytensor.tensor as pt
from pplc.grammar.diagnostics import Diagnostic, Mark
from pytensor.gradient import DisconnectedType
from pytensor.graph.basic import Apply, Variable
from pytensor.graph.op import Op

from ... import ir
from ...lower.values import Value, is_concrete, leaves
from ...walk import is_recursive
from .. import loader
from ..complex_parts import parts_slot
from ..context import Context
from ..graphs import applied, held
from ..messages import Messages, ProgramError, new_buffer
from ..unit import Unit
from ..values import Leaf, Slot, flatten, slots
from ..writer import Writer
from .adapters import function_of
from .calls import solver_of, write
from .solver import Solver

if TYPE_CHECKING:
    from ...lower.number_graphs import NumberGraphs
    from ...lower.values import AnyValue, DataTable


class Solution(Op):
    """The solver's arguments, leaf by leaf, to its result and the derivatives by the active leaves."""

    __props__ = ("source", "active", "output_shapes")

    def __init__(self, name: str, source: str, messages: Messages, active: tuple[bool, ...],
                 output_shapes: tuple[tuple[int, ...], ...]) -> None:  # fmt: skip
        self.name = name
        self.source = source
        self.messages = messages
        self.active = active
        self.output_shapes = output_shapes

    def __str__(self) -> str:
        return f"Solution{{{self.name}}}"

    def make_node(self, *inputs: Any) -> Apply:
        return Apply(self, list(inputs), [pt.TensorType("float64", shape)() for shape in self.output_shapes])

    def perform(self, node: Apply, inputs: Sequence[Any], storage: list[list[Any]]) -> None:
        results, _ = self.solve(inputs)
        for cell, result in zip(storage, results, strict=True):
            cell[0] = np.asarray(result, np.float64)

    def failure(self, inputs: Sequence[Any]) -> Diagnostic | None:
        """What stops the solver for these inputs, if anything does."""
        return self.solve(inputs)[1]

    def solve(self, inputs: Sequence[Any]) -> tuple[Sequence[Any], Diagnostic | None]:
        """Run uncompiled: the outputs, and what went wrong (they are nan then)."""
        buffer = new_buffer()
        with np.errstate(all="ignore"):
            given = [np.ascontiguousarray(x) if np.ndim(x) else np.asarray(x)[()] for x in inputs]
            results = loader.load_plain(self.source).loop(buffer, *given)
        return results, self.messages.error(buffer)

    def infer_shape(self, node: Apply, shapes: Any) -> list[tuple[Any, ...]]:
        return [tuple(map(pt.constant, shape)) for shape in self.output_shapes]

    def connection_pattern(self, node: Apply) -> list[list[bool]]:
        rest = len(node.outputs) - 1
        return [[active, *(False,) * rest] for active in self.active]

    def pullback(self, inputs: Any, outputs: Any, cotangents: Any) -> list[Variable]:
        if isinstance(cotangents[0].type, DisconnectedType):
            return [DisconnectedType()() for _ in inputs]
        product = cotangents[0].reshape((1, prod(self.output_shapes[0]))) @ outputs[1]
        adjoints: list[Variable] = []
        at = 0
        for tensor, active in zip(inputs, self.active, strict=True):
            if not active:
                adjoints.append(DisconnectedType()())
                continue
            size = prod(tensor.type.shape)
            adjoints.append(product[0, at : at + size].reshape(tensor.type.shape))
            at += size
        return adjoints


def build(call: ir.LibraryCall, arguments: Sequence[AnyValue | None], table: DataTable) -> AnyValue:
    """The value of a solver's call. `arguments` are as in the call, None for the function; none of them has lanes.

    Raises ProgramError where everything is known and the solver stops.
    """
    solver = solver_of(call)
    _, control, forwarded = solver.divide(call)
    values = {id(e): value for e, value in zip(call.arguments, arguments, strict=True) if value is not None}
    ordered = [values[id(expression)] for expression in (*control, *forwarded)]
    inputs = [leaf for value in ordered for leaf in leaves(value)]
    own = [slot for e in control for slot in flatten(slots(e.type))]
    passed = [parts_slot(slot) for e in forwarded for slot in flatten(slots(e.type))]
    smooth = (*solver.smooth, *(False,) * (len(own) + len(passed)))[: len(own)] + (True,) * len(passed)
    active = tuple(
        is_smooth and slot.kind == "f" and not leaf.concrete
        for leaf, slot, is_smooth in zip(inputs, [*own, *passed], smooth, strict=True)
    )
    if (mistake := solver.size_mistake([next(iter(leaf.shape), 0) for leaf in inputs[: len(own)]])) is not None:
        raise ProgramError(Diagnostic("size-mismatch", mistake, Mark(call.span)))
    shape = solver.shape([leaf.shape for leaf in inputs[: len(own)]])
    columns = sum(prod(leaf.shape) for leaf, is_active in zip(inputs, active, strict=True) if is_active)
    graphs = _number_graphs(solver, call, [values[id(e)] for e in control], [values[id(e)] for e in forwarded])
    source, messages = _source(solver, call, own, passed, active, graphs)
    shapes = (shape, (prod(shape), columns)) if any(active) else (shape,)
    op = Solution(call.name, source, messages, active, shapes)
    if all(map(is_concrete, ordered)):
        results, problem = op.solve([leaf.numbers for leaf in inputs])
        if problem is not None:
            raise ProgramError(problem)
        return Value(np.asarray(results[0]), call.type)
    tensors = [held(table.tensor(leaf), slot) for leaf, slot in zip(inputs, [*own, *passed], strict=True)]
    result, *_ = applied(op, tensors)
    return Value(result, call.type)


def _number_graphs(
    solver: Solver, call: ir.LibraryCall, control: Sequence[Any], forwarded: Sequence[Any]
) -> NumberGraphs | None:
    """What the function given to the solver computes, if it is small and does not lead to itself."""
    from ...lower.number_graphs import number_graphs

    if not solver.vectors:
        return None
    reference, *_ = solver.divide(call)
    function = function_of(reference)
    if is_recursive(function):
        return None
    shape = control[0].shape
    own = [
        Value(np.zeros(shape if vector else ()), parameter.type)
        for vector, parameter in zip(solver.vectors, function.parameters, strict=False)
    ]
    return number_graphs(function, own, forwarded, shape)


def _source(
    solver: Solver, call: ir.LibraryCall, own: Sequence[object], passed: Sequence[object], active: Sequence[bool],
    graphs: NumberGraphs | None,
) -> tuple[str, Messages]:  # fmt: skip
    """The function `loop(messages, leaves...)` that returns the outputs."""
    context = Context(Unit())
    reference, _, _ = solver.divide(call)
    leaves = [Leaf(f"_x{n}", slot, name=f"_x{n}") for n, slot in enumerate([*own, *passed]) if isinstance(slot, Slot)]
    split = len(own)
    with context.elsewhere(Writer()) as body:
        value, jacobian = write(
            solver, reference, leaves[:split], leaves[split:], active[:split], active[split:], call, context, graphs
        )
        context.out.write(f"return ({value}, {jacobian})" if jacobian else f"return ({value},)")
    with context.out.block(f"def loop({', '.join(['_messages', *map(str, leaves)])}):"):
        context.out.extend(body.lines)
    context.unit.add("@entry\n" + context.out.text)
    return context.unit.source, context.unit.messages
