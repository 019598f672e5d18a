"""A block that runs once per draw, as machine code of the own back end instead of Numba's.

It starts in milliseconds and is kept on disk. What the back end does not understand (a few library functions) is left
to Numba: `native_block` then returns None.
"""

from __future__ import annotations

import ctypes
import math
import threading
from collections.abc import Sequence
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
from .support import DEPTH, FIRST
from .values import Nested, Slot, Slots, flatten, slots, unflatten

if TYPE_CHECKING:
    from .block import CompiledBlock

type Shape = tuple[int, ...]
SPACE = 1024  # numbers of a message: what a statement rejects with, or the lines of a draw to begin with
_STORED = {"i": "ints", "f": "floats", "c": "complexs"}
_linking = threading.Lock()


@dataclass(frozen=True)
class NativeBlock:
    """Machine code with the layout of what goes in and out; it can be pickled. Used like a CompiledBlock."""

    text: Text
    code: bytes
    machine: str
    constant: tuple[Slot, ...]
    stacked: tuple[Slot, ...]
    results: tuple[tuple[Slot, Shape], ...]  # of the outputs' leaves, then of what their constraints need
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
        count = 3 + len(self.constant) + len(self.stacked) + len(self.results)
        types = [ctypes.c_int64, ctypes.c_int64, ctypes.c_int64, *[ctypes.c_void_p] * count]
        return bound, ctypes.CFUNCTYPE(None, *types)(bound.addresses["over_draws"])

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_linked"}

    def over_draws(self, constant: Sequence[Any], stacked: Sequence[Any], count: int, rng: np.random.Generator, *,
                   emit: Emit = print) -> Draws:  # fmt: skip
        """See CompiledBlock."""
        given, moving = _arrays(constant, self.constant), _arrays(stacked, self.stacked)
        results = [slot.new_array((count, *shape)) for slot, shape in self.results]
        failed = np.zeros(count, np.int64)
        if self.messages.prints:
            first = self._one_by_one(given, [*moving, *results], failed, rng, emit)
        else:
            first_buffer = new_buffer(SPACE)
            self._run(rng, failed, new_buffer(SPACE), first_buffer, [*given, *moving, *results])
            first = self.messages.error(first_buffer)
        wrong = failed.astype(np.bool_)
        first = check_draws(self.guards, results, wrong, first)
        for result in results:
            result[wrong] = np.nan if result.dtype.kind in "fc" else np.iinfo(np.int64).min
        leaves = iter(results)
        return Draws(tuple(unflatten(shape, leaves) for shape in self.outputs), wrong, first)

    def _run(self, rng: np.random.Generator, failed: NDArray[Any], messages: NDArray[Any], first: NDArray[Any],
             arrays: Sequence[NDArray[Any]]) -> None:  # fmt: skip
        """As many draws as `failed` has elements. Each leaves its messages in the buffer, the first failure `first`."""
        _bound, function = self._function
        addresses_ = (array.ctypes.data for array in (failed, messages, first, *arrays))
        function(failed.size, messages.size, address_of(rng), *addresses_)

    def _one_by_one(self, given: Sequence[NDArray[Any]], per_draw: Sequence[NDArray[Any]], failed: NDArray[Any],
                    rng: np.random.Generator, emit: Emit) -> Diagnostic | None:  # fmt: skip
        """Draws of which each says what it prints before the next is made."""
        space, first = SPACE, None
        for draw in range(failed.size):
            here = slice(draw, draw + 1)
            arrays = [*given, *(array[here] for array in per_draw)]
            before = rng.bit_generator.state
            messages = new_buffer(space)
            self._run(rng, failed[here], messages, new_buffer(space), arrays)
            while lost_records(messages):  # once more from the same state, with more room
                space *= 8
                rng.bit_generator.state = before
                messages = new_buffer(space)
                self._run(rng, failed[here], messages, new_buffer(space), arrays)
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
    leaves = block.output_slots
    if any(slot.kind not in _STORED for slot in (*inputs, *leaves, *block.guard_slots)):
        return None
    if any(slot.rank for slot in block.guard_slots) or not addresses():
        return None
    shapes = [*outputs, *[()] * len(block.guard_slots)]
    results = tuple(zip((*leaves, *block.guard_slots), shapes, strict=True))
    fixed, varying = tuple(inputs[: len(given)]), tuple(inputs[len(given) :])
    try:
        text = _text(block.source, list(zip(fixed, map(np.shape, given), strict=True)),
                     list(zip(varying, moving, strict=True)), results)  # fmt: skip
        code = machine_code(text)
    except LanguageError:
        return None
    nested = tuple(slots(variable.type) for variable in block.outputs)
    return NativeBlock(text, code, machine_name(), fixed, varying, results, nested, block.guards, block.messages)


def _text(
    source: str,
    constant: Sequence[tuple[Slot, Shape]],
    moving: Sequence[tuple[Slot, Shape]],
    results: Sequence[tuple[Slot, Shape]],
) -> Text:
    """The program: the block, and around it the loop over draws."""
    from ..backend.embedded import Collector
    from ..backend.mathlib import texts
    from ..backend.program import assemble_text
    from . import support

    collector = Collector()
    block = collector.module(source, lambda name: getattr(support, name, None))["block"]
    parameters = ["failed", "page", "first"]
    kinds = ["ints", "floats", "floats"]
    for prefix, entries in (("c", constant), ("s", moving), ("r", results)):
        parameters += [f"{prefix}{n}" for n in range(len(entries))]
        kinds += [_STORED[slot.kind] for slot, _ in entries]
    passed = ["messages", "rng"]
    for number, (_, shape) in enumerate(constant):
        passed.append(f"sized(c{number}, {', '.join(map(str, shape))})" if shape else f"c{number}[0]")
    for number, (_, shape) in enumerate(moving):
        passed.append(f"sized(s{number}, number, {', '.join(map(str, shape))})[d]" if shape else f"s{number}[d]")
    names = [f"o{number}" for number in range(len(results))]
    targets = f"({''.join(f'{name}, ' for name in names)}) = " if names else ""  # a block may only print
    lines = [
        "messages = sized(page, space)",
        "messages[0] = 0.0",
        f"messages[1] = {float(FIRST)}",
        "messages[2] = 0.0",
        f"messages[{DEPTH}] = 0.0",
        f"{targets}{block}({', '.join(passed)})",
        "if messages[0] != 0.0:",
        "    failed[d] = 1",
        "    if first[0] == 0.0:",
        "        for k in range(space):",
        "            first[k] = messages[k]",
        "else:",
    ]
    for number, (_, shape) in enumerate(results):
        size = math.prod(shape)
        if not shape:
            lines.append(f"    r{number}[d] = o{number}")
        elif size:
            lines += [
                f"    p{number} = raw(o{number})",
                f"    for k in range({size}):",
                f"        r{number}[d * {size} + k] = p{number}[k]",
            ]
    lines.append("    pass")
    body = "\n    ".join(lines)
    every = ", ".join(parameters)
    typed = ", ".join(f"{name}: {kind}" for name, kind in zip(parameters, kinds, strict=True))
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
