"""Questions about pieces of syntax that need no types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from pplc.grammar import tree


def nodes(part: object) -> Iterator[tree.Node]:
    """Every node of a piece of syntax, itself included, from left to right."""
    if isinstance(part, tree.Node):
        yield part
        for field in fields(part):
            yield from nodes(getattr(part, field.name))
    elif isinstance(part, tuple):
        for item in part:
            yield from nodes(item)


def variables_in(node: tree.Node) -> Iterator[tree.Variable]:
    """Every use of a variable in a piece of syntax, from left to right."""
    return (part for part in nodes(node) if isinstance(part, tree.Variable))


def same_expression(place: tree.Place, value: tree.Expression) -> bool:
    """Whether an expression, parentheses aside, is written like a place."""
    while isinstance(value, tree.Group):
        value = value.inner
    return place == value
