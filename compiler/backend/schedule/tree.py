"""A schedule as a tree: loops, what runs in them, and loops that go block by block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .statements import Statement

type Node = Group | Blocks | Statement


@dataclass(eq=False)
class Group:
    """A loop around some statements; inside it they are grouped again."""

    size: int
    depth: int
    statements: list[Statement]
    children: list[Group | Statement] = field(default_factory=list)
    unrolled: bool = False
    together: int = 1  # iterations that go through the loops inside side by side
    backwards: int = 0  # iterations of a block, if the last block comes first
    by_columns: bool = False  # of matrices of data, whose columns are next to each other in a copy: they go outside


@dataclass(eq=False)
class Blocks:
    """Outermost loops of one size, one after the other for some `rows`, then for the next ones."""

    size: int
    rows: int
    loops: list[Group]


def walk(tree: Sequence[Node], path: tuple[Group, ...] = ()) -> Iterator[tuple[Statement, tuple[Group, ...]]]:
    """Every statement with the loops around it."""
    for node in tree:
        match node:
            case Blocks(loops=loops):
                yield from walk(loops, path)
            case Group(children=children):
                yield from walk(children, (*path, node))
            case Statement():
                yield node, path
