"""The generated quantities of a model: compiled statements that run once per draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pplc.runtime.console import say
from pplc.runtime.contract import Failure

from .outputs import nested, part

if TYPE_CHECKING:
    from pplc.compiler.codegen.block import CompiledBlock
    from pplc.compiler.codegen.native_block import NativeBlock
    from pplc.compiler.lower.program import Lowered

type Path = tuple[int, ...]
type Generated = tuple[dict[str, NDArray[Any]], Failure | None]


@dataclass(frozen=True)
class GeneratedQuantities:
    """The compiled block and what goes in and out; it can be pickled, to be kept with a compiled model.

    `known` are the values of the data it reads. `moving` says of each variable it reads that changes from draw
    to draw which results it is made of, and where in a tuple; `results` where each generated quantity is found.
    """

    block: CompiledBlock | NativeBlock
    known: tuple[Any, ...]
    moving: tuple[tuple[tuple[Path, str], ...], ...]
    results: tuple[tuple[int, Path, str], ...]

    @property
    def prints(self) -> bool:
        """Whether the block has print statements."""
        return self.block.messages.prints

    def draw(self, values: Mapping[str, NDArray[Any]], count: int, rng: np.random.Generator) -> Generated:
        """The generated quantities of `count` draws, whose parameters are `values`, shape (count, *shape) each.

        Draws that fail are nan.
        """
        stacked = [nested([(path, values[name]) for path, name in parts]) for parts in self.moving]
        drawn = self.block.over_draws(list(self.known), stacked, count, rng, emit=say)
        failure = None
        if drawn.first_failure is not None:
            failure = Failure(int(drawn.failed.sum()), drawn.first_failure)
        return {name: np.asarray(part(drawn.values[position], path)) for position, path, name in self.results}, failure


def generated_quantities(lowered: Lowered) -> GeneratedQuantities:
    """Compile the block of a lowered program."""
    from pplc.compiler import ir
    from pplc.compiler.codegen.block import compile_block
    from pplc.compiler.codegen.native_block import native_block
    from pplc.compiler.lower.generated import numbers
    from pplc.compiler.walk import mentioned

    from .declared import outputs_of

    program = lowered.program
    statements = program.generated_quantities
    inputs = outputs_of(lowered, program.parameters) + outputs_of(lowered, program.transformed_parameters)
    outputs = outputs_of(lowered, statements)
    used = sorted(mentioned(tuple(statements)), key=lambda v: (v.span.start, v.name))
    constant = [v for v in used if v.role in (ir.Role.DATA, ir.Role.TRANSFORMED_DATA)]
    moving = [v for v in used if v in lowered.bindings and v not in constant]
    declared = [s.variable for s in statements if isinstance(s, ir.Declare)]
    known = tuple(numbers(lowered.value(v)) for v in constant)
    parts = [[o for o in inputs if o.variable is v] for v in moving]
    block = compile_block(statements, [*constant, *moving], declared, random=True)
    shapes = tuple(o.described.shape for o in outputs)
    native = native_block(block, known, [o.described.shape for of in parts for o in of], shapes)
    return GeneratedQuantities(
        native or replace(block, shapes=shapes),
        known,
        tuple(tuple((o.path, o.described.name) for o in of) for of in parts),
        tuple((declared.index(o.variable), o.path, o.described.name) for o in outputs),
    )
