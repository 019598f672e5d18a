"""Densities that a loop only adds up: added after it, from the values that they would have seen in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ... import ir
from ...walk import assigned, mentioned
from ..scope import Scope
from .beforehand import is_costly
from .nests import Nest, empty_over, is_pure, rebuilt


def take(statement: ir.Statement, scope: Scope) -> tuple[ir.Statement, list[ir.Statement]]:
    """The statement without such densities, and the loops that add them."""
    changed = assigned(statement)
    later: list[ir.Statement] = []

    def inside(node: ir.Statement, nest: Nest) -> ir.Statement:
        match node:
            case ir.For(_, _, _, body):
                return _with_body(node, inside(body, (*nest, node)))
            case ir.Block(statements):
                parts = tuple(inside(one, nest) for one in statements)
                same = all(new is old for new, old in zip(parts, statements, strict=True))
                return node if same else ir.Block(parts, span=node.span)
            case ir.Tilde() | ir.TargetIncrement() if nest and _can_wait(node):
                return apart(node, nest)
            case _:
                return node

    def apart(node: ir.Statement, nest: Nest) -> ir.Statement:
        writes: list[ir.Statement] = []
        saved = scope.save()
        counters = {loop.variable for loop in nest}

        def change(e: ir.Node) -> ir.Node | None:
            if isinstance(e, ir.Conditional | ir.And | ir.Or) and mentioned(e) & (changed - counters):
                raise _Stays  # one side may not be evaluated
            match e:
                case ir.Indexed(ir.Reference(variable)) | ir.Reference(variable) if variable in changed - counters:
                    kept = empty_over(nest, e, statement, ir.Level.PARAMETER, scope)
                    if kept is None:
                        raise _Stays
                    writes.append(kept.write(e))
                    return kept.read(e)
            return None

        try:
            waiting: Any = rebuilt(node, change)
        except _Stays:
            scope.restore(saved)
            return node
        if not writes:  # it has nothing to do with what makes the loop run in order
            return node
        for loop in reversed(nest):
            waiting = replace(loop, body=ir.Block((waiting,), span=node.span))
        later.append(waiting)
        return ir.Block(tuple(writes), span=node.span)

    return inside(statement, ()), later


class _Stays(Exception):
    """The statement looks at something that no array can hold."""


def _can_wait(node: ir.Tilde | ir.TargetIncrement) -> bool:
    parts = (node.value,) if isinstance(node, ir.TargetIncrement) else (node.outcome, *node.arguments)
    return is_pure(parts) and (isinstance(node, ir.Tilde) or is_costly(parts))


def _with_body(loop: ir.For, body: ir.Statement) -> ir.Statement:
    return loop if body is loop.body else replace(loop, body=body)
