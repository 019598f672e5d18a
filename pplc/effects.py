"""What a program does beside its density: `print` and `fatal_error` in the transformed parameters and the model.

The compiled density is a C function without effects. Beside it, at every position that the density is asked for,
those blocks run as the program states them. Only programs with such statements pay for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pplc.compiler import ir
from pplc.compiler.types import Real
from pplc.grammar.source import Span
from pplc.runtime.console import say

from .declared import outputs_of, structured

if TYPE_CHECKING:
    from pplc.compiler.codegen.block import CompiledBlock
    from pplc.grammar.diagnostics import Diagnostic

    from .model import Model
    from .outputs import Output

FEW = 300  # expressions that take less time as plain Python than a compiler takes, even if a chain runs them


def has_effects(statements: Sequence[ir.Statement]) -> bool:
    """Whether any of these statements, or a function that they call, prints or ends the run."""
    return any(isinstance(node, ir.Print | ir.FatalError) for node in _reached(statements))


class Effects:
    """Runs the transformed parameters and the model of a program for what they print and where they stop."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def __call__(self, position: NDArray[np.float64]) -> Diagnostic | None:
        """Print for a position. A `fatal_error` is returned; what only rejects the point ends the printing."""
        from pplc.compiler.codegen.messages import ProgramError

        parameters = self._parameters(position)
        known = [parameters[v] if v.role is ir.Role.PARAMETER else self._fixed[v] for v in self._block.inputs[:-1]]
        try:
            self._block([*known, self._jacobian(position)], emit=say, plain=self._plain)
        except ProgramError as problem:
            return problem.diagnostic if problem.diagnostic.code == "fatal-error" else None
        return None

    def watch(self, position: NDArray[np.float64]) -> None:
        """The same for a chain, whose run a `fatal_error` ends: raises Stopped."""
        from pplc.runtime.watched import Stopped

        if fatal := self(position):
            raise Stopped(f"ended by fatal_error in line {fatal.mark.span.line}: {fatal.title}")

    @cached_property
    def _statements(self) -> tuple[ir.Statement, ...]:
        return self.model.program.transformed_parameters + self.model.program.model

    @cached_property
    def _block(self) -> CompiledBlock:
        from pplc.compiler.codegen.block import compile_block
        from pplc.compiler.lower.walk import mentioned

        statements = self._statements
        given = (ir.Role.DATA, ir.Role.TRANSFORMED_DATA, ir.Role.PARAMETER)
        used = sorted((v for v in mentioned(statements) if v.role in given), key=lambda v: (v.span.start, v.name))
        start = ir.Variable("_target_before", Real(), ir.Role.LOCAL, ir.Level.PARAMETER, statements[0].span)
        return compile_block(statements, [*used, start], [], target=start)

    @cached_property
    def _fixed(self) -> Mapping[ir.Variable, Any]:
        """The data that the statements use."""
        from pplc.compiler.lower.generated import numbers

        lowered = self.model.lowered
        return {v: numbers(lowered.value(v)) for v in self._block.inputs[:-1] if v.role is not ir.Role.PARAMETER}

    @cached_property
    def _plain(self) -> bool:
        from pplc.compiler.codegen.effort import effort

        return effort(self._statements, self._fixed) <= FEW

    def _parameters(self, position: NDArray[np.float64]) -> Mapping[ir.Variable, Any]:
        return structured(self._parameter_outputs, self.model.constrain(position))

    @cached_property
    def _parameter_outputs(self) -> tuple[Output, ...]:
        return outputs_of(self.model.lowered, self.model.program.parameters)

    def _jacobian(self, position: NDArray[np.float64]) -> float:
        """What the constraints of the parameters have added to the target before the first statement."""
        if not self._asks_for_target:
            return 0.0
        from pplc.compiler.lower.explain import value_at
        from pplc.compiler.lower.program import total

        lowered = self.model.lowered
        spans = [declare.span for declare in self.model.program.parameters]
        terms = [t for t in lowered.terms if t.kind == "jacobian" and any(_inside(t.span, span) for span in spans)]
        return sum(float(value_at(lowered, position, total(term, lowered.table))) for term in terms)

    @cached_property
    def _asks_for_target(self) -> bool:
        return any(isinstance(node, ir.TargetValue) for node in _reached(self._statements))


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
