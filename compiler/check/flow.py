"""Control flow: whether a function returns on every path, and what can never be reached."""

from __future__ import annotations

from enum import Enum, auto
from itertools import pairwise

from pplc.grammar import tree

from .errors import warnings
from .scopes import Scope


class Flow(Enum):
    """What happens at the end of a statement."""

    GOES_ON = auto()
    LEAVES = auto()  # returns or rejects on every path
    JUMPS = auto()  # some path breaks out of the loop


def flow_of(node: tree.Statement) -> Flow:
    """How a statement ends, judged by its form alone."""
    match node:
        case tree.Return() | tree.Reject() | tree.FatalError():
            return Flow.LEAVES
        case tree.Break():
            return Flow.JUMPS
        case tree.Block(statements) | tree.Profile(_, tree.Block(statements)):
            return _of_sequence(statements)
        case tree.If(_, then, otherwise):
            first, second = flow_of(then), flow_of(otherwise) if otherwise else Flow.GOES_ON
            if Flow.JUMPS in (first, second):
                return Flow.JUMPS
            return Flow.LEAVES if first is second is Flow.LEAVES else Flow.GOES_ON
        case tree.While(test, body):
            inside = flow_of(body)
            endless = inside is Flow.GOES_ON and _always_true(test)
            return Flow.LEAVES if inside is Flow.LEAVES or endless else Flow.GOES_ON
        case tree.For(_, _, _, body) | tree.ForEach(_, _, body):
            return Flow.LEAVES if flow_of(body) is Flow.LEAVES else Flow.GOES_ON
        case _:
            return Flow.GOES_ON


def _of_sequence(statements: tuple[tree.Statement, ...]) -> Flow:
    flow = Flow.GOES_ON
    for node in statements:
        following = flow_of(node)
        # What counts is how the last statement ends, unless one before it jumped.
        flow = Flow.JUMPS if Flow.JUMPS in (flow, following) else following
        if _escapes(node):
            break
    return flow


def _always_true(test: tree.Expression) -> bool:
    return isinstance(test, tree.IntegerLiteral) and any(digit in "123456789" for digit in test.text)


def _escapes(node: tree.Statement) -> bool:
    """Whether what follows in the same block is never reached."""
    return isinstance(node, tree.Break | tree.Continue | tree.Reject | tree.FatalError | tree.Return)


def warn_unreachable(statements: tuple[tree.Statement, ...], scope: Scope) -> None:
    """Point at the first statement of a block that is never reached."""
    for node, following in pairwise(statements):
        if _escapes(node):
            scope.report(warnings.unreachable(following.span))
            return
