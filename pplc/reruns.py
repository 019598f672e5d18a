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
    from pplc.compiler.codegen.compiled_block import CompiledBlock
    from pplc.grammar.diagnostics import Diagnostic

    from .model import Model
    from .outputs import Output

FEW = 300  # expressions that take less time as plain Python than a compiler takes, even if a chain runs them
ONCE = 1_000_000  # the same for a single run


class Reruns:
    """Runs both blocks of a model at positions; its code is generated when it is first needed."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def __call__(self, position: NDArray[np.float64], emit: Callable[[str], None]) -> Diagnostic | None:
        """What stops the statements at a position, if anything does; they print until then."""
        return self._block.failure(self._given(self._block, position), emit=emit, plain=self._effort <= FEW)

    def why(self, position: NDArray[np.float64]) -> Diagnostic | None:
        """The same in silence, and where that began if something is nan."""
        # A constraint of transformed parameters that fails comes before what fails in the model for it.
        return self._once(self._transformed, position) or self._once(self._watched, position)

    def nan(self, position: NDArray[np.float64]) -> Diagnostic | None:
        """Where it began that the log density is nan."""
        return self._once(self._to_the_end, position)

    def nan_in_transformed(self, position: NDArray[np.float64]) -> Diagnostic | None:
        """Where it began that transformed parameters are nan, or what stops them."""
        return self._transformed.why_nan(self._given(self._transformed, position))

    def _once(self, block: CompiledBlock, position: NDArray[np.float64]) -> Diagnostic | None:
        from pplc.compiler.codegen.effort import effort

        plain = effort(block.statements, self._fixed) <= ONCE
        found = block.failure(self._given(block, position), plain=plain)
        return None if found is not None and found.code == "unsupported" else found  # it says nothing of the position

    def _given(self, block: CompiledBlock, position: NDArray[np.float64]) -> list[Any]:
        """The inputs of a block."""
        values = {**self._fixed, **structured(self._parameter_outputs, self.model.constrain(position))}
        return [*(values[variable] for variable in block.inputs[:-1]), self._jacobian(position)]

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
        outputs = [s.variable for s in statements if isinstance(s, ir.Declare)]
        return _compiled([*self._beforehand, *statements], outputs, self._bounds)

    @cached_property
    def _watched(self) -> CompiledBlock:
        return _compiled([*self._beforehand, *self._statements], [], self._bounds)

    @cached_property
    def _to_the_end(self) -> CompiledBlock:
        return _compiled([*self._beforehand, *self._statements], [], self._bounds, ending=True)

    @cached_property
    def _beforehand(self) -> tuple[ir.Statement, ...]:
        """The transformed data, if they hold nan that can be made again."""
        from pplc.compiler.lower.generated import has_nan, numbers
        from pplc.compiler.walk import reachable

        lowered, block = self.model.lowered, self.model.program.transformed_data
        values = [numbers(lowered.value(s.variable)) for s in block if isinstance(s, ir.Declare)]
        drawn = any(isinstance(node, ir.LibraryCall) and node.name.endswith("_rng") for node in reachable(block))
        return () if drawn or not any(map(has_nan, values)) else block

    @cached_property
    def _bounds(self) -> Mapping[ir.Variable, tuple[ir.Expression, ...]]:
        """What the constraint of a parameter is made of, and so the parameter."""
        from pplc.compiler.codegen.guards import constraints

        parameters = self.model.program.parameters
        return {d.variable: tuple(a for c in constraints(d.sized) if c for a in c.arguments) for d in parameters}

    @cached_property
    def _effort(self) -> float:
        from pplc.compiler.codegen.effort import effort

        return effort(self._statements, self._fixed)

    @cached_property
    def _fixed(self) -> Mapping[ir.Variable, Any]:
        """The data that statements and bounds use."""
        from pplc.compiler.lower.generated import numbers
        from pplc.compiler.walk import mentioned

        bounds = tuple(bound for several in self._bounds.values() for bound in several)
        used = mentioned((*self.model.program.transformed_data, *self._statements, *bounds))
        lowered, known = self.model.lowered, (ir.Role.DATA, ir.Role.TRANSFORMED_DATA)
        return {v: numbers(lowered.value(v)) for v in used if v.role in known}

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
    statements: Sequence[ir.Statement],
    outputs: Sequence[ir.Variable],
    made_of: Mapping[ir.Variable, Sequence[ir.Expression]] | None = None,
    ending: bool = False,
) -> CompiledBlock:
    """Statements as a function of data, parameters and, last, what the target is before them.

    With `made_of` they watch nan (see compile_block).
    """
    from pplc.compiler.codegen.block import compile_block
    from pplc.compiler.walk import mentioned

    given = (ir.Role.DATA, ir.Role.TRANSFORMED_DATA, ir.Role.PARAMETER)
    parts = (*statements, *(part for several in (made_of or {}).values() for part in several))
    made = {s.variable for s in statements if isinstance(s, ir.Declare)}
    used = {v for v in mentioned(parts) if v.role in given} - made
    span = statements[0].span if statements else None
    start = ir.Variable("_target_before", Real(), ir.Role.LOCAL, ir.Level.PARAMETER, span)  # type: ignore[arg-type]
    inputs = [*sorted(used, key=lambda v: (v.span.start, v.name)), start]
    return compile_block(
        statements, inputs, outputs, target=start, explaining=True,
        watching=made_of is not None, ending=ending, made_of=made_of or {},
    )  # fmt: skip


def _inside(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
