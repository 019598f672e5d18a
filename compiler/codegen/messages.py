"""Errors and prints of generated code: numbers in a buffer while it runs, sentences with a position afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pplc.grammar.diagnostics import Diagnostic, Mark
from pplc.grammar.source import Span

from ..types import Type
from .support import CAPACITY, FIRST
from .values import Kind, Leaf, Slot, Slots


class ProgramError(Exception):
    """The program stopped: an index out of range, a violated constraint, `reject`, `fatal_error`."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(f"{diagnostic.title} (line {diagnostic.mark.span.line})")
        self.diagnostic = diagnostic


@dataclass(frozen=True, slots=True)
class Site:
    """A place in the program that can report: `title` is a sentence with {0} and {1} for the operands."""

    code: str
    title: str
    span: Span
    label: str = ""

    def diagnostic(self, first: float, second: float) -> Diagnostic:
        title = self.title.format(_whole(first), _whole(second))
        return Diagnostic(self.code, title, Mark(self.span, self.label))


@dataclass(frozen=True, slots=True)
class Output:
    """A print, reject or fatal_error statement, or a solver that stopped: literal texts and the leaves of values, in
    order."""

    kind: str  # "print", "reject", "fatal_error", "solver-stopped"
    parts: tuple[str | Slots, ...]
    span: Span
    help: str | None = None


@dataclass(frozen=True, slots=True)
class Outside:
    """A library call that is given what it is not defined for: number `number` of its needs (see library/needs.py).

    Its record, if it has left one, holds the arguments that are to blame.
    """

    call: str
    types: tuple[Type, ...]
    number: int
    slots: tuple[Slot, ...]
    span: Span

    def diagnostic(self, values: Sequence[NDArray[np.float64]] | None) -> Diagnostic:
        from ..library.needs import Needed, needed

        needs = needed(self.call, self.types)[self.number]
        assert isinstance(needs, Needed)
        return Diagnostic("outside-domain", needs.sentence(self.call, values), Mark(self.span))


@dataclass(frozen=True, slots=True)
class MadeNan:
    """A library call that makes nan of numbers, which its record holds."""

    call: str
    types: tuple[Type, ...]
    slots: tuple[Slot, ...]
    span: Span

    def diagnostic(self, values: Sequence[NDArray[np.float64]] | None) -> Diagnostic:
        from ..library.needs import argument_names

        text = self.span.text
        shown = self.call if text.startswith(self.call) else text if len(text) < _LONGEST else "this"
        told = zip(argument_names(self.call, self.types), values or (), self.slots, strict=False)
        given = [f"{name} is {_text(value, slot.kind)}" for name, value, slot in told if value.size <= _MOST]
        where = f" where {' and '.join(given)}" if given else ""
        return Diagnostic("not-a-number", f"`{shown}` is nan{where}", Mark(self.span))


_LONGEST = 60  # characters of an expression that a sentence repeats
_MOST = 9  # elements of an argument that a sentence shows

type Place = Site | Output | Outside | MadeNan


@dataclass(slots=True)
class Messages:
    """All places of one unit of generated code; a code is a position in the list, from 1."""

    sites: list[Place] = field(default_factory=list)
    _codes: dict[Place, int] = field(default_factory=dict)

    def code(self, site: Place) -> int:
        """The number that stands for this place."""
        if site not in self._codes:
            self.sites.append(site)
            self._codes[site] = len(self.sites)
        return self._codes[site]

    @property
    def prints(self) -> bool:
        return any(isinstance(site, Output) and site.kind == "print" for site in self.sites)

    def error(self, buffer: NDArray[np.float64]) -> Diagnostic | None:
        """What ended the run, if anything did."""
        code = int(buffer[0])
        if not code:
            return None
        match self.sites[code - 1]:
            case Site() as site:
                return site.diagnostic(buffer[3], buffer[4])
            case Outside() | MadeNan() as outside:
                found = [values for place, values in _records(self.sites, buffer) if place is outside]
                return outside.diagnostic(found[-1] if found else None)
            case Output() as output:
                last = [_said(output, values) for place, values in _records(self.sites, buffer) if place is output]
                title = last[-1] if last else "rejected"
                return Diagnostic(output.kind.replace("_", "-"), title, Mark(output.span), help=output.help)

    def printed(self, buffer: NDArray[np.float64]) -> list[str]:
        """The lines printed, in order."""
        return [
            _said(place, values)
            for place, values in _records(self.sites, buffer)
            if isinstance(place, Output) and place.kind == "print"
        ]


