"""Which variables are still wanted where an iteration of a loop ends: by the next iteration or after the loop.

Memory that an iteration took is free again unless one of these variables holds it.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
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
    _known: dict[int, tuple[Names, Names]] = field(default_factory=dict)  # loops are gone through several times

    def block(self, statements: Sequence[ast.stmt], after: Names, at_break: Names, at_continue: Names) -> Names:
        """The variables that are read from the beginning of the statements on, given those that are after them."""
        for node in reversed(statements):
            after = self.statement(node, after, at_break, at_continue)
        return after

    def statement(self, node: ast.stmt, after: Names, at_break: Names, at_continue: Names) -> Names:
        match node:
            case ast.For(target=target, iter=sequence, body=body):
                return self.loop(body, after, frozenset(), self._stored(target)) | self._read(sequence)
            case ast.While(test=test, body=body):
                return self.loop(body, after, self._read(test), frozenset())
            case ast.If(test=test, body=body, orelse=otherwise):
                then = self.block(body, after, at_break, at_continue)
                return then | self.block(otherwise, after, at_break, at_continue) | self._read(test)
            case ast.Break():
                return at_break
            case ast.Continue():
                return at_continue
            case ast.Return():
                return self._read(node)
            case ast.AugAssign():
                return after | self._read(node) | self._stored(node)
            case _:
                return (after - self._stored(node)) | self._read(node)

    def loop(self, body: Sequence[ast.stmt], after: Names, test: Names, counter: Names) -> Names:
        """A loop's body runs any number of times: what it reads first may come from the iteration before."""
        end = after | test
        while True:
            more = after | test | (self.block(body, end, after, end) - counter)
            if more == end:
                break
            end = more
        self.found[id(body)] = end & frozenset().union(*map(self._stored, body))
        return end

    def _read(self, node: ast.AST) -> Names:
        return self._names(node)[0]

    def _stored(self, node: ast.AST) -> Names:
        return self._names(node)[1]

    def _names(self, node: ast.AST) -> tuple[Names, Names]:
        """The variables that are read anywhere in a node, and those that are assigned."""
        if isinstance(node, ast.Name):
            name, none = frozenset([node.id]), frozenset[str]()
            return (name, none) if isinstance(node.ctx, ast.Load) else (none, name)
        if id(node) not in self._known:
            parts = [self._names(part) for part in ast.iter_child_nodes(node) if not isinstance(part, _WITHOUT_NAMES)]
            read = frozenset().union(*(names for names, _ in parts))
            self._known[id(node)] = read, frozenset().union(*(names for _, names in parts))
        return self._known[id(node)]


_WITHOUT_NAMES = (ast.Constant, ast.expr_context, ast.operator, ast.cmpop, ast.unaryop, ast.boolop)
