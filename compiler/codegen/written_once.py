"""Assignments whose old value is never read again, so that a reverse sweep need not keep it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from .. import ir
from .values import flatten

type _Loop = ir.For | None  # None: a loop that does not count


@dataclass(frozen=True, slots=True)
class _Site:
    """An assignment and the loops around it."""

    node: ir.Statement
    loops: tuple[_Loop, ...]

    @property
    def indices(self) -> list[ir.Expression | None]:
        """The index of each axis, where it is a single one."""
        if not isinstance(self.node, ir.Assign):
            return []
        parts = [index for part in self.node.place.path if not isinstance(part, int) for index in part]
        return [index.value if isinstance(index, ir.Single) else None for index in parts]


def written_once(body: Sequence[ir.Statement]) -> set[int]:
    """Assignments (by id) whose old value is never read again: each writes another element after the declaration.

    `vector[K] a; a[1] = 0; for (k in 2:K) a[k] = ...`: the index of an assignment names every loop between it
    and the declaration, and two assignments to the same variable have different numbers along some axis.
    """
    sites: dict[ir.Variable, list[_Site]] = {}
    declared: dict[ir.Variable, int] = {}
    _collect(body, (), sites, declared)
    found = set()
    for variable, places in sites.items():
        if variable not in declared:
            continue
        inner = [_Site(site.node, site.loops[declared[variable] :]) for site in places]
        apart = all(_differ(one, other) for n, one in enumerate(inner) for other in inner[:n])
        if apart and all(map(_names_all_loops, inner)):
            found |= {id(site.node) for site in places}
    return found


def _names_all_loops(site: _Site) -> bool:
    named = {index.variable for index in site.indices if isinstance(index, ir.Reference)}
    return isinstance(site.node, ir.Assign) and all(loop is not None and loop.variable in named for loop in site.loops)


def _differ(one: _Site, other: _Site) -> bool:
    """Whether the two never write the same element."""
    for first, second in zip(one.indices, other.indices, strict=False):
        if first is None or second is None:
            continue
        a, b = _bounds(first, one.loops), _bounds(second, other.loops)
        if a[1] < b[0] or b[1] < a[0]:
            return True
    return False


def _bounds(index: ir.Expression, loops: tuple[_Loop, ...]) -> tuple[float, float]:
    """Between which numbers an index lies."""
    match index:
        case ir.IntegerLiteral(value):
            return value, value
        case ir.Reference(variable):
            for loop in loops:
                if loop is not None and loop.variable is variable:
                    return _bounds(loop.lower, ())[0], _bounds(loop.upper, ())[1]
    return -inf, inf


def _collect(node: Any, loops: tuple[_Loop, ...], sites: dict[ir.Variable, list[_Site]],
             declared: dict[ir.Variable, int]) -> None:  # fmt: skip
    match node:
        case ir.Declare(variable, _, initial):
            declared[variable] = len(loops)
            if initial is not None:
                sites.setdefault(variable, []).append(_Site(node, loops))
        case ir.Assign(place, _):
            sites.setdefault(place.variable, []).append(_Site(node, loops))
        case ir.Unpack(places, _):
            for place in flatten(*places):
                sites.setdefault(place.variable, []).append(_Site(node, loops))
        case ir.Block(statements):
            _collect(statements, loops, sites, declared)
        case ir.Profile(_, body):
            _collect(body, loops, sites, declared)
        case ir.While(_, body) | ir.ForEach(_, _, body):
            _collect(body, (*loops, None), sites, declared)
        case ir.For(_, _, _, body):
            _collect(body, (*loops, node), sites, declared)
        case ir.If(_, then, otherwise):
            _collect(then, loops, sites, declared)
            _collect(otherwise, loops, sites, declared)
        case tuple() | list():
            for inner in node:
                _collect(inner, loops, sites, declared)
        case _:
            return
