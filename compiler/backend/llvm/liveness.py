"""Which variables are still wanted where an iteration of a loop ends: by the next iteration or after the loop.

Memory that an iteration took is free again unless one of these variables holds it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

type Names = frozenset[str]


def wanted_after_iterations(function: ast.FunctionDef) -> dict[int, Names]:
    """For the body of each loop (by its id) the variables that the body assigns and that are read afterwards."""
    analysis = _Analysis()
    analysis.block(function.body, frozenset(), frozenset(), frozenset())
    return analysis.found


@dataclass
class _Analysis:
    found: dict[int, Names] = field(default_factory=dict)

    def block(self, statements: Sequence[ast.stmt], after: Names, at_break: Names, at_continue: Names) -> Names:
        """The variables that are read from the beginning of the statements on, given those that are after them."""
        for node in reversed(statements):
            after = self.statement(node, after, at_break, at_continue)
        return after

    def statement(self, node: ast.stmt, after: Names, at_break: Names, at_continue: Names) -> Names:
        match node:
            case ast.For(target=target, iter=sequence, body=body):
                return self.loop(body, after, frozenset(), _stored([target])) | _read([sequence])
            case ast.While(test=test, body=body):
                return self.loop(body, after, _read([test]), frozenset())
            case ast.If(test=test, body=body, orelse=otherwise):
                then = self.block(body, after, at_break, at_continue)
                return then | self.block(otherwise, after, at_break, at_continue) | _read([test])
            case ast.Break():
                return at_break
            case ast.Continue():
                return at_continue
            case ast.Return():
                return _read([node])
            case ast.AugAssign():
                return after | _read([node]) | _stored([node])
            case _:
                return (after - _stored([node])) | _read([node])

    def loop(self, body: Sequence[ast.stmt], after: Names, test: Names, counter: Names) -> Names:
        """A loop's body runs any number of times: what it reads first may come from the iteration before."""
        end = after | test
        while True:
            more = after | test | (self.block(body, end, after, end) - counter)
            if more == end:
                break
            end = more
        self.found[id(body)] = end & _stored(body)
        return end


def _read(nodes: Iterable[ast.AST]) -> Names:
    return _names(nodes, ast.Load)


def _stored(nodes: Iterable[ast.AST]) -> Names:
    return _names(nodes, ast.Store)


def _names(nodes: Iterable[ast.AST], context: type[ast.expr_context]) -> Names:
    parts = (part for node in nodes for part in ast.walk(node) if isinstance(part, ast.Name))
    return frozenset(part.id for part in parts if isinstance(part.ctx, context))
