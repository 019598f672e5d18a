"""What a piece of the typed program reads and writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any

from .. import ir


def nodes(part: Any) -> Iterator[ir.Node]:
    """Every node of a statement or expression, itself included; bodies of called functions are not entered."""
    if isinstance(part, tuple):
        for item in part:
            yield from nodes(item)
    elif isinstance(part, ir.Node) and is_dataclass(part):
        yield part
        for field in fields(part):
            yield from nodes(getattr(part, field.name))


@lru_cache(maxsize=4096)
def assigned(statement: ir.Statement) -> frozenset[ir.Variable]:
    """The variables that a statement assigns to, wholly or in part; its own declarations included."""
    found: set[ir.Variable] = set()
    for node in nodes(statement):
        match node:
            case ir.Place(variable):
                found.add(variable)
            case ir.Declare(variable):
                found.add(variable)
            case _:
                pass
    return frozenset(found)


@lru_cache(maxsize=4096)
def declared(statement: ir.Statement) -> frozenset[ir.Variable]:
    """The variables that a statement declares, loop variables included."""
    found: set[ir.Variable] = set()
    for node in nodes(statement):
        match node:
            case ir.Declare(variable) | ir.For(variable) | ir.ForEach(variable):
                found.add(variable)
            case _:
                pass
    return frozenset(found)


def mentioned(part: Any) -> frozenset[ir.Variable]:
    """The variables that a statement or expression reads or writes."""
    found: set[ir.Variable] = set()
    for node in nodes(part):
        match node:
            case ir.Reference(variable) | ir.Place(variable):
                found.add(variable)
            case _:
                pass
    return frozenset(found)