def new_buffer(capacity: int = CAPACITY) -> NDArray[np.float64]:
    """An empty message buffer."""
    buffer = np.zeros(capacity)
    buffer[1] = FIRST
    return buffer


def lost_records(buffer: NDArray[np.float64]) -> bool:
    """Whether the buffer was too small for all that was printed."""
    return bool(buffer[2])


def _whole(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else f"{number:.6g}"


# Records ----------------------------------------------------------------------------------------


def _records(sites: list[Place], buffer: NDArray[np.float64]) -> Iterator[tuple[Output | Outside | MadeNan, list[Any]]]:
    """Each record's place and its values, arrays as they are, of complex numbers with an axis for their parts."""
    numbers = _Numbers(buffer, FIRST, int(buffer[1]))
    while numbers.left:
        try:
            place = sites[int(numbers.take(1)[0]) - 1]
            assert not isinstance(place, Site)
            parts = place.parts if isinstance(place, Output) else place.slots
            yield place, [_value(slot, numbers) for slot in _slots(parts)]
        except IndexError:  # the buffer was full
            return


@dataclass(slots=True)
class _Numbers:
    buffer: NDArray[np.float64]
    position: int
    end: int

    @property
    def left(self) -> bool:
        return self.position < self.end

    def take(self, count: int) -> NDArray[np.float64]:
        if self.position + count > self.end:
            raise IndexError
        self.position += count
        return self.buffer[self.position - count : self.position]


def _slots(parts: Sequence[Any]) -> Iterator[Slot]:
    """The leaves among the parts of an output."""
    for part in parts:
        if isinstance(part, Slot):
            yield part
        elif isinstance(part, tuple):
            yield from _slots(part)


def _value(slot: Slot, numbers: _Numbers) -> NDArray[np.float64]:
    if slot.kind != "c":
        shape = tuple(int(size) for size in numbers.take(slot.rank))
        return numbers.take(int(np.prod(shape))).reshape(shape)
    sizes = [int(size) for size in numbers.take(slot.rank)] or [2]  # pairs of reals; the last size counts both
    shape = (*sizes[:-1], sizes[-1] // 2, 2) if slot.rank else (2,)
    return numbers.take(int(np.prod(shape))).reshape(shape)


def _said(output: Output, values: Sequence[Any]) -> str:
    """The text of an output, given the values of its leaves."""
    remaining = iter(values)

    def text(part: Any) -> str:
        match part:
            case str():
                return part
            case Slot(kind, _):
                return _text(next(remaining), kind)
            case _:
                return "(" + ",".join(map(text, part)) + ")"

    return "".join(map(text, output.parts))


def _text(value: NDArray[np.float64], kind: Kind) -> str:
    """A value as Stan prints it: six significant digits, nested brackets, no spaces."""
    if value.ndim == (1 if kind == "c" else 0):
        return f"({value[0]:g},{value[1]:g})" if kind == "c" else f"{int(value)}" if kind == "i" else f"{value:g}"
    return "[" + ",".join(_text(row, kind) for row in value) + "]"


# Writing them -----------------------------------------------------------------------------------


def notes(leaf: Leaf) -> list[str]:
    """The lines that add a value to a record: the sizes of an array, then its elements."""
    if not leaf.rank:
        parts = [f"{leaf}.real", f"{leaf}.imag"] if leaf.kind == "c" else [leaf]
        return [f"note(_messages, {part})" for part in parts]
    array = f"to_parts({leaf})" if leaf.kind == "c" else f"{leaf}"
    sizes = [f"{leaf}.shape[{axis}]" for axis in range(leaf.rank)]
    if leaf.kind == "c":
        sizes[-1] = f"2 * {sizes[-1]}"
    return [*(f"note(_messages, {size})" for size in sizes), f"note_elements(_messages, {array})"]
