"""The element at a position of a vector whose length differs between iterations, as an expression about numbers.

    a[i] + b[i] * x[s[i]:e[i]]   at k:   a[i] + b[i] * x[s[i] + k - 1]

What has no position in it is evaluated before, once per iteration.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from .. import ir
from ..library.definitions import Function
from ..library.expand import implementation
from ..synthetic import integer, reference
from ..types import Array, Int, Matrix, Real, RowVector, Type, Vector, core_dimensions, element_of
from ..walk import is_recursive
from . import expressions
from .frames import ROOT, Lanes
from .ragged_locals import in_force
from .scope import Binding, Scope
from .stages.nests import rebuilt
from .values import Value

MOST_PAIRS = 100_000  # of rows and vectors of an iteration's own: their products take memory, one by one


class NoElement(Exception):
    """An expression whose elements are none of elements."""


class Elements:
    """Elements of expressions at one position, a variable; `lengths` has that of all of them, per lane in force."""

    def __init__(self, scope: Scope, whole: ir.Node) -> None:
        self.scope, self.lanes = scope, scope.lanes
        self.position = ir.Variable("element", Int(), ir.Role.LOCAL, ir.Level.DATA, whole.span)
        self.lengths: Lanes | None = None
        self._before: dict[ir.Expression, ir.Expression] = {}

    def of(self, e: ir.Expression) -> ir.Expression:
        """The element of a container, of a matrix the row."""
        type = _type_of_element(e.type)
        match e:
            case ir.Promote(value):
                return replace(e, value=self.of(value), type=type)
            case ir.Reference(variable):
                return self._indexed(ir.Indexed(e, (), type=e.type, level=e.level, span=e.span), type, variable)
            case ir.Indexed(ir.Reference(variable)):
                return self._indexed(e, type, variable)
            case ir.Conditional(test, then, otherwise):
                return replace(e, test=self.before(test), then=self.of(then), otherwise=self.of(otherwise), type=type)
            case ir.LibraryCall(name, arguments) if name in _VIEWS:
                return _VIEWS[name](self, e, *arguments)
            case ir.LibraryCall("multiply", (matrix, vector)) if matrix.type == Matrix() and vector.type == Vector():
                row, column = self.of(matrix), self.before(vector)
                if self._pairs(column) > MOST_PAIRS:
                    raise NoElement
                return replace(e, arguments=(row, column), type=type)
            case ir.LibraryCall() if _is_elementwise(e):
                return self._call(e, type)
            case ir.UserCall():
                return self._of_result(e)
            case _:
                raise NoElement

    def before(self, e: ir.Expression) -> ir.Expression:
        """What stands for an expression that is the same at all positions."""
        if isinstance(e, ir.IntegerLiteral | ir.RealLiteral | ir.Reference):
            return e
        if e not in self._before:
            variable = ir.Variable("number", e.type, ir.Role.LOCAL, e.level, e.span)
            self.scope.bindings[variable] = Binding(expressions.lower(e, self.scope), self.lanes)
            self._before[e] = reference(variable, e.span)
        return self._before[e]

    def place(self, place: ir.Place) -> ir.Place:
        """The element of a part of a variable."""
        indices: tuple[ir.Index, ...] = ()
        match place.path:
            case ():
                pass
            case (tuple() as indices,):
                pass
            case _:
                raise NoElement
        type = _type_of_element(place.type)
        return ir.Place(place.variable, (self._at(place.variable, indices),), type, span=place.span)

    def _call(self, e: ir.LibraryCall, type: Type) -> ir.Expression:
        """An elementwise function of elements, and of numbers."""
        call = replace(e, arguments=tuple(self.of(a) if _axes(a) else self.before(a) for a in e.arguments), type=type)
        try:
            implementation(e.name, tuple(argument.type for argument in call.arguments))
        except LookupError:
            raise NoElement from None
        return call

    def _pairs(self, column: ir.Expression) -> int:
        """How many numbers are picked where rows are multiplied by a vector that differs between iterations."""
        value = expressions.lower(column, self.scope)
        if not isinstance(value, Value) or value.frame is ROOT or self.lengths is None:
            return 0
        return int(self.lengths.sum()) * value.shape[0]

    def _of_result(self, e: ir.UserCall) -> ir.Expression:
        """The element of what a user's function returns that does nothing else."""
        from .ragged import bound

        match e.function.body:
            case ir.Block((ir.Return(result),)) if result is not None and not is_recursive(e.function):
                pass
            case _:
                raise NoElement
        given: dict[ir.Variable, ir.Expression] = {}
        for parameter, argument in zip(e.function.parameters, e.arguments, strict=True):
            variable = ir.Variable(parameter.name, parameter.type, ir.Role.LOCAL, argument.level, e.span)
            self.scope.bindings[variable] = bound(argument, self.scope)
            given[parameter] = reference(variable, argument.span)
        return self.of(rebuilt(result, lambda n: given.get(n.variable) if isinstance(n, ir.Reference) else None))

    # Positions ----------------------------------------------------------------------------------

    def _indexed(self, e: ir.Indexed, type: Type, variable: ir.Variable) -> ir.Expression:
        return replace(e, indices=self._at(variable, e.indices), type=type)

    def _at(self, variable: ir.Variable, indices: tuple[ir.Index, ...]) -> tuple[ir.Index, ...]:
        """The indices with the position in the place of the first axis that they keep."""
        axis = next((axis for axis, index in enumerate(indices) if not isinstance(index, ir.Single)), len(indices))
        given = indices[axis] if axis < len(indices) else ir.All(span=self.position.span)
        before = tuple(ir.Single(self.before(index.value), span=index.span) for index in indices[:axis]
                       if isinstance(index, ir.Single))  # fmt: skip
        match given:
            case ir.Multiple(positions):
                at = self.of(positions)
            case ir.Between(lower, upper):
                first = lower or integer(1, given.span)
                last = self._per_lane(upper) if upper else self._along(variable, axis)
                at = self.from_(first, np.maximum(last - self._per_lane(first) + 1, 0))
            case _:
                at = self.from_(integer(1, given.span), self._along(variable, axis))
        return (*before, ir.Single(at, span=given.span), *indices[axis + 1 :])

    def _along(self, variable: ir.Variable, axis: int) -> Lanes:
        """How many elements a variable has along an axis, per lane."""
        binding = self.scope.bindings[variable]
        if not isinstance(binding.value, Value):
            raise NoElement
        return np.asarray(binding.value.shape[axis]) if binding.lengths is None else in_force(binding, self.scope)

    def from_(self, first: ir.Expression, lengths: Lanes) -> ir.Expression:
        """The position as one in a container of which so many elements are meant, from the first one on."""
        self._agree(lengths)
        counter = reference(self.position, first.span)
        if isinstance(first, ir.IntegerLiteral) and first.value == 1:
            return counter
        return _whole("subtract", _whole("add", self.before(first), counter), integer(1, first.span))

    def count(self, e: ir.Expression) -> Lanes:
        """The value per lane of an integer that says how many elements there are."""
        lengths = self._per_lane(e)
        if (lengths < 0).any():
            raise NoElement
        return lengths

    def _per_lane(self, e: ir.Expression) -> Lanes:
        value = expressions.lifted(expressions.integers(e, self.scope), self.lanes, self.scope)
        return np.asarray(value.numbers)

    def _agree(self, lengths: Lanes) -> None:
        """Note how many elements a container has; all have equally many."""
        lengths = np.broadcast_to(lengths, self.lanes.axes)
        if self.lengths is not None and not np.array_equal(self.lengths, lengths):
            raise NoElement
        self.lengths = lengths


