"""Where else a program declares a name: the answer to "but I did declare it"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from pplc.grammar import tree
from pplc.grammar.source import Span


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A declaration that is out of sight; `local` if it is not one of the block's own variables."""

    block: str
    span: Span
    local: bool


def declared_elsewhere(program: tree.Program, name: str) -> Elsewhere | None:
    """The first declaration of `name` anywhere in the program."""
    for field in fields(tree.Program):
        block = getattr(program, field.name)
        if not isinstance(block, tree.Block):
            continue
        for statement in block.statements:
            for declaration in _declarations(statement):
                for declarator in declaration.declarators:
                    if declarator.identifier.name == name:
                        local = declaration is not statement or field.name == "model"
                        return Elsewhere(field.name.replace("_", " "), declarator.identifier.span, local)
    return None


def _declarations(node: object) -> Iterator[tree.Declaration]:
    """The declarations in a statement, at any depth."""
    if isinstance(node, tree.Declaration):
        yield node
    elif isinstance(node, tuple):
        for element in node:
            yield from _declarations(element)
    elif isinstance(node, tree.Node):
        for field in fields(node):
            yield from _declarations(getattr(node, field.name))
