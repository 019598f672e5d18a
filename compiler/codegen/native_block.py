"""A block that runs once per draw, as machine code of the own back end instead of Numba's.

It starts in milliseconds and is kept on disk. What the back end does not understand (a few library functions) is left
to Numba: `native_block` then returns None.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pplc.grammar.diagnostics import Diagnostic

from ..backend.cache import machine_code
from ..backend.llvm import LanguageError
from ..backend.machine import machine_name
from ..backend.program import Bound, Text
from ..backend.random_methods import address_of, addresses, used
from .draws_made import Draws, Emit
from .guards import Guard, check_draws
from .messages import Messages, lost_records, new_buffer
from .rows import KINDS, Place, Shape, placed, widths
from .support import DEPTH, FIRST
from .values import Kind, Nested, Slot, Slots, flatten, slots, unflatten

if TYPE_CHECKING:
    from .compiled_block import CompiledBlock

SPACE = 1024  # numbers of a message: what a statement rejects with, or the lines of a draw to begin with
CHUNK = 1 << 17  # numbers that the draws leave which are made at a time: as many as fit into the cache
_linking = threading.Lock()


@dataclass(frozen=True)
class NativeBlock:
    """Machine code with the layout of what goes in and out; it can be pickled. Used like a CompiledBlock."""

    text: Text
    code: bytes
    machine: str
    constant: tuple[Slot, ...]
    stacked: tuple[Slot, ...]
    places: tuple[Place, ...]  # of the outputs' leaves, then of what their constraints say
    outputs: tuple[Slots, ...]
    guards: tuple[Guard, ...]
    messages: Messages

    @property
    def usable(self) -> bool:
        """Whether the code is for this machine."""
        return self.machine == machine_name() and bool(addresses())

    @property
    def _function(self) -> tuple[Bound, Any]:
        """The function, and what must be held while it runs: chains are expanded in several threads at once."""
        with _linking:
            return self._linked

    @cached_property
    def _linked(self) -> tuple[Bound, Any]:
        symbols = {external.name: addresses()[external.name] for external in self.text.externals}
        bound = Bound(self.text, self.code, {}, symbols, {})
        count = 3 + len(KINDS) + len(self.constant) + len(self.stacked)
        types = [ctypes.c_int64, ctypes.c_int64, ctypes.c_int64, *[ctypes.c_void_p] * count]
        return bound, ctypes.CFUNCTYPE(None, *types)(bound.addresses["over_draws"])

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_linked"}

    def over_draws(self, constant: Sequence[Any], stacked: Sequence[Any], count: int, rng: np.random.Generator, *,
                   emit: Emit = print) -> Draws:  # fmt: skip
        """See CompiledBlock."""
        given, moving = _arrays(constant, self.constant), _arrays(stacked, self.stacked)
        results = [place.slot.new_array((count, *place.shape)) for place in self.places]
        failed = np.zeros(count, np.int64)
        if self.messages.prints:
            first = self._one_by_one(given, moving, results, failed, rng, emit)
        else:
            first_buffer = new_buffer(SPACE)
            rows = self._rows(min(count, max(1, CHUNK // max(1, sum(widths(self.places).values())))))
            for start in range(0, count, len(rows[0])):
                here = slice(start, start + len(rows[0]))
                self._run(rng, here, failed, new_buffer(SPACE), first_buffer, given, moving, rows)
                self._keep(rows, here, results)
            first = self.messages.error(first_buffer)
        wrong = failed.astype(np.bool_)
        first = check_draws(self.guards, results, wrong, first, self.messages)
        for result in results:
            result[wrong] = np.nan if result.dtype.kind in "fc" else np.iinfo(np.int64).min
        leaves = iter(results)
        return Draws(tuple(unflatten(shape, leaves) for shape in self.outputs), wrong, first)

    def _rows(self, count: int) -> list[NDArray[Any]]:
        """Memory for what so many draws leave."""
        return [Slot(kind, 0).new_array((count, width)) for kind, width in widths(self.places).items()]

    def _keep(self, rows: Sequence[NDArray[Any]], draws: slice, results: Sequence[NDArray[Any]]) -> None:
        """Take the results of some draws out of their rows."""
        by_kind = dict(zip(KINDS, rows, strict=True))
        for place, result in zip(self.places, results, strict=True):
            result[draws] = place.taken(by_kind[place.slot.kind][: len(result[draws])])

    def _run(self, rng: np.random.Generator, draws: slice, failed: NDArray[Any], messages: NDArray[Any],
             first: NDArray[Any], given: Sequence[NDArray[Any]], moving: Sequence[NDArray[Any]],
             rows: Sequence[NDArray[Any]]) -> None:  # fmt: skip
        """Some of the draws. Each leaves its messages in the buffer and a row each; the first failure `first`."""
        _bound, function = self._function
        failed, moving = failed[draws], [array[draws] for array in moving]
        addresses_ = (array.ctypes.data for array in (failed, messages, first, *rows, *given, *moving))
        function(failed.size, messages.size, address_of(rng), *addresses_)

    def _one_by_one(self, given: Sequence[NDArray[Any]], moving: Sequence[NDArray[Any]],
                    results: Sequence[NDArray[Any]], failed: NDArray[Any], rng: np.random.Generator,
                    emit: Emit) -> Diagnostic | None:  # fmt: skip
        """Draws of which each says what it prints before the next is made."""
        space, first, rows = SPACE, None, self._rows(1)
        for draw in range(failed.size):
            here = slice(draw, draw + 1)
            before = rng.bit_generator.state
            messages = new_buffer(space)
            self._run(rng, here, failed, messages, new_buffer(space), given, moving, rows)
            while lost_records(messages):  # once more from the same state, with more room
                space *= 8
                rng.bit_generator.state = before
                messages = new_buffer(space)
                self._run(rng, here, failed, messages, new_buffer(space), given, moving, rows)
            self._keep(rows, here, results)
            for line in self.messages.printed(messages):
                emit(line)
            first = first or self.messages.error(messages)
        return first


def _arrays(values: Sequence[Nested[NDArray[Any]]], kinds: Sequence[Slot]) -> list[NDArray[Any]]:
    return [slot.array(leaf) for leaf, slot in zip(flatten(*values), kinds, strict=True)]


def native_block(
    block: CompiledBlock, constant: Sequence[Any], moving: Sequence[Shape], outputs: Sequence[Shape]
) -> NativeBlock | None:
    """The block for constants of these shapes and inputs and outputs of the given ones, one per leaf."""
    given = [leaf for value in constant for leaf in flatten(value)]
    inputs = block.input_slots
    results = block.results(outputs)
    if any(slot.kind not in KINDS for slot in (*inputs, *(slot for slot, _ in results))) or not addresses():
        return None
    places = tuple(placed(results))
    fixed, varying = tuple(inputs[: len(given)]), tuple(inputs[len(given) :])
    try:
        text = program_text(block.storing(places), list(zip(fixed, map(np.shape, given), strict=True)),
                     list(zip(varying, moving, strict=True)), widths(places))  # fmt: skip
        code = machine_code(text)
    except LanguageError:
        return None
    nested = tuple(slots(variable.type) for variable in block.outputs)
    return NativeBlock(text, code, machine_name(), fixed, varying, places, nested, block.guards, block.messages)


def program_text(
    source: str,
    constant: Sequence[tuple[Slot, Shape]],
    moving: Sequence[tuple[Slot, Shape]],
    width: Mapping[Kind, int],
) -> Text:
    """The program: the block, and around it the loop over draws."""
    from ..backend.embedded import Collector
    from ..backend.mathlib import texts
    from ..backend.program import assemble_text
    from . import support

    collector = Collector()
    block = collector.module(source, lambda name: getattr(support, name, None))["block"]
    parameters = {"failed": "ints", "page": "floats", "first": "floats"} | {row: row for row in KINDS.values()}
    passed = [f"sized({row}, number, {width[kind]})[d]" for kind, row in KINDS.items()]
    passed += ["messages", "rng"]
    for number, (slot, shape) in enumerate(constant):
        parameters[f"c{number}"] = KINDS[slot.kind]
        passed.append(f"sized(c{number}, {', '.join(map(str, shape))})" if shape else f"c{number}[0]")
    for number, (slot, shape) in enumerate(moving):
        parameters[f"s{number}"] = KINDS[slot.kind]
        passed.append(f"sized(s{number}, number, {', '.join(map(str, shape))})[d]" if shape else f"s{number}[d]")
    lines = [
        "messages = sized(page, space)",
        "messages[0] = 0.0",
        f"messages[1] = {float(FIRST)}",
        "messages[2] = 0.0",
        f"messages[{DEPTH}] = 0.0",
        f"{block}({', '.join(passed)})",
        "if messages[0] != 0.0:",
        "    failed[d] = 1",
        "    if first[0] == 0.0:",
        "        for k in range(space):",
        "            first[k] = messages[k]",
    ]
    body = "\n    ".join(lines)
    every = ", ".join(parameters)
    typed = ", ".join(f"{name}: {kind}" for name, kind in parameters.items())
    functions = [f"@seldom\n{h.source}" if h.name == block else h.source for h in collector.helpers.values()]
    functions += [
        f"def one_draw(d, number, space, rng, {every}):\n    {body}",
        f"def all_draws(number, space, rng, {every}):\n"
        f"    for d in range(number):\n        one_draw(d, number, space, rng, {every})",
        f"@exact\ndef over_draws(number: int, space: int, rng: int, {typed}) -> None:\n"
        f"    all_draws(number, space, rng, {every})",
    ]
    called = {call for helper in collector.helpers.values() for call in helper.calls}
    others = texts(called, known=collector.helpers)
    return Text(assemble_text([*others, *functions], set()), ("over_draws",), (), (), used(called))
