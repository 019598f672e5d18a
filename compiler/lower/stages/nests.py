"""Where in a nest of counting loops something stands, and arrays with one element per iteration of the nest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from math import prod
from typing import Any

import numpy as np

from ... import ir
from ...synthetic import integer, reference
from ...types import Int, Tuple, Type, array_of, is_complex, is_discrete
from ...walk import assigned, mentioned, nodes
from .. import expressions
from ..accesses import Dependent
from ..assignments import full
from ..declarations import SMALLEST_INT, declared_shape
from ..frames import loop_frame
from ..scope import Binding, LoweringError, Ragged, Scope
from ..values import Value, axes_of

MOST_ELEMENTS = 2_000_000  # of an array with one element per iteration

type Nest = tuple[ir.For, ...]  # outermost first

PLAIN = (ir.Block, ir.For, ir.If, ir.Declare, ir.Assign, ir.TargetIncrement, ir.Tilde)


def is_plain(statement: ir.Statement) -> bool:
    """Whether the statement consists of counting loops, branches, declarations, assignments and densities."""
    match statement:
        case ir.Block(statements):
            return all(map(is_plain, statements))
        case ir.For(_, _, _, body):
            return is_plain(body)
        case ir.If(_, then, otherwise):
            return is_plain(then) and (otherwise is None or is_plain(otherwise))
        case _:
            return isinstance(statement, PLAIN)


def is_pure(e: Any) -> bool:
    """Whether evaluating an expression does nothing else: no draw, no look at or change of the target."""
    return not any(
        isinstance(node, ir.TargetValue)
        or (isinstance(node, ir.LibraryCall) and node.name.endswith("_rng"))
        or (isinstance(node, ir.UserCall) and node.function.name.endswith(("_rng", "_lp", "_jacobian")))
        for node in nodes(e)
    )


def rebuilt(part: Any, change: Callable[[ir.Node], ir.Node | None]) -> Any:
    """A piece of the program with those nodes replaced for which `change` gives another."""
    if isinstance(part, tuple):
        items = tuple(rebuilt(item, change) for item in part)
        return part if all(new is old for new, old in zip(items, part, strict=True)) else items
    if not isinstance(part, ir.Node):
        return part
    changed = change(part)
    if changed is not None:
        return changed
    found = {}
    for field in fields(part):
        old = getattr(part, field.name)
        new = rebuilt(old, change) if field.name not in ("span", "type", "level") else old
        if new is not old:
            found[field.name] = new
    return replace(part, **found) if found else part


@dataclass(frozen=True, slots=True)
class Extent:
    """The smallest and the largest value that a loop variable takes."""

    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1


def extents(nest: Nest, changed: frozenset[ir.Variable], scope: Scope) -> tuple[Extent, ...] | None:
    """What the loop variables run over; None where the loops' bounds are not known before they run."""
    counters = {loop.variable for loop in nest}
    if any(mentioned((loop.lower, loop.upper)) & (changed - counters) for loop in nest):
        return None
    try:
        with _Inside(nest, scope) as (found, _):
            return found
    except (Dependent, Ragged, LoweringError, KeyError):
        return None


class _Inside:
    """The scope inside a nest of loops, all of whose iterations are lowered at once."""

    def __init__(self, nest: Nest, scope: Scope) -> None:
        self.nest, self.scope = nest, scope
        self.saved = scope.save()

    def __enter__(self) -> tuple[tuple[Extent, ...] | None, Scope]:
        scope, found = self.scope, []
        try:
            for loop in self.nest:
                bounds = [expressions.lifted(expressions.integers(e, scope), scope.lanes, scope)
                          for e in (loop.lower, loop.upper)]  # fmt: skip
                lower, upper = (np.asarray(bound.numbers) for bound in bounds)
                frame, values = loop_frame(scope.lanes, lower, upper)
                scope.bindings[loop.variable] = Binding(Value(values, Int(), frame), frame)
                scope.frame = frame
                if frame.size == 0:
                    return None, scope
                found.append(Extent(int(lower.min()), int(upper.max())))
        except BaseException:
            scope.restore(self.saved)
            raise
        return tuple(found), scope

    def __exit__(self, *_: object) -> None:
        checks = self.scope.checks[self.saved.sizes[1] :]
        self.scope.restore(self.saved)
        self.scope.checks += checks


