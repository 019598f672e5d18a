"""The generated quantities of a model: compiled statements that run once per draw."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pplc.compiler import ir
from pplc.runtime.console import say

from .errors import GenerationWarning, ProgramError
from .outputs import Output, nested, part

if TYPE_CHECKING:
    from pplc.compiler.codegen.block import CompiledBlock
    from pplc.compiler.lower.program import Lowered

type Path = tuple[int, ...]


@dataclass(frozen=True)
class GeneratedQuantities:
    """The compiled block and what goes in and out; it can be pickled, to be kept with a compiled model.

    `known` are the values of the data it reads. `moving` says of each variable it reads that changes from draw
    to draw which results it is made of, and where in a tuple; `results` where each generated quantity is found.
    """

    block: CompiledBlock
    known: tuple[Any, ...]
    moving: tuple[tuple[tuple[Path, str], ...], ...]
    results: tuple[tuple[int, Path, str], ...]

    def draw(self, values: Mapping[str, NDArray[Any]], count: int, seed: int) -> dict[str, NDArray[Any]]:
        """The generated quantities of `count` draws, whose parameters are `values`, shape (count, *shape) each.

        Draws that fail are nan and give a GenerationWarning.
        """
        stacked = [nested([(path, values[name]) for path, name in parts]) for parts in self.moving]
        if stacked:
            drawn = self.block.over_draws(list(self.known), stacked, seed, emit=say)
            found = drawn.values
            if drawn.first_failure is not None:
                failure = GenerationWarning(drawn.first_failure, int(drawn.failed.sum()), count)
                warnings.warn(failure, stacklevel=4)
        else:
            found = self._without_inputs(count, seed)
        return {name: np.asarray(part(found[position], path)) for position, path, name in self.results}

    def _without_inputs(self, count: int, seed: int) -> tuple[Any, ...]:
        """The results where no input changes from draw to draw, so that there is nothing to count draws by."""
        from pplc.compiler.codegen.messages import ProgramError as CodeError

        try:
            draws = [self.block(list(self.known), np.random.default_rng([seed, n]), emit=say) for n in range(count)]
        except CodeError as problem:
            raise ProgramError([problem.diagnostic]) from None
        return tuple(_stack([draw[k] for draw in draws]) for k in range(len(self.block.outputs)))


def generated_quantities(
    lowered: Lowered, statements: Sequence[ir.Statement], inputs: Sequence[Output], outputs: Sequence[Output]
) -> GeneratedQuantities:
    """Compile the block of a lowered program; `inputs` are its parameters and transformed parameters."""
    from pplc.compiler.codegen.block import compile_block
    from pplc.compiler.lower.generated import numbers
    from pplc.compiler.lower.walk import mentioned

    used = sorted(mentioned(tuple(statements)), key=lambda v: (v.span.start, v.name))
    constant = [v for v in used if v.role in (ir.Role.DATA, ir.Role.TRANSFORMED_DATA)]
    moving = [v for v in used if v in lowered.bindings and v not in constant]
    declared = [s.variable for s in statements if isinstance(s, ir.Declare)]
    return GeneratedQuantities(
        compile_block(statements, [*constant, *moving], declared, random=True),
        tuple(numbers(lowered.value(v)) for v in constant),
        tuple(tuple((o.path, o.described.name) for o in inputs if o.variable is v) for v in moving),
        tuple((declared.index(o.variable), o.path, o.described.name) for o in outputs if o.variable is not None),
    )


def _stack(values: list[Any]) -> Any:
    if isinstance(values[0], tuple):
        return tuple(_stack([v[k] for v in values]) for k in range(len(values[0])))
    return np.stack([np.asarray(v) for v in values])
