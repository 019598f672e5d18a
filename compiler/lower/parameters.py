"""Parameters: from the unconstrained position to the values that the program sees, with the log Jacobian."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytensor.tensor as pt
from numpy.typing import NDArray
from pplc.grammar.source import Span
from pytensor.graph.traversal import explicit_graph_inputs

from .. import ir
from ..library import registry
from ..library.definitions import Condition, Transform
from ..library.evaluation import evaluate
from ..library.needs import Needed
from ..synthetic import integer
from ..types import Array, ComplexMatrix, Matrix, Type, core_dimensions, is_complex
from . import bounds, errors, expressions, statements
from .accesses import Dependent
from .declarations import declared_shape, lengths
from .frames import ROOT
from .scope import Binding, Check, Scope, Term
from .shapes import with_static_shape
from .values import AnyValue, TupleValue, Value, in_parts


@dataclass(frozen=True, slots=True)
class Part:
    """A declared type without tuples, met with the data: how its unconstrained numbers are laid out."""

    shape: tuple[int, ...]  # array sizes, then vector or matrix sizes
    inner: int  # how many of these belong to the vector or matrix, the two parts of complex numbers included
    type: Type
    transform: Transform | None
    arguments: tuple[Any, ...]  # bounds as tensors
    free_shape: tuple[int, ...]  # of the unconstrained numbers of one element

    @property
    def array_shape(self) -> tuple[int, ...]:
        return self.shape[: len(self.shape) - self.inner]

    @property
    def size(self) -> int:
        """The number of unconstrained numbers."""
        return int(np.prod((*self.array_shape, *self.free_shape), dtype=np.int64))


def part_of(name: str, sized: ir.Sized, scope: Scope, bounded: bool = True) -> Part:
    """Evaluate the sizes and (unless only sizes are wanted) the bounds of a declared type."""
    shape = declared_shape(name, sized, scope)
    inner = len(sized.inner_sizes) + is_complex(sized.type)
    core = shape[len(shape) - inner :]
    if sized.constraint is None:
        return Part(shape, inner, sized.type, None, (), core)
    assert not is_complex(sized.type), "complex variables cannot be constrained"
    transform = registry.transforms()[sized.constraint.name]
    if problem := transform.sizes(core):
        raise errors.impossible_size(sized.span, name, problem)
    written = sized.constraint.arguments if bounded else ()
    arguments = tuple(_bound(name, argument, shape, scope) for argument in written)
    free = transform.unconstrained_shape(core) if transform.constrained_core else core
    return Part(shape, inner, sized.type, transform, arguments, free)


def _bound(name: str, e: ir.Expression, shape: tuple[int, ...], scope: Scope) -> Any:
    value = _value_of_bound(e, shape, scope)
    assert isinstance(value, Value)
    bounds.check_size(value, e, name, shape)
    graph = scope.table.tensor(value)
    return graph if graph.dtype == "float64" else pt.cast(graph, "float64")


def _value_of_bound(e: ir.Expression, shape: tuple[int, ...], scope: Scope) -> AnyValue:
    """The value of a bound; one that a graph cannot express (`a > 0 ? 1 : 2`) is a variable of its own.

    If it is a container it has the shape that the parameter's elements have.
    """
    try:
        return expressions.lower(e, scope)
    except Dependent:
        axes = core_dimensions(e.type)
        own = shape[len(shape) - axes :]
        sizes = [integer(size, e.span) for size in own]
        outer = e.type.dimensions if isinstance(e.type, Array) else 0
        hidden = ir.Variable("bound", e.type, ir.Role.LOCAL, ir.Level.PARAMETER, e.span)
        sized = ir.Sized(e.type, tuple(sizes[:outer]), tuple(sizes[outer:]), None, span=e.span)
        statements.execute(ir.Declare(hidden, sized, e, span=e.span), scope)
        return scope.bindings.pop(hidden).value


def constrain_parameter(declare: ir.Declare, position: Any, offset: int, scope: Scope) -> int:
    """Bind a parameter to its part of the position from `offset` on; returns where the next one begins."""
    size = free_size(declare.variable.name, declare.sized, scope)
    sized = declare.sized
    is_number = isinstance(sized, ir.Sized) and not sized.array_sizes and not sized.inner_sizes and size == 1
    block = position[offset] if is_number else position[offset : offset + size]
    value = constrained(declare.variable.name, sized, block, (), scope)
    scope.bindings[declare.variable] = Binding(value, ROOT)
    return offset + size


def free_size(name: str, sized: ir.SizedType, scope: Scope) -> int:
    """The number of unconstrained coordinates of a declared type."""
    if isinstance(sized, ir.Sized):
        return part_of(name, sized, scope, bounded=False).size
    copies = int(np.prod(lengths(name, sized.array_sizes, scope), dtype=np.int64))
    return copies * sum(free_size(name, element, scope) for element in sized.elements)


def constrained(name: str, sized: ir.SizedType, block: Any, outer: tuple[int, ...], scope: Scope) -> AnyValue:
    """The value whose unconstrained numbers are `block`, of shape (*outer, size)."""
    if isinstance(sized, ir.SizedTuple):
        copies = lengths(name, sized.array_sizes, scope)
        each = sum(free_size(name, element, scope) for element in sized.elements)
        block = block.reshape((*outer, *copies, each))
        elements, offset = [], 0
        for element in sized.elements:
            size = free_size(name, element, scope)
            elements.append(constrained(name, element, block[..., offset : offset + size], (*outer, *copies), scope))
            offset += size
        return TupleValue(tuple(elements), sized.type)
    part = part_of(name, sized, scope)
    free = _free_numbers(part, block, outer)
    type = _with_outer(sized.type, len(outer))
    if part.transform is None:
        return Value(with_static_shape(free), type)
    _check_bounds(name, sized.span, part, scope)
    extra = {"shape": part.shape[len(part.shape) - part.inner :]} if part.transform.takes_shape else {}
    value = part.transform.constrain(free, *part.arguments, **extra)
    jacobian = part.transform.log_jacobian(free, *part.arguments, **extra)
    constrained_shape = (*outer, *part.shape)
    if value.ndim < len(constrained_shape):
        value = pt.broadcast_to(value, constrained_shape)
    if not part.transform.constrained_core and jacobian.ndim < free.ndim:
        jacobian = pt.broadcast_to(jacobian, free.shape)
    term = Value(with_static_shape(jacobian), Array(sized.type, max(jacobian.ndim, 1)))
    scope.terms.append(Term(term, ROOT, sized.span, "jacobian"))
    return Value(with_static_shape(value), type)


def _check_bounds(name: str, span: Span, part: Part, scope: Scope) -> None:
    """Bounds that are known and leave no room reject every point, and say so; of others the density is nan."""
    assert part.transform is not None
    given = dict(zip(part.transform.parameters, part.arguments, strict=True))
    for condition in part.transform.free_domain if part.size else ():
        if not isinstance(condition, Condition) or not set(condition.arguments) <= set(given):
            continue
        about = [given[argument] for argument in condition.arguments]
        truth = pt.all(condition.holds(*about))
        inputs = explicit_graph_inputs([truth])
        if all(graph in scope.table.values for graph in inputs) and not evaluate(truth, scope.table.values):
            values = [evaluate(graph, scope.table.values) for graph in about]
            sentence = Needed(tuple(range(len(about))), condition).sentence(name, values)
            scope.checks.append(Check(pt.constant(False), span, sentence))


def _with_outer(type: Type, dimensions: int) -> Type:
    if not dimensions:
        return type
    if isinstance(type, Array):
        return Array(type.element, type.dimensions + dimensions)
    return Array(type, dimensions)


def _free_numbers(part: Part, block: Any, outer: tuple[int, ...]) -> Any:
    """The unconstrained numbers in the shape the transform takes; unstructured matrices are column-major."""
    element = part.type.element if isinstance(part.type, Array) else part.type
    if isinstance(element, Matrix) and (part.transform is None or not part.transform.constrained_core):
        rows, columns = part.free_shape
        return block.reshape((*outer, *part.array_shape, columns, rows)).swapaxes(-1, -2)
    if isinstance(element, ComplexMatrix):
        rows, columns, parts = part.free_shape
        return block.reshape((*outer, *part.array_shape, columns, rows, parts)).swapaxes(-2, -3)
    shape = (*outer, *part.array_shape, *part.free_shape)
    return block.reshape(shape) if shape or block.ndim else block


# The other way ----------------------------------------------------------------------------------


def unconstrain(declares: Sequence[ir.Declare], values: Mapping[str, Any], scope: Scope) -> NDArray[np.float64]:
    """The position of constrained values (NumPy arrays by name, tuples as Python tuples).

    Later bounds may depend on earlier parameters, so the values are bound in order. Raises ValueError with
    the variable's name when a value violates its constraint or has the wrong shape.
    """
    position: list[NDArray[np.float64]] = []
    for declare in declares:
        name = declare.variable.name
        value, free = _unconstrained(name, declare.sized, values[name], (), scope)
        scope.bindings[declare.variable] = Binding(value, ROOT)
        position.append(free.ravel())
    return np.concatenate(position) if position else np.zeros(0)


def _unconstrained(
    name: str, sized: ir.SizedType, given: Any, outer: tuple[int, ...], scope: Scope
) -> tuple[AnyValue, NDArray[np.float64]]:
    """The bound value and its unconstrained numbers, of shape (*outer, size)."""
    if isinstance(sized, ir.SizedTuple):
        copies = lengths(name, sized.array_sizes, scope)
        pairs = [
            _unconstrained(f"{name}.{k + 1}", element, given[k], (*outer, *copies), scope)
            for k, element in enumerate(sized.elements)
        ]
        free = np.concatenate([f for _, f in pairs], axis=-1).reshape((*outer, -1))
        return TupleValue(tuple(v for v, _ in pairs), sized.type), free
    part = part_of(name, sized, scope)
    array = in_parts(np.asarray(given, np.complex128)) if is_complex(part.type) else np.asarray(given, np.float64)
    wanted = (*outer, *part.shape)
    if array.shape != wanted:
        raise ValueError(f"`{name}` has shape {array.shape}, but {wanted} is declared")
    bounds = [evaluate(argument, scope.table.values) for argument in part.arguments]
    free = array
    if part.transform is not None:
        problem = part.transform.problem(array, *bounds)
        if problem is not None:
            raise ValueError(f"`{name}`: {problem}")
        free = evaluate(part.transform.unconstrain(pt.constant(array), *(pt.constant(b) for b in bounds)))
        free = np.broadcast_to(free, (*outer, *part.array_shape, *part.free_shape))
    element = part.type.element if isinstance(part.type, Array) else part.type
    if isinstance(element, Matrix) and (part.transform is None or not part.transform.constrained_core):
        free = np.swapaxes(free, -1, -2)
    if isinstance(element, ComplexMatrix):
        free = np.swapaxes(free, -2, -3)
    return Value(array, _with_outer(sized.type, len(outer))), free.reshape((*outer, part.size))
