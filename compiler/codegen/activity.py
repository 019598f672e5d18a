"""What a reverse sweep has to know of statements: which variables they write, and which depend on parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .. import ir
from . import tilde
from .effort import references
from .values import flatten, slots


def written(node: Any) -> set[ir.Variable]:
    """The variables that a statement (or several) may change, loop variables included."""
    match node:
        case ir.Declare(variable):
            return {variable}
        case ir.Assign(place, _):
            return {place.variable}
        case ir.Unpack(places, _):
            return {place.variable for place in flatten(places)}  # type: ignore[union-attr]
        case ir.Block(statements):
            return written(statements)
        case ir.Profile(_, body) | ir.While(_, body):
            return written(body)
        case ir.If(_, then, otherwise):
            return written(then) | written(otherwise)
        case ir.For(variable, _, _, body) | ir.ForEach(variable, _, body):
            return {variable} | written(body)
        case tuple() | list():
            return set().union(*map(written, node))
        case _:
            return set()


def declared(node: Any) -> set[ir.Variable]:
    """The variables declared in a statement or several."""
    match node:
        case ir.Declare(variable):
            return {variable}
        case ir.Block(statements):
            return declared(statements)
        case ir.Profile(_, body) | ir.While(_, body) | ir.For(_, _, _, body) | ir.ForEach(_, _, body):
            return declared(body)
        case ir.If(_, then, otherwise):
            return declared(then) | declared(otherwise)
        case tuple() | list():
            return set().union(*map(declared, node))
        case _:
            return set()


def is_continuous(variable: ir.Variable) -> bool:
    """Whether the variable holds reals or complex numbers anywhere."""
    return any(slot.kind in "fc" for slot in flatten(slots(variable.type)))  # type: ignore[union-attr]


def active_variables(body: Sequence[ir.Statement], given: Iterable[ir.Variable]) -> set[ir.Variable]:
    """The variables that depend on those `given`, which are active themselves."""
    found = set(given)
    flows = [(target, set(references(source))) for target, source in _flows(body) if is_continuous(target)]
    while True:
        new = {target for target, sources in flows if target not in found and sources & found}
        if not new:
            return found
        found |= new


def _flows(node: Any) -> Iterator[tuple[ir.Variable, Any]]:
    """Pairs of a variable and an expression whose value reaches it."""
    match node:
        case ir.Declare(variable, _, initial) if initial is not None:
            yield variable, initial
        case ir.Assign(place, value):
            yield place.variable, value
        case ir.Unpack(places, value):
            for place in flatten(places):
                yield place.variable, value  # type: ignore[union-attr]
        case ir.Block(statements):
            yield from _flows(statements)
        case ir.Profile(_, body) | ir.While(_, body) | ir.For(_, _, _, body):
            yield from _flows(body)
        case ir.ForEach(variable, container, body):
            yield variable, container
            yield from _flows(body)
        case ir.If(_, then, otherwise):
            yield from _flows(then)
            yield from _flows(otherwise)
        case tuple() | list():
            for inner in node:
                yield from _flows(inner)
        case _:
            return


def expanded(body: Iterable[ir.Statement]) -> list[ir.Statement]:
    """The statements with `~` replaced by what it stands for, at the top level."""
    return [step for node in body for step in (tilde.statements(node) if isinstance(node, ir.Tilde) else (node,))]


# Elements written once --------------------------------------------------------------------------


def written_once(body: Sequence[ir.Statement]) -> set[int]:
    """Assignments (by id) whose old value is never looked at: each writes another element after the declaration.

    `vector[K] a; for (k in 1:K) a[k] = ...`: the only assignment to `a`, and its index names every loop
    between it and the declaration.
    """
    sites: dict[ir.Variable, list[tuple[ir.Statement, tuple[ir.Variable | None, ...]]]] = {}
    declared: dict[ir.Variable, int] = {}
    _collect(body, (), sites, declared)
    found = set()
    for variable, places in sites.items():
        if variable not in declared or len(places) != 1:
            continue
        ((site, loops),) = places
        inside = loops[declared[variable] :]
        if isinstance(site, ir.Assign) and None not in inside and set(inside) <= _own_indices(site):
            found.add(id(site))
    return found


def _own_indices(site: ir.Assign) -> set[ir.Variable]:
    return {
        index.value.variable
        for part in site.place.path
        if not isinstance(part, int)
        for index in part
        if isinstance(index, ir.Single) and isinstance(index.value, ir.Reference)
    }


def _collect(node: Any, loops: tuple[ir.Variable | None, ...], sites: Any, declared: dict[ir.Variable, int]) -> None:
    match node:
        case ir.Declare(variable, _, initial):
            declared[variable] = len(loops)
            if initial is not None:
                sites.setdefault(variable, []).append((node, loops))
        case ir.Assign(place, _):
            sites.setdefault(place.variable, []).append((node, loops))
        case ir.Unpack(places, _):
            for place in flatten(places):
                sites.setdefault(place.variable, []).append((node, loops))  # type: ignore[union-attr]
        case ir.Block(statements):
            _collect(statements, loops, sites, declared)
        case ir.Profile(_, body):
            _collect(body, loops, sites, declared)
        case ir.While(_, body):
            _collect(body, (*loops, None), sites, declared)
        case ir.For(variable, _, _, body) | ir.ForEach(variable, _, body):
            _collect(body, (*loops, variable), sites, declared)
        case ir.If(_, then, otherwise):
            _collect(then, loops, sites, declared)
            _collect(otherwise, loops, sites, declared)
        case tuple() | list():
            for inner in node:
                _collect(inner, loops, sites, declared)
        case _:
            return
