"""What a program does besides its density: `print` and `fatal_error` in the transformed parameters and the model.

At every position that the density is asked for, those blocks run as the program states them (see reruns.py). Only
programs with such statements pay for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pplc.compiler import ir
from pplc.compiler.walk import mentioned, nodes, reachable
from pplc.runtime.console import say

from .reruns import Reruns

if TYPE_CHECKING:
    from pplc.compiler.lower.program import Lowered
    from pplc.grammar.diagnostics import Diagnostic


def has_effects(parts: Sequence[ir.Statement | ir.Expression]) -> bool:
    """Whether any of these, or a function that they call, prints or ends the run."""
    return any(isinstance(node, ir.Print | ir.FatalError) for node in reachable(tuple(parts)))


def density_has_effects(lowered: Lowered) -> bool:
    """The same of the transformed parameters and the model, but for branches that the data never take.

    `if (debug) print(...)` stays in many programs, and to run a model twice at each position takes its time.
    """
    program = lowered.program
    statements = (*program.transformed_parameters, *program.model)
    return has_effects(statements) and has_effects(tuple(_taken(statements, lowered)))


def _taken(statements: Iterable[ir.Statement], lowered: Lowered) -> Iterator[ir.Statement | ir.Expression]:
    """What statements are made of, without branches that are never taken as far as the data say so beforehand."""
    for statement in statements:
        match statement:
            case ir.If(test, then, otherwise):
                yield test
                holds = _decided(test, lowered)
                sides = ((then, holds is not False), (otherwise, holds is not True))
                yield from _taken((side for side, possible in sides if possible and side is not None), lowered)
            case ir.Block(body) | ir.Profile(body=ir.Block(body)):
                yield from _taken(body, lowered)
            case ir.For(lower=lower, upper=upper, body=body):
                yield lower
                yield upper
                yield from _taken((body,), lowered)
            case _:
                yield statement


def _decided(test: ir.Expression, lowered: Lowered) -> bool | None:
    """What data alone make of a test; None if they do not decide it."""
    from pplc.compiler.lower.expressions import condition
    from pplc.compiler.lower.scope import LoweringError, Scope

    if isinstance(test, ir.And) and _decided(test.left, lowered) is False:
        return False
    if any(v.role not in (ir.Role.DATA, ir.Role.TRANSFORMED_DATA) for v in mentioned(test)):
        return None
    if any(isinstance(node, ir.UserCall) for node in nodes(test)):
        return None
    try:
        found = condition(test, Scope(lowered.table, bindings=dict(lowered.bindings)))
    except LoweringError:  # an index that is out of range where the test is never asked
        return None
    return found if isinstance(found, bool) else None


class Effects:
    """Runs the transformed parameters and the model of a program for what they print and where they stop."""

    def __init__(self, reruns: Reruns) -> None:
        self.reruns = reruns

    def __call__(self, position: NDArray[np.float64]) -> Diagnostic | None:
        """Print for a position. A `fatal_error` is returned; what only rejects the point ends the printing."""
        problem = self.reruns(position, say)
        return problem if problem is not None and problem.code == "fatal-error" else None

    def watch(self, position: NDArray[np.float64]) -> None:
        """The same for a chain, whose run a `fatal_error` ends: raises Stopped."""
        from pplc.runtime.watched import Stopped

        if fatal := self(position):
            raise Stopped(f"ended by fatal_error in line {fatal.mark.span.line}: {fatal.title}")
