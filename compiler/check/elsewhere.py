"""Where else a program declares a name: the answer to "but I did declare it"."""

from __future__ import annotations

from dataclasses import dataclass, fields

from pplc.grammar import tree
from pplc.grammar.source import Span

from .syntax import nodes


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
            for node in nodes(statement):
                for declarator in node.declarators if isinstance(node, tree.Declaration) else ():
                    if declarator.identifier.name == name:
                        local = node is not statement or field.name == "model"
                        return Elsewhere(field.name.replace("_", " "), declarator.identifier.span, local)
    return None
