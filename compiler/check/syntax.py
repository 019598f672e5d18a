"""Questions about pieces of syntax that need no types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from pplc.grammar import tree


def variables_in(node: tree.Node) -> Iterator[tree.Variable]:
    """Every use of a variable in a piece of syntax, from left to right."""
    if isinstance(node, tree.Variable):
        yield node
        return
    for field in fields(node):
        value = getattr(node, field.name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, tree.Node):
                yield from variables_in(part)


def same_expression(place: tree.Place, value: tree.Expression) -> bool:
    """Whether an expression, parentheses aside, is written like a place."""
    while isinstance(value, tree.Group):
        value = value.inner
    return place == value
