"""Variables of a loop that follow from data alone: computed now, while the loop reads them from arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ... import ir
from ...walk import assigned, dependent, mentioned
from .. import generated
from ..scope import Scope
from ..values import is_concrete
from .nests import Nest, empty_over, is_pure, rebuilt


def take(statement: ir.Statement, scope: Scope) -> ir.Statement | None:
    """Run the part that needs data only; the statement without it, or None where there is no such part."""
    kept_in: frozenset[ir.Variable] = frozenset()  # variables that must stay for want of an array
    changed = assigned(statement)
    while True:
        varying = _varying(statement, kept_in, scope)
        known = changed - varying
        if not known:
            return None
        saved = scope.save()
        try:
            split = _Split(statement, known, varying, scope)
            own, rest = split.statements()
        except _Stays as stays:
            scope.restore(saved)
            kept_in |= stays.variables
            continue
        if own is None or rest is None:
            scope.restore(saved)
            return None
        generated.run(own, scope, RuntimeError("data only"))
        return rest


class _Stays(Exception):
    """Variables whose values cannot be handed over; some were thought known, so that an attempt without them ends."""

    def __init__(self, variables: frozenset[ir.Variable]) -> None:
        self.variables = variables


def _varying(statement: ir.Statement, more: frozenset[ir.Variable], scope: Scope) -> frozenset[ir.Variable]:
    """The variables that parameters have a say in, loop variables included; and those `more`."""
    given = {v for v in mentioned(statement) if v in scope.bindings and not is_concrete(scope.bindings[v].value)}
    flows = list(_flows(statement, ()))
    impure = {target for target, sources in flows if not all(map(is_pure, sources))}
    return frozenset(dependent(more | given | impure, flows))


def _flows(node: ir.Statement, control: tuple[Any, ...]) -> Any:
    """Pairs of a variable and all that decides its value: what is assigned, where, and whether."""
    match node:
        case ir.Block(statements):
            for inner in statements:
                yield from _flows(inner, control)
        case ir.For(variable, lower, upper, body):
            yield variable, (*control, lower, upper)
            yield from _flows(body, (*control, lower, upper))
        case ir.If(test, then, otherwise):
            yield from _flows(then, (*control, test))
            if otherwise is not None:
                yield from _flows(otherwise, (*control, test))
        case ir.Declare(variable, _, initial):
            yield variable, control if initial is None else (*control, initial)
        case ir.Assign(place, value):
            yield place.variable, (*control, value, *place.path)


def _block(parts: list[ir.Statement | None], at: ir.Node) -> ir.Statement | None:
    found = tuple(part for part in parts if part is not None)
    return ir.Block(found, span=at.span) if found else None


@dataclass
class _Split:
    """The statement in two: what assigns the `known` variables, and the rest."""

    statement: ir.Statement
    known: frozenset[ir.Variable]
    varying: frozenset[ir.Variable]
    scope: Scope

    def statements(self) -> tuple[ir.Statement | None, ir.Statement | None]:
        return self._statement(self.statement, ())

    def _statement(self, node: ir.Statement, nest: Nest) -> tuple[ir.Statement | None, ir.Statement | None]:
        match node:
            case ir.Block(statements):
                pairs = [self._statement(inner, nest) for inner in statements]
                return _block([own for own, _ in pairs], node), _block([rest for _, rest in pairs], node)
            case ir.For(_, lower, upper, body):
                if mentioned((lower, upper)) & self.known:
                    raise _Stays(mentioned((lower, upper)) & self.known)
                own, rest = self._statement(body, (*nest, node))
                return (replace(node, body=own) if own else None), (replace(node, body=rest) if rest else None)
            case ir.If(test, then, otherwise):
                return self._branch(node, test, then, otherwise, nest)
            case ir.Declare(variable) | ir.Assign(ir.Place(variable)) if variable in self.known:
                return node, None
            case _:
                return self._handed_over(node, nest)

    def _branch(self, node: ir.If, test: ir.Expression, then: ir.Statement, otherwise: ir.Statement | None,
                nest: Nest) -> tuple[ir.Statement | None, ir.Statement | None]:  # fmt: skip
        writes, asked = self._replaced(test, nest)
        sides = [self._statement(side, nest) if side is not None else (None, None) for side in (then, otherwise)]
        (own_then, rest_then), (own_otherwise, rest_otherwise) = sides
        empty = ir.Block((), span=node.span)
        own: list[ir.Statement | None] = [*writes]
        if own_then or own_otherwise:
            if mentioned(test) & self.varying:
                raise _Stays((mentioned(node) | assigned(node)) & self.known)
            own.append(ir.If(test, own_then or empty, own_otherwise, span=node.span))
        rest = ir.If(asked, rest_then or empty, rest_otherwise, span=node.span) if rest_then or rest_otherwise else None
        return _block(own, node), rest

    def _handed_over(self, node: ir.Statement, nest: Nest) -> tuple[ir.Statement | None, ir.Statement]:
        """A statement that stays, with what it looks at of the known variables kept where it would have been read."""
        writes, changed = self._replaced(node, nest)
        return _block(writes, node), changed

    def _replaced(self, part: Any, nest: Nest) -> tuple[list[ir.Statement | None], Any]:
        writes: list[ir.Statement | None] = []

        def change(e: ir.Node) -> ir.Node | None:
            if not ir.is_expression(e) or not mentioned(e) & self.known:
                return None
            if isinstance(e, ir.Conditional | ir.And | ir.Or) and mentioned(e) & self.varying:
                raise _Stays(mentioned(e) & self.known)  # one side may not be evaluated
            if mentioned(e) & self.varying or not is_pure(e):
                if isinstance(e, ir.Indexed) and isinstance(e.base, ir.Reference) and e.base.variable in self.known:
                    raise _Stays(frozenset({e.base.variable}))
                return None
            kept = empty_over(nest, e, self.statement, ir.Level.DATA, self.scope)
            if kept is None:
                if isinstance(e, ir.Reference | ir.Indexed):
                    raise _Stays(mentioned(e) & self.known)
                return None
            writes.append(kept.write(e))
            return kept.read(e)

        return writes, rebuilt(part, change)
