"""What is known of a model besides its functions: sizes, names and shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pplc.runtime.contract import Variable

if TYPE_CHECKING:
    from pplc.compiler import ir
    from pplc.compiler.lower.program import Lowered


@dataclass(frozen=True)
class Facts:
    """Facts of a program with its data; they are kept on disk with its machine code."""

    size: int
    offsets: dict[str, tuple[int, int]]
    parameters: tuple[Variable, ...]
    transformed_parameters: tuple[Variable, ...]
    observed: tuple[str, ...]
    data_dims: dict[str, tuple[str, ...]]
    generated_quantities: tuple[Variable, ...]
    profiled: bool  # whether the program has `profile` sections

    @property
    def outputs(self) -> tuple[Variable, ...]:
        """The variables of the results, in order of declaration."""
        return self.parameters + self.transformed_parameters + self.generated_quantities


def facts_of(lowered: Lowered) -> Facts:
    """The facts of a lowered program."""
    from .declared import observed_names, outputs_of
    from .profiling import sections_of

    program = lowered.program

    def variables(block: Sequence[ir.Statement]) -> tuple[Variable, ...]:
        return tuple(output.described for output in outputs_of(lowered, block))

    return Facts(
        lowered.size,
        lowered.offsets,
        variables(program.parameters),
        variables(program.transformed_parameters),
        observed_names(program),
        {variable.name: variable.dims for variable in variables(program.data)},
        variables(program.generated_quantities),
        bool(sections_of(program)),
    )
