"""The transformed parameters and the model run as the program states them, beside the compiled log density.

The density is a C function without effects and says no more than nan or -inf. The same statements run again at
a position print what they print, and name the first thing that fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pplc.compiler import ir
from pplc.compiler.types import Real
from pplc.grammar.source import Span

from .declared import outputs_of, structured

if TYPE_CHECKING:
    from pplc.compiler.codegen.block import CompiledBlock
    from pplc.grammar.diagnostics import Diagnostic

    from .model import Model
    from .outputs import Output

FEW = 300  # expressions that take less time as plain Python than a compiler takes, even if a chain runs them
ONCE = 1_000_000  # the same for a single run


class Reruns:
    """Runs both blocks of a model at positions; its code is generated when it is first needed."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def __call__(self, position: NDArray[np.float64], emit: Callable[[str], None], often: bool) -> Diagnostic | None:
        """What stops the statements at a position, if anything does; they print until then."""
        # A constraint of transformed parameters that fails comes before what fails in the model for it.
        return self._stops([self._block] if often else [self._transformed, self._block], position, emit, often)

    def nan(self, position: NDArray[np.float64]) -> Diagnostic | None:
        """The first call that makes nan of numbers."""
        return self._stops([self._watching], position, lambda line: None, often=False)

    def _stops(
        self, blocks: Sequence[CompiledBlock], position: NDArray[np.float64], emit: Callable[[str], None], often: bool
    ) -> Diagnostic | None:
        from pplc.compiler.codegen.messages import ProgramError

        values = {**self._fixed, **structured(self._parameter_outputs, self.model.constrain(position))}
        before = self._jacobian(position)
        plain = self._effort <= (FEW if often else ONCE)
        try:
            for block in blocks:
                block([*(values[variable] for variable in block.inputs[:-1]), before], plain=plain, emit=emit)
        except ProgramError as problem:
            if problem.diagnostic.code == "unsupported" and not often:
                return None  # it says nothing about the position
            return problem.diagnostic
        return None

    @cached_property
    def _statements(self) -> tuple[ir.Statement, ...]:
        return self.model.program.transformed_parameters + self.model.program.model

    @cached_property
    def _block(self) -> CompiledBlock:
        return _compiled(self._statements, [])

    @cached_property
    def _transformed(self) -> CompiledBlock:
        """The transformed parameters by themselves, whose constraints are checked."""
        statements = self.model.program.transformed_parameters
        return _compiled(statements, [s.variable for s in statements if isinstance(s, ir.Declare)])

    @cached_property
    def _watching(self) -> CompiledBlock:
        return _compiled(self._statements, [], watching=True)

    @cached_property
    def _effort(self) -> float:
        from pplc.compiler.codegen.effort import effort

        return effort(self._statements, self._fixed)

    @cached_property
    def _fixed(self) -> Mapping[ir.Variable, Any]:
        """The data that the statements use."""
        from pplc.compiler.lower.generated import numbers

        lowered = self.model.lowered
        return {v: numbers(lowered.value(v)) for v in self._block.inputs[:-1] if v.role is not ir.Role.PARAMETER}

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
        from pplc.compiler.codegen.sums import reads_target

        return reads_target(self._statements)


def _compiled(
    statements: Sequence[ir.Statement], outputs: Sequence[ir.Variable], watching: bool = False
) -> CompiledBlock:
    """Statements as a function of data, parameters and, last, what the target is before them."""
    from pplc.compiler.codegen.block import compile_block
    from pplc.compiler.walk import mentioned

    given = (ir.Role.DATA, ir.Role.TRANSFORMED_DATA, ir.Role.PARAMETER)
    used = sorted((v for v in mentioned(tuple(statements)) if v.role in given), key=lambda v: (v.span.start, v.name))
    span = statements[0].span if statements else None
    start = ir.Variable("_target_before", Real(), ir.Role.LOCAL, ir.Level.PARAMETER, span)  # type: ignore[arg-type]
    return compile_block(statements, [*used, start], outputs, target=start, explaining=True, watching=watching)


def _inside(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