def _axes(e: ir.Expression) -> int:
    return core_dimensions(e.type)


def _whole(name: str, *arguments: ir.Expression) -> ir.Expression:
    return ir.LibraryCall(name, arguments, type=Int(), level=ir.Level.DATA, span=arguments[0].span)


def _type_of_element(type: Type) -> Type:
    match type:
        case Vector() | RowVector():
            return Real()
        case Matrix():
            return RowVector()
        case Array():
            return element_of(type)
        case _:
            raise NoElement


# Functions --------------------------------------------------------------------------------------

_SCALED = frozenset({"multiply", "divide", "plus"})  # of containers and a number, without being declared elementwise


def _is_elementwise(e: ir.LibraryCall) -> bool:
    """Whether the elements of a call are calls with elements."""
    if _axes(e) != 1 or any(_axes(argument) > 1 for argument in e.arguments):
        return False
    found = implementation(e.name, tuple(argument.type for argument in e.arguments))
    return isinstance(found, Function) and (
        e.name in _SCALED or any(line.endswith(("elementwise", "matrixwise")) for line in found.signatures)
    )


type _View = Callable[..., ir.Expression]


def _same(elements: Elements, e: ir.LibraryCall, container: ir.Expression) -> ir.Expression:
    if _axes(container) != 1:
        raise NoElement
    found, type = elements.of(container), _type_of_element(e.type)
    return found if found.type == type else ir.Promote(found, type=type, level=found.level, span=found.span)


def _repeated(elements: Elements, e: ir.LibraryCall, value: ir.Expression, *sizes: ir.Expression) -> ir.Expression:
    if len(sizes) != 1 or _axes(value):
        raise NoElement
    elements.from_(integer(1, e.span), elements.count(sizes[0]))
    return elements.before(value)


def _segment(
    elements: Elements, e: ir.LibraryCall, container: ir.Expression, first: ir.Expression, count: ir.Expression
) -> ir.Expression:
    at = elements.from_(first, elements.count(count))
    index = (ir.Single(at, span=e.span),)
    return ir.Indexed(container, index, type=_type_of_element(e.type), level=e.level, span=e.span)


def _head(elements: Elements, e: ir.LibraryCall, container: ir.Expression, count: ir.Expression) -> ir.Expression:
    return _segment(elements, e, container, integer(1, e.span), count)


_VIEWS: dict[str, _View] = {
    "to_vector": _same,
    "to_row_vector": _same,
    "to_array_1d": _same,
    "transpose": _same,
    "rep_vector": _repeated,
    "rep_row_vector": _repeated,
    "rep_array": _repeated,
    "segment": _segment,
    "head": _head,
}