def evaluated(e: ir.Expression, nest: Nest, scope: Scope) -> Value | None:
    """The value of an expression in every iteration of a rectangular nest, as an array; None where it has none."""
    saved = scope.save()
    try:
        with _Inside(nest, scope) as (found, inside):
            if found is None or len(inside.lanes.axes) != len(nest):
                return None
            value = expressions.lower(e, inside)
            if not isinstance(value, Value):
                return None
            return Value(full(value, inside.lanes, inside), array_of(e.type, len(nest)))
    except (Dependent, Ragged, LoweringError):
        scope.restore(saved)
        return None


# Arrays over a nest -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Over:
    """A variable with one element per iteration of a nest."""

    variable: ir.Variable
    nest: Nest
    extents: tuple[Extent, ...]

    def _indices(self) -> tuple[ir.Index, ...]:
        return tuple(ir.Single(_position(loop, extent), span=loop.span)
                     for loop, extent in zip(self.nest, self.extents, strict=True))  # fmt: skip

    def read(self, e: ir.Expression) -> ir.Expression:
        """What stands for `e`, whose values the array holds."""
        whole = ir.Reference(self.variable, type=self.variable.type, level=e.level, span=e.span)
        return ir.Indexed(whole, self._indices(), type=e.type, level=e.level, span=e.span) if self.nest else whole

    def write(self, e: ir.Expression) -> ir.Assign:
        """The statement that keeps the value of `e` in this iteration."""
        path = (self._indices(),) if self.nest else ()
        return ir.Assign(ir.Place(self.variable, path, e.type, span=e.span), e, span=e.span)


def _position(loop: ir.For, extent: Extent) -> ir.Expression:
    counter = reference(loop.variable, loop.span)
    if extent.first == 1:
        return counter
    before = integer(extent.first - 1, loop.span)
    return ir.LibraryCall("subtract", (counter, before), type=Int(), level=ir.Level.DATA, span=loop.span)


def named(name: str, type: Type, level: ir.Level, e: ir.Expression) -> ir.Variable:
    return ir.Variable(name, type, ir.Role.LOCAL, level, e.span)


def empty_over(nest: Nest, e: ir.Expression, within: ir.Statement, level: ir.Level, scope: Scope) -> Over | None:
    """A variable for the values that `e` has in the iterations of a nest, bound with nothing in it yet.

    `within` is the statement that the nest begins with.
    """
    found = extents(nest, assigned(within), scope)
    shape = shape_of(e, within, scope)
    if found is None or shape is None:
        return None
    sizes = (*(extent.size for extent in found), *shape)
    if prod(sizes) > MOST_ELEMENTS:
        return None
    variable = named("kept", array_of(e.type, len(nest)), level, e)
    fill = np.asarray(SMALLEST_INT if is_discrete(e.type) else np.nan)
    scope.bindings[variable] = Binding(Value(np.broadcast_to(fill, sizes), variable.type, literal=True), scope.lanes)
    return Over(variable, nest, found)


def shape_of(e: ir.Expression, within: ir.Statement, scope: Scope) -> tuple[int, ...] | None:
    """The sizes of an expression's value, where it has one array and they can be told without evaluating it."""
    if isinstance(e.type, Tuple):
        return None
    if not axes_of(e.type):
        return ()
    match e:
        case ir.Reference(variable):
            return _shape_of_variable(variable, within, scope)
        case ir.Indexed(ir.Reference(variable), indices) if all(isinstance(index, ir.Single) for index in indices):
            shape = _shape_of_variable(variable, within, scope)
            return None if shape is None else shape[len(indices) :]
        case _:
            return None


def _shape_of_variable(variable: ir.Variable, within: ir.Statement, scope: Scope) -> tuple[int, ...] | None:
    """The sizes of a variable, if it exists, or those it is declared with in every iteration."""
    if variable in scope.bindings:
        binding = scope.bindings[variable]
        return binding.value.shape if isinstance(binding.value, Value) and binding.lengths is None else None
    declarations = (node for node in nodes(within) if isinstance(node, ir.Declare) and node.variable is variable)
    sized = next(declarations, None)
    if sized is None or not isinstance(sized.sized, ir.Sized) or is_complex(variable.type):
        return None
    if mentioned((sized.sized.array_sizes, sized.sized.inner_sizes)) & assigned(within):
        return None
    try:
        return declared_shape(variable.name, sized.sized, scope)
    except (Dependent, Ragged, LoweringError, KeyError):
        return None
