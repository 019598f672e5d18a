"""A block of statements as generated: run once as it is, or compiled, or for every draw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pplc.grammar.diagnostics import Diagnostic, Mark

from .. import ir
from . import loader
from .draws_made import Draws, Emit
from .effort import effort
from .elementwise import copy
from .guards import Guard, check_draws, violation
from .leaving import left_behind
from .messages import Messages, ProgramError, lost_records, new_buffer
from .rows import KINDS, Place, Shape
from .support import DEPTH, FIRST
from .unit import Unit
from .values import Nested, Slot, flatten, slots, unflatten
from .writer import Writer

if TYPE_CHECKING:
    from .native_block import NativeBlock

PLAIN_EFFORT = 100_000  # statements that run as plain Python in less time than compilation takes
LONGEST_LOOK = 1_000_000  # statements that may run as plain Python to see where nan began


@dataclass(frozen=True, slots=True)
class CompiledBlock:
    """The generated function. Values of tuple type are (nested) Python tuples, arrays of tuples tuples of arrays."""

    functions: str
    parameters: tuple[str, ...]
    lines: tuple[str, ...]
    leaves: tuple[str, ...]  # what it leaves: the outputs', then what their constraints say
    left: str  # the function that is called after an error
    failed: tuple[str, ...]  # and what it gives for the leaves
    inputs: tuple[ir.Variable, ...]
    outputs: tuple[ir.Variable, ...]
    guards: tuple[Guard, ...]
    messages: Messages
    statements: tuple[ir.Statement, ...]
    shapes: tuple[Shape, ...] | None = None  # of the outputs' leaves, without which it does not run over draws

    def __call__(self, values: Sequence[Any], rng: np.random.Generator | None = None, *, emit: Emit = print,
                 plain: bool | None = None) -> tuple[Any, ...]:  # fmt: skip
        """The outputs' values. Raises ProgramError where the block rejects, indexes out of range, or leaves a
        variable outside its constraint; `plain` forces (or forbids) running uncompiled."""
        arguments = self._arguments(values)
        if plain is None:
            plain = effort(self.statements, dict(zip(self.inputs, values, strict=True))) <= PLAIN_EFFORT
        if not plain and (native := self._native(arguments)) is not None:
            drawn = native.over_draws(arguments, [], 1, rng or np.random.default_rng(0), emit=emit)
            if drawn.first_failure is not None:
                raise ProgramError(drawn.first_failure)
            return self._shaped([leaf[0] for leaf in flatten(*drawn.values)])
        results, error, buffer = self._run(rng, arguments, plain, emit)
        if (problem := error or self._violated(results, buffer)) is not None:
            raise ProgramError(problem)
        return self._shaped(results)

    def why_nan(self, values: Sequence[Any], rng: np.random.Generator | None = None) -> Diagnostic | None:
        """What ends the block, or, unless it takes long, where the first nan in its outputs began: it watches nan."""
        if effort(self.statements, dict(zip(self.inputs, values, strict=True))) > LONGEST_LOOK:
            return self.failure(values, rng)
        results, error, buffer = self._run(rng, self._arguments(values), True, _silent)
        return error or self._violated(results, buffer) or self.messages.origin(results[: self._leaf_count], buffer)

    def failure(self, values: Sequence[Any], rng: np.random.Generator | None = None, *, emit: Emit | None = None,
                plain: bool | None = None) -> Diagnostic | None:  # fmt: skip
        """What ends the block, if anything does; without `emit` it prints nothing."""
        try:
            self(values, rng, emit=emit or _silent, plain=plain)
        except ProgramError as problem:
            return problem.diagnostic
        return None

    def over_draws(self, constant: Sequence[Any], stacked: Sequence[Any], count: int, rng: np.random.Generator, *,
                   emit: Emit = print) -> Draws:  # fmt: skip
        """The outputs for every draw. `constant` values belong to the first inputs; `stacked`, with the draws
        along a leading axis, to the others."""
        arguments = [*self._arguments(constant, self.inputs[: len(constant)])]
        per_draw = self._stacked(stacked, self.inputs[len(constant) :])
        failed = np.zeros(count, np.bool_)
        if self.messages.prints:
            results, first = self._one_by_one(arguments, per_draw, failed, rng, emit)
        else:
            buffer, first_buffer = new_buffer(), new_buffer()
            module = loader.load_compiled(self._driver(len(arguments), len(per_draw)))
            results = module.over_draws(buffer, first_buffer, failed, rng, *arguments, *per_draw)
            first = self.messages.error(first_buffer)
        first = check_draws(self.guards, results, failed, first, self.messages)
        for result in results[: self._leaf_count]:
            result[failed] = np.nan if result.dtype.kind in "fc" else np.iinfo(np.int64).min
        return Draws(self._shaped(results), failed, first)

    # The source -----------------------------------------------------------------------------

    @property
    def source(self) -> str:
        """The function `block`, which returns its results."""
        returned = f"return ({''.join(f'{leaf}, ' for leaf in self.leaves)})"
        return self._text(left_behind(self.left, (), self.failed), self.parameters, [returned])

    def storing(self, places: Sequence[Place]) -> str:
        """The same function, which puts its results into rows."""
        rows = [f"_{kind}" for kind in KINDS.values()]
        stored = [place.line(leaf) for place, leaf in zip(places, self.leaves, strict=True)]
        return self._text(f"@compiled\ndef {self.left}():\n    pass", [*rows, *self.parameters], stored)

    def _text(self, left_behind: str, parameters: Sequence[str], ending: Sequence[str]) -> str:
        out = Writer()
        with out.block(f"def block({', '.join(parameters)}):"):
            out.extend([*self.lines, *ending])
        return "\n\n".join([left_behind, self.functions, f"@entry\n{out.text}"])

    # Running --------------------------------------------------------------------------------

    def _run(self, rng: Any, arguments: Sequence[Any], plain: bool,
             emit: Emit) -> tuple[Any, Diagnostic | None, NDArray[np.float64]]:  # fmt: skip
        """The results of one call, whose lines are emitted, what ended it early, if anything did, and its messages."""
        load = loader.load_plain if plain else loader.load_compiled
        before = None if rng is None else rng.bit_generator.state
        buffer = new_buffer()
        with np.errstate(all="ignore"):
            try:
                results = load(self.source).block(buffer, rng, *arguments)
            except np.linalg.LinAlgError as problem:  # NumPy's, where compiled code would have inf or nan
                title, mark = f"linear algebra failed: {problem}", Mark(self.statements[0].span)
                return (), Diagnostic("argument-value", title, mark), buffer
            while lost_records(buffer):  # once more from the same state, with more room
                buffer = new_buffer(8 * buffer.size)
                if rng is not None:
                    rng.bit_generator.state = before
                results = load(self.source).block(buffer, rng, *arguments)
        for line in self.messages.printed(buffer):
            emit(line)
        return tuple(results), self.messages.error(buffer), buffer

    def _violated(self, results: Sequence[Any], buffer: NDArray[np.float64]) -> Diagnostic | None:
        """What is said of an output outside its constraint."""
        found = violation(self.guards, results)
        return found and self.messages.traced(found.problem, [found.value], buffer)

    def _native(self, arguments: Sequence[Any]) -> NativeBlock | None:
        """The block as machine code of the own back end, if that takes it and the outputs' shapes are known before."""
        from .native_block import native_block

        leaves = iter(arguments)
        given = {variable: [np.shape(next(leaves)) for _ in _slots(variable)] for variable in self.inputs}
        shapes: list[tuple[int, ...]] = []
        for variable in self.outputs:
            if variable not in given and any(slot.rank for slot in _slots(variable)):
                return None
            shapes += given.get(variable) or [() for _ in _slots(variable)]
        return native_block(self, arguments, [], shapes)

    @property
    def _leaves_over_draws(self) -> list[tuple[Slot, Shape]]:
        assert self.shapes is not None, "the sizes of the outputs are not known"
        return self.results(self.shapes)

    def _one_by_one(self, constant: list[Any], per_draw: list[Any], failed: Any, rng: Any, emit: Emit) -> Any:
        """Draws run from Python, so that what they print appears as it is printed."""
        first = None
        results = [slot.new_array((len(failed), *shape)) for slot, shape in self._leaves_over_draws]
        for draw in range(len(failed)):
            arguments = [*constant, *(_scalar(array[draw]) for array in per_draw)]
            values, problem, _ = self._run(rng, arguments, False, emit)
            if problem is not None:
                failed[draw] = True
                first = first or problem
                continue
            for result, value in zip(results, values, strict=True):
                result[draw] = value
        return results, first

    def _driver(self, constant: int, stacked: int) -> str:
        """The source with a function that loops over draws."""
        fixed = [f"c{n}" for n in range(constant)]
        moving = [f"s{n}" for n in range(stacked)]
        leaves = self._leaves_over_draws
        results = [f"r{n}" for n in range(len(leaves))]
        arguments = ", ".join([*fixed, *(f"{name}[_draw]" for name in moving)])
        parameters = ", ".join([*fixed, *moving])
        copies = Unit()  # what it defines may be defined by the block as well, which does no harm
        lines = [
            "@entry",
            f"def over_draws(_messages, _first, _failed, _rng, {parameters}):",
            "    _count = _failed.size",
            *(
                f"    {r} = np.empty((_count, {''.join(f'{size}, ' for size in shape)}), {slot.dtype})"
                for r, (slot, shape) in zip(results, leaves, strict=True)
            ),
            "    for _draw in range(_count):",
            "        _messages[0] = 0",
            f"        _messages[1] = {FIRST}",
            f"        _messages[{DEPTH}] = 0.0",
            f"        {''.join(f'o{n}, ' for n in range(len(leaves)))} = block(_messages, _rng, {arguments})",
            "        if _messages[0] != 0:",
            "            _failed[_draw] = True",
            "            if _first[0] == 0:",
            f"                {copy(copies, 1, '_first', '_messages')}",
            "            continue",
        ]
        lines += [
            f"        {copy(copies, slot.rank, f'{result}[_draw]', f'o{n}')}"
            for n, (result, (slot, _)) in enumerate(zip(results, leaves, strict=True))
        ]
        lines.append(f"    return ({''.join(f'{result}, ' for result in results)})")
        return "\n".join([self.source.replace("@entry", "@compiled"), copies.source, *lines, ""])

    # Values in and out ----------------------------------------------------------------------

    @property
    def usable(self) -> bool:
        """Whether it can run here: source text can anywhere."""
        return True

    @property
    def input_slots(self) -> list[Slot]:
        """The leaves of the inputs."""
        return [slot for variable in self.inputs for slot in _slots(variable)]

    @property
    def output_slots(self) -> list[Slot]:
        return [slot for variable in self.outputs for slot in _slots(variable)]

    def results(self, outputs: Sequence[Shape]) -> list[tuple[Slot, Shape]]:
        """What the function returns: the leaves of the outputs, of these shapes, and what their constraints say."""
        bounds = [
            (slot, outputs[guard.leaf][len(outputs[guard.leaf]) - slot.rank :])
            for guard in self.guards
            for slot in guard.slots
        ]
        return [*zip(self.output_slots, outputs, strict=True), *bounds]

    @property
    def _leaf_count(self) -> int:
        return len(self.output_slots)

    def _arguments(self, values: Sequence[Any], variables: Sequence[ir.Variable] | None = None) -> list[Any]:
        pairs = zip(self.inputs if variables is None else variables, values, strict=True)
        return [leaf for variable, value in pairs for leaf in _leaves(value, variable, 0)]

    def _stacked(self, values: Sequence[Any], variables: Sequence[ir.Variable]) -> list[Any]:
        return [leaf for variable, value in zip(variables, values, strict=True) for leaf in _leaves(value, variable, 1)]

    def _shaped(self, results: Sequence[Any]) -> tuple[Any, ...]:
        leaves = iter(results)
        return tuple(unflatten(slots(variable.type), leaves) for variable in self.outputs)


def _slots(variable: ir.Variable) -> list[Slot]:
    """The leaves of a variable."""
    return list(flatten(slots(variable.type)))


def _leaves(value: Nested[NDArray[Any]], variable: ir.Variable, extra: int) -> Iterator[Any]:
    """The arrays and numbers of a value, as compiled code takes them."""
    for part, slot in zip(flatten(value), flatten(slots(variable.type)), strict=True):
        array = slot.array(part)
        yield array if slot.rank + extra else _scalar(array.reshape(()))


def _scalar(value: Any) -> Any:
    """0-d arrays as numbers; floating point as NumPy's, whose division by zero is not an exception."""
    if np.ndim(value):
        return value
    return int(value) if np.asarray(value).dtype.kind == "i" else np.asarray(value)[()]


def _silent(line: str) -> None:
    """What is printed while a failure is looked for was printed before."""
