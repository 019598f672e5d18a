"""The generated quantities of a model: compiled statements that run once per draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pplc.runtime.console import say
from pplc.runtime.contract import Failure

from .outputs import nested, part

if TYPE_CHECKING:
    from pplc.compiler import ir
    from pplc.compiler.codegen.compiled_block import CompiledBlock
    from pplc.compiler.codegen.native_block import NativeBlock
    from pplc.compiler.lower.program import Lowered

    from .outputs import Output

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


@dataclass(frozen=True)
class _Inputs:
    """What the block reads: data with their values, and what changes from draw to draw with the results it is made
    of."""

    constant: tuple[ir.Variable, ...]
    known: tuple[Any, ...]
    moving: tuple[ir.Variable, ...]
    parts: tuple[tuple[Output, ...], ...]

    @property
    def variables(self) -> list[ir.Variable]:
        return [*self.constant, *self.moving]


def _inputs(lowered: Lowered) -> _Inputs:
    from pplc.compiler import ir
    from pplc.compiler.lower.generated import numbers
    from pplc.compiler.walk import mentioned

    from .declared import outputs_of

    program = lowered.program
    inputs = outputs_of(lowered, program.parameters) + outputs_of(lowered, program.transformed_parameters)
    used = sorted(mentioned(tuple(program.generated_quantities)), key=lambda v: (v.span.start, v.name))
    constant = tuple(v for v in used if v.role in (ir.Role.DATA, ir.Role.TRANSFORMED_DATA))
    moving = tuple(v for v in used if v in lowered.bindings and v not in constant)
    known = tuple(numbers(lowered.value(v)) for v in constant)
    return _Inputs(constant, known, moving, tuple(tuple(o for o in inputs if o.variable is v) for v in moving))


def _declared(statements: Sequence[ir.Statement]) -> list[ir.Variable]:
    from .declared import declares_of

    return [declare.variable for declare in declares_of(statements)]


def generated_quantities(lowered: Lowered) -> GeneratedQuantities:
    """Compile the block of a lowered program."""
    from pplc.compiler.codegen.block import compile_block
    from pplc.compiler.codegen.native_block import native_block

    from .declared import outputs_of

    statements = lowered.program.generated_quantities
    inputs, declared = _inputs(lowered), _declared(statements)
    outputs = outputs_of(lowered, statements)
    block = compile_block(statements, inputs.variables, declared, random=True)
    shapes = tuple(o.described.shape for o in outputs)
    native = native_block(block, inputs.known, [o.described.shape for of in inputs.parts for o in of], shapes)
    return GeneratedQuantities(
        native or replace(block, shapes=shapes),
        inputs.known,
        tuple(tuple((o.path, o.described.name) for o in of) for of in inputs.parts),
        tuple((declared.index(o.variable), o.path, o.described.name) for o in outputs),
    )


def watched_generation(lowered: Lowered, values: Mapping[str, NDArray[Any]]) -> tuple[CompiledBlock, list[Any]]:
    """The block as code that watches nan, and what it is given for one draw with these values."""
    from pplc.compiler.codegen.block import compile_block

    statements, inputs = lowered.program.generated_quantities, _inputs(lowered)
    block = compile_block(statements, inputs.variables, _declared(statements), random=True, watching=True)
    moving = [nested([(o.path, values[o.described.name]) for o in of]) for of in inputs.parts]
    return block, [*inputs.known, *moving]
