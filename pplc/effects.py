"""What a program does beside its density: `print` and `fatal_error` in the transformed parameters and the model.

At every position that the density is asked for, those blocks run as the program states them (see reruns.py). Only
programs with such statements pay for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pplc.compiler import ir
from pplc.compiler.walk import reachable
from pplc.runtime.console import say

from .reruns import Reruns

if TYPE_CHECKING:
    from pplc.grammar.diagnostics import Diagnostic


def has_effects(statements: Sequence[ir.Statement]) -> bool:
    """Whether any of these statements, or a function that they call, prints or ends the run."""
    return any(isinstance(node, ir.Print | ir.FatalError) for node in reachable(tuple(statements)))


class Effects:
    """Runs the transformed parameters and the model of a program for what they print and where they stop."""

    def __init__(self, reruns: Reruns) -> None:
        self.reruns = reruns

    def __call__(self, position: NDArray[np.float64]) -> Diagnostic | None:
        """Print for a position. A `fatal_error` is returned; what only rejects the point ends the printing."""
        problem = self.reruns(position, say, often=True)
        return problem if problem is not None and problem.code == "fatal-error" else None

    def watch(self, position: NDArray[np.float64]) -> None:
        """The same for a chain, whose run a `fatal_error` ends: raises Stopped."""
        from pplc.runtime.watched import Stopped

        if fatal := self(position):
            raise Stopped(f"ended by fatal_error in line {fatal.mark.span.line}: {fatal.title}")
