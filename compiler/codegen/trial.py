"""How much a forward pass keeps, counted by running what decides that.

Where data alone decide which statements run, the sizes of what is kept do not depend on what parameters are. Most
statements only compute values: they are left out, so that a pass over thousands of steps is counted in milliseconds,
in plain Python.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from . import loader
from .messages import new_buffer

MOST_TRIPS = 300_000  # through all loops of a trial


class TooLong(Exception):
    """The loops of a trial go round too often."""


def outcome(source: str, given: Sequence[Any]) -> tuple[Any, ...] | None:
    """What `loop(messages, given...)` returns, or None where the statements fail or take too long."""
    trips = _Trips()
    with np.errstate(all="ignore"):
        try:
            return tuple(loader.plain(_deciding(source), range=trips.range).loop(new_buffer(), *given))
        except (ArithmeticError, IndexError, ValueError, TooLong):  # where the program is wrong, running it will tell
            return None


class _Trips:
    """Counts how often loops go round."""

    def __init__(self) -> None:
        self._left = MOST_TRIPS

    def range(self, *limits: int) -> range:
        found = range(*limits)
        self._left -= len(found)
        if self._left < 0:
            raise TooLong
        return found


# What decides -----------------------------------------------------------------------------------


def _deciding(source: str) -> str:
    """The source, `loop` without the statements that have no say in what it returns."""
    module = ast.parse(source)
    [entry] = [node for node in module.body if isinstance(node, ast.FunctionDef) and node.name == "loop"]
    needs = _Needs()
    while needs.have_grown(entry.body):
        pass
    entry.body = _kept(entry.body, needs)
    return ast.unparse(module)


class _Needs:
    """The names of which something is looked at: whatever they are bound to, of arrays also the elements or not."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.elements: set[str] = set()

    def have_grown(self, statements: Sequence[ast.stmt]) -> bool:
        """Add what these statements look at to decide what is needed already; is anything new?"""
        before = len(self.names) + len(self.elements)
        for node in statements:
            self._add(node)
        return len(self.names) + len(self.elements) > before

    def _add(self, node: ast.stmt) -> None:
        match node:
            case ast.For(_, head, body) | ast.If(head, body):
                for part in (*body, *node.orelse):
                    self._add(part)
                if self.kept(node):
                    self.look_at(head)
            case _ if self.kept(node) and not isinstance(node, ast.Raise):
                self.look_at(node)

    def look_at(self, node: ast.AST) -> None:
        """Need what the expressions in a statement mention."""
        sizes_of, mentioned = looked_at(node)
        self.names |= sizes_of | mentioned
        self.elements |= mentioned

    def kept(self, node: ast.stmt) -> bool:
        """Whether a statement decides something."""
        match node:
            case ast.For(_, _, body):
                return any(map(self.kept, body))
            case ast.If(_, body, orelse):
                return any(map(self.kept, (*body, *orelse)))
            case ast.Assign(targets):
                return any(self._is_needed(target) for target in targets)
            case ast.AugAssign(target):
                return self._is_needed(target)
            case ast.Expr(ast.Call(_, arguments)):  # may write to the elements of its arguments
                return any(isinstance(one, ast.Name) and one.id in self.elements for one in arguments)
            case ast.Raise():
                return False
            case _:
                return True

    def _is_needed(self, target: ast.expr) -> bool:
        match target:
            case ast.Name(name):
                return name in self.names
            case ast.Tuple(parts):
                return any(map(self._is_needed, parts))
            case ast.Subscript(ast.Name(name)):
                return name in self.elements
            case _:
                return True


def looked_at(node: ast.AST) -> tuple[set[str], set[str]]:
    """The names whose sizes an expression or a statement mentions, and those it mentions otherwise."""
    sizes: set[str] = set()
    others: set[str] = set()
    for part in _parts(node):
        match part:
            case ast.Attribute(ast.Name(name), "size" | "shape"):
                sizes.add(name)
            case ast.Name(name, ast.Load()):
                others.add(name)
    return sizes, others


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all in it, but for the name in front of `.size` and `.shape`."""
    yield node
    if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in ("size", "shape")):
        for child in ast.iter_child_nodes(node):
            yield from _parts(child)


def _kept(statements: Sequence[ast.stmt], needs: _Needs) -> list[ast.stmt]:
    """The statements that decide something, and the checks of what they decide by."""
    found: list[ast.stmt] = []
    for node in statements:
        if isinstance(node, ast.If) and _leaves(node):
            sizes, others = looked_at(node.test)
            if sizes <= needs.names and others <= needs.elements:
                found.append(node)
        elif needs.kept(node):
            if isinstance(node, ast.For | ast.If):
                node.body = _kept(node.body, needs) or [ast.Pass()]
                node.orelse = _kept(node.orelse, needs)
            found.append(node)
    return found


def _leaves(node: ast.If) -> bool:
    return isinstance(node.body[-1], ast.Raise)
