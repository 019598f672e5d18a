"""The syntax tree as text, one node per line, for those who work on the compiler."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .tree import Comment, Node, Program, field_names


def print_tree(program: Program) -> str:
    """Each node with its plain fields, and below it, indented, the nodes in the others."""
    return "".join(f"{line}\n" for line in _lines(program, ""))


def _lines(node: Node, label: str) -> Iterator[str]:
    plain, inner = [], []
    for name in field_names(node):
        value = getattr(node, name)
        if value is None or value == () or (isinstance(value, tuple) and isinstance(value[0], Comment)):
            continue
        if isinstance(value, Node):
            inner.append((name, value))
        elif isinstance(value, tuple) and any(isinstance(item, Node) for item in _flat(value)):
            inner += [(name, item) for item in _flat(value) if isinstance(item, Node)]
        else:
            plain.append(f"{name}={value!r}")
    yield f"{label}{': ' if label else ''}{type(node).__name__}{f' {" ".join(plain)}' if plain else ''}"
    for name, child in inner:
        yield from (f"  {line}" for line in _lines(child, name))


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        for item in value:
            yield from _flat(item)
    else:
        yield value
