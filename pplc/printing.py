"""Print statements of the density: the blocks that print are run beside it, at positions that Python evaluates.

The compiled density is a C function without Python and prints nothing, so a chain that runs in its thread is
silent. What the transformed parameters and the model print is shown for every position tried as a chain's start
and for every call of `Model.logp_dlogp`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pplc.compiler import ir
from pplc.compiler.types import Real
from pplc.grammar.source import Span
from pplc.runtime.console import say

if TYPE_CHECKING:
    from pplc.compiler.codegen.block import CompiledBlock

    from .model import Model


def prints(statements: Sequence[ir.Statement]) -> bool:
    """Whether any of these statements, or a function that they call, prints."""
    return any(isinstance(node, ir.Print) for node in _reached(statements))


class Printer:
    """Runs the transformed parameters and the model of a program, and prints what they print."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def __call__(self, position: NDArray[np.float64]) -> None:
        """Print for a position. What makes the density reject it only ends the printing."""
        from pplc.compiler.codegen.messages import ProgramError
        from pplc.compiler.lower.generated import numbers

        lowered = self.model.lowered
        values = self.model.parameter_values(position)
        known = [
            values[v.name] if v.role is ir.Role.PARAMETER else numbers(lowered.value(v))
            for v in self._block.inputs[:-1]
        ]
        try:
            self._block([*known, self._jacobian(position)], emit=say)
        except ProgramError:
            return

    @cached_property
    def _block(self) -> CompiledBlock:
        from pplc.compiler.codegen.block import compile_block
        from pplc.compiler.lower.walk import mentioned

        program = self.model.program
        statements = program.transformed_parameters + program.model
        given = (ir.Role.DATA, ir.Role.TRANSFORMED_DATA, ir.Role.PARAMETER)
        used = sorted((v for v in mentioned(statements) if v.role in given), key=lambda v: (v.span.start, v.name))
        start = ir.Variable("_target_before", Real(), ir.Role.LOCAL, ir.Level.PARAMETER, statements[0].span)
        return compile_block(statements, [*used, start], [], target=start)

    def _jacobian(self, position: NDArray[np.float64]) -> float:
        """What the constraints of the parameters have added to the target before the first statement."""
        program = self.model.program
        if not any(
            isinstance(node, ir.TargetValue) for node in _reached(program.transformed_parameters + program.model)
        ):
            return 0.0
        from pplc.compiler.lower.explain import value_at
        from pplc.compiler.lower.program import total

        lowered = self.model.lowered
        spans = [declare.span for declare in program.parameters]
        terms = [t for t in lowered.terms if t.kind == "jacobian" and any(_inside(t.span, span) for span in spans)]
        return sum(float(value_at(lowered, position, total(term, lowered.table))) for term in terms)


def _inside(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _reached(statements: Sequence[ir.Statement]) -> Iterable[Any]:
    """Every node of the statements and of the functions that they call."""
    from pplc.compiler.lower.walk import nodes

    pending: list[Any] = list(statements)
    seen: set[ir.Function] = set()
    while pending:
        for node in nodes(pending.pop()):
            yield node
            function = getattr(node, "function", None)
            if isinstance(function, ir.Function) and function not in seen and function.body is not None:
                seen.add(function)
                pending.append(function.body)
