"""Assignments: what may be written to, compound assignments, unpacking of tuples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from pplc.grammar import tree

from .. import ir
from ..library.expand import is_library_name
from ..promotion import promotion_cost
from ..synthetic import reference
from ..types import Tuple, Type, core_dimensions
from . import build, operators
from .errors import statements as errors
from .errors import warnings
from .expressions import check_value, element_type
from .indexing import check_indices, indexed_type
from .scopes import Scope
from .syntax import same_expression, variables_in


@dataclass(frozen=True, slots=True)
class Target:
    """A place that is assigned to, and the expression that reads it."""

    place: ir.Place
    value: ir.Expression
    picks_several: bool = False  # whether an index in its last brackets does


def check_assignment(node: tree.Assignment, scope: Scope) -> ir.Statement | None:
    """`place = value`, `place += value`."""
    if isinstance(node.place, tree.TuplePlace):
        return check_unpacking(tree.TupleAssignment(node.place, node.value, span=node.span), scope)
    target = _check_place(node.place, scope)
    if target:
        _check_disjoint([node.place], [target], scope)
    value = check_value(node.value, scope)
    if target is None or value is None:
        return None
    if node.operator in ("=", "<-"):
        if same_expression(node.place, node.value):
            scope.report(warnings.self_assignment(node.span))
        return _assign(node, target.place, value, scope)
    return _compound(node, target, value, scope)


def _assign(node: tree.Assignment, place: ir.Place, value: ir.Expression, scope: Scope) -> ir.Statement | None:
    if promotion_cost(value.type, place.type) is None:
        declared = place.variable.span
        scope.report(errors.assignment_type(node.value.span, value.type, node.place.span.text, place.type, declared))
        return None
    return ir.Assign(place, build.promote(value, place.type), span=node.span)


def _compound(node: tree.Assignment, target: Target, value: ir.Expression, scope: Scope) -> ir.Statement | None:
    """`x += e` as `x = x + e`; the result has to have the type of x without promotion."""
    type = target.place.type
    operator = node.operator.removesuffix("=")
    functions = ("divide",) if operator == "/" else operators.BINARY[operator]
    result = operators.apply(functions, (target.value, value), node.span)
    scalar_elementwise = operator in (".*", "./") and core_dimensions(type) == 0
    if result is None or result.type != type or scalar_elementwise:
        scope.report(errors.compound_assignment(node.operator, node.value.span, value.type, node.place.span.text, type))
        return None
    return ir.Assign(target.place, result, span=node.span)


# Unpacking ----------------------------------------------------------------------------------------

type Targets = Target | tuple[Targets, ...]


def check_unpacking(node: tree.TupleAssignment, scope: Scope) -> ir.Statement | None:
    """`(a, (b, c)) = value`."""
    targets = _check_places(node.place, scope)
    if targets is not None:
        _check_disjoint(list(_leaf_nodes(node.place)), list(_leaves(targets)), scope)
    value = check_value(node.value, scope)
    if targets is None or value is None or not isinstance(targets, tuple):
        return None
    wanted = _type_of(targets)
    if promotion_cost(value.type, wanted) is None:
        scope.report(errors.unpacking_type(node.value.span, value.type, wanted))
        return None
    places = tuple(map(_places, targets))
    return ir.Unpack(places, build.promote(value, wanted), span=node.span)


def _check_places(node: tree.Place, scope: Scope) -> Targets | None:
    if not isinstance(node, tree.TuplePlace):
        return _check_place(node, scope)
    parts = [_check_places(element, scope) for element in node.elements]
    return None if None in parts else tuple(part for part in parts if part is not None)


def _leaf_nodes(node: tree.Place) -> Iterator[tree.Place]:
    if isinstance(node, tree.TuplePlace):
        for element in node.elements:
            yield from _leaf_nodes(element)
    else:
        yield node


def _leaves(targets: Targets) -> Iterator[Target]:
    if isinstance(targets, Target):
        yield targets
    else:
        for target in targets:
            yield from _leaves(target)


def _type_of(targets: Targets) -> Type:
    return targets.place.type if isinstance(targets, Target) else Tuple(tuple(map(_type_of, targets)))


def _places(targets: Targets) -> ir.UnpackTarget:
    return targets.place if isinstance(targets, Target) else tuple(map(_places, targets))


# Places -------------------------------------------------------------------------------------------


def _check_place(node: tree.Place, scope: Scope) -> Target | None:
    """Where an assignment writes."""
    match node:
        case tree.Variable(name):
            return _check_variable(name, node, scope)
        case tree.TupleElement(base, number):
            inner = _check_place(_as_place(base), scope)
            type = element_type(inner.place.type, number, node.span, scope) if inner else None
            if inner is None or type is None:
                return None
            value = ir.TupleElement(inner.value, number, type=type, level=inner.value.level, span=node.span)
            place = ir.Place(inner.place.variable, (*inner.place.path, number), type, span=node.span)
            return Target(place, value)
        case tree.Indexed(base, nodes):
            inner = _check_place(_as_place(base), scope)
            indices = check_indices(nodes, scope)
            if inner is None or indices is None:
                return None
            return _indexed(inner, indices, node, scope)
        case tree.TuplePlace():
            raise AssertionError("tuples of places are unpacked")
        case _:
            assert_never(node)


def _as_place(node: tree.Expression) -> tree.Place:
    assert isinstance(node, tree.Variable | tree.Indexed | tree.TupleElement), node
    return node


def _check_variable(name: str, node: tree.Variable, scope: Scope) -> Target | None:
    identifier = tree.Identifier(name, span=node.span)
    scope.check_name(identifier)
    binding = scope.variable(name)
    if binding is None:
        if scope.functions(name) or is_library_name(name):
            scope.report(errors.assignment_to_function(identifier))
        else:
            scope.report_undeclared(name, node.span)
        return None
    variable = binding.variable
    if binding.top_level and binding.section is not scope.section:
        scope.report(errors.other_block(identifier, binding.section.value, variable.span))
    elif binding.read_only:
        scope.report(errors.read_only(identifier, variable.role.value, variable.span))
    value = reference(variable, node.span)
    return Target(ir.Place(variable, (), variable.type, span=node.span), value)


def _indexed(inner: Target, indices: tuple[ir.Index, ...], node: tree.Indexed, scope: Scope) -> Target | None:
    """`inner[indices]`, in one list with the brackets before."""
    type = indexed_type(inner.place.type, indices, node.span, scope)
    if type is None:
        return None
    if inner.picks_several:
        scope.report(errors.nested_multi_index(node.span))
        return None
    *before, last = inner.place.path or [()]
    path = (*before, (*last, *indices)) if not isinstance(last, int) else (*before, last, indices)
    several = any(not isinstance(index, ir.Single) for index in indices)
    place = ir.Place(inner.place.variable, path, type, span=node.span)
    return Target(place, build.indexed(inner.value, indices, type, node.span), several)


# Nothing is written twice, or read and written, by one assignment ----------------------------------


def _check_disjoint(nodes: list[tree.Place], targets: list[Target], scope: Scope) -> None:
    """Report a part that one assignment writes twice, or reads in an index while it is written."""
    written: dict[tuple[ir.Variable, tuple[int, ...]], tree.Place] = {}
    for node, target in zip(nodes, targets, strict=True):
        place = _without_indices(target.place)
        for (variable, numbers), earlier in written.items():
            shared = min(len(numbers), len(place[1]))
            if variable is place[0] and numbers[:shared] == place[1][:shared]:
                scope.report(errors.written_twice(node.span, earlier.span))
                return
        written[place] = node
    names = {target.place.variable.name for target in targets}
    for node in nodes:
        for index in _index_nodes(node):
            if both := next((used for used in variables_in(index) if used.name in names), None):
                scope.report(errors.read_and_written(both.name, both.span))
                return


def _without_indices(place: ir.Place) -> tuple[ir.Variable, tuple[int, ...]]:
    """Which part of a variable is written, where elements of containers are not told apart."""
    return place.variable, tuple(step for step in place.path if isinstance(step, int))


def _index_nodes(node: tree.Expression | tree.TuplePlace) -> Iterator[tree.Index]:
    match node:
        case tree.Indexed(base, indices):
            yield from _index_nodes(base)
            yield from indices
        case tree.TupleElement(base):
            yield from _index_nodes(base)
        case _:
            return
