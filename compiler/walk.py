"""Walks over the typed program: the nodes in a piece of it, and the variables that it reads and writes.

A piece is a node, or a tuple or list of pieces; what is neither (a name, a number, a variable) has no nodes.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import fields
from functools import lru_cache

from . import ir


def children(part: object) -> Iterator[ir.Node]:
    """The nodes directly below a node, or the outermost ones of several pieces, in the order of the text."""
    match part:
        case ir.Node():
            for field in fields(part):
                yield from _outermost(getattr(part, field.name))
        case tuple() | list():
            yield from _outermost(part)
        case _:
            pass


def _outermost(part: object) -> Iterator[ir.Node]:
    match part:
        case ir.Node():
            yield part
        case tuple() | list():
            for item in part:
                yield from _outermost(item)
        case _:
            pass


def nodes(part: object) -> Iterator[ir.Node]:
    """Every node of a piece, itself included, from outside in; bodies of called functions are not entered."""
    for node in _outermost(part):
        yield node
        for child in children(node):
            yield from nodes(child)


def reachable(part: object) -> Iterator[ir.Node]:
    """Every node of a piece and of the functions that it calls or passes on, directly or through others."""
    entered: set[ir.Function] = set()
    waiting = [part]
    while waiting:
        for node in nodes(waiting.pop()):
            yield node
            new = [function for function in _named(node) if function not in entered]
            entered.update(new)
            waiting += [function.body for function in new]


def is_recursive(function: ir.Function) -> bool:
    """Whether the function calls itself, directly or through others."""
    return way_back(function) is not None


def way_back(function: ir.Function) -> ir.Node | None:
    """Where the function calls or passes on itself, or another one that leads to it."""
    for node in nodes(function.body):
        for named in _named(node):
            if named is function or any(function in _named(inner) for inner in reachable(named.body)):
                return node
    return None


def _named(node: ir.Node) -> list[ir.Function]:
    """The user's functions that a node itself names."""
    match node:
        case ir.UserCall(function):
            return [function]
        case ir.FunctionReference(function):
            return [function] if function is not None else []
        case ir.Tilde(function=density, cdfs=cdfs):
            return [*([density] if density is not None else []), *(function for _, function in cdfs)]
        case _:
            return []


@lru_cache(maxsize=4096)
def assigned(part: Hashable) -> frozenset[ir.Variable]:
    """The variables that statements assign to, wholly or in part, or declare, loop variables aside."""
    return frozenset(node.variable for node in nodes(part) if isinstance(node, ir.Place | ir.Declare))


@lru_cache(maxsize=4096)
def declared(part: Hashable) -> frozenset[ir.Variable]:
    """The variables that statements declare, loop variables included."""
    return frozenset(node.variable for node in nodes(part) if isinstance(node, ir.Declare | ir.For | ir.ForEach))


def written(part: Hashable) -> frozenset[ir.Variable]:
    """The variables that statements may change, loop variables included."""
    return assigned(part) | declared(part)


def mentioned(part: object) -> frozenset[ir.Variable]:
    """The variables that a piece reads or writes."""
    return frozenset(node.variable for node in nodes(part) if isinstance(node, ir.Reference | ir.Place))


def dependent(given: Iterable[ir.Variable], flows: Iterable[tuple[ir.Variable, object]]) -> set[ir.Variable]:
    """The variables given and all that depend on them; `flows` pairs a variable with a piece that decides its value."""
    found = set(given)
    waiting = [(target, mentioned(source)) for target, source in flows]
    while True:
        new = {target for target, sources in waiting if sources & found} - found
        if not new:
            return found
        found |= new
