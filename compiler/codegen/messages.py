"""Errors and prints of generated code: numbers in a buffer while it runs, sentences with a position afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pplc.grammar.diagnostics import Diagnostic, Mark
from pplc.grammar.source import Span

from ..types import Type
from .origins import Given, MadeNan, Origin, Unset, payload
from .support import CAPACITY, FIRST, LAST_NAN
from .value_text import value_text, when
from .values import Leaf, Slot, Slots


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
    """A print, reject or fatal_error statement, a solver that stopped, or a total that is nan: literal texts and the
    leaves of values, in order."""

    kind: str  # "print", "reject", "fatal_error", "solver-stopped", "not-a-number"
    parts: tuple[str | Slots, ...]
    span: Span
    help: str | None = None


@dataclass(frozen=True, slots=True)
class Outside:
    """A library call that is given what it is not defined for: number `number` of its needs (see library/needs.py).

    Its record, if it has left one, holds the arguments that are to blame, and the counters of the loops around.
    """

    call: str
    types: tuple[Type, ...]
    number: int
    slots: tuple[Slot, ...]
    span: Span
    counters: tuple[str, ...] = ()

    def diagnostic(self, values: Sequence[NDArray[np.float64]] | None) -> Diagnostic:
        from ..library.needs import Needed, needed

        needs = needed(self.call, self.types)[self.number]
        assert isinstance(needs, Needed)
        about = len(self.slots) - len(self.counters)
        sentence = needs.sentence(self.call, values and values[:about])
        return Diagnostic("outside-domain", sentence, Mark(self.span, when(self.counters, (values or ())[about:])))


type Place = Site | Output | Outside | Origin


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
        place = self.sites[code - 1]
        if isinstance(place, Site):
            return place.diagnostic(buffer[3], buffer[4])
        found = [values for _, other, values in _records(self.sites, buffer) if other is place]
        values = found[-1] if found else None
        if not isinstance(place, Output):
            return self.traced(place.diagnostic(values), values or (), buffer)
        if place.kind == "not-a-number" and values:
            return self.origin(values, buffer)
        title = "rejected" if values is None else _said(place, values)
        problem = Diagnostic(place.kind.replace("_", "-"), title, Mark(place.span), help=place.help)
        if place.kind == "solver-stopped" and (seen := self.origin([buffer[LAST_NAN]], buffer)):
            problem = replace(problem, related=(Mark(seen.mark.span, seen.title),))
        return self.traced(problem, values or (), buffer, own=place.kind in ("reject", "fatal_error"))

    def traced(self, problem: Diagnostic, values: Sequence[Any], buffer: NDArray[np.float64] | None,
               own: bool = False) -> Diagnostic:  # fmt: skip
        """A problem with some values; if one of them is nan, and it is known what made it so, that instead.

        The other is told beside: what made nan, where the sentence is the user's `own` or nan was asked for.
        """
        if (found := self._began(values, buffer)) is None:
            return problem
        place, made = found
        first, second = (problem, made) if own or place.asked_for else (made, problem)
        return replace(first, related=(Mark(second.mark.span, second.title),))

    def origin(self, values: Sequence[Any], buffer: NDArray[np.float64] | None) -> Diagnostic | None:
        """What made the first nan in some values, if there is one and that is known."""
        found = self._began(values, buffer)
        return found and found[1]

    def _began(self, values: Sequence[Any], buffer: NDArray[np.float64] | None) -> tuple[Origin, Diagnostic] | None:
        """The same, and its place."""
        found = next((found for value in values if (found := payload(value)) is not None), None)
        if found is None or found[0] > len(self.sites):
            return None
        code, position = found
        place = self.sites[code - 1]
        if not isinstance(place, MadeNan | Unset | Given):
            return None
        records = () if buffer is None else _records(self.sites, buffer)
        here = [(at, values) for at, other, values in records if other is place]
        here.sort(key=lambda record: record[0] != position)  # without a record of its own, what made nan here before
        return place, place.diagnostic(here[0][1] if here else None)

    def printed(self, buffer: NDArray[np.float64]) -> list[str]:
        """The lines printed, in order."""
        return [
            _said(place, values)
            for _, place, values in _records(self.sites, buffer)
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


type _Recorded = Output | Outside | Origin


def _records(sites: list[Place], buffer: NDArray[np.float64]) -> Iterator[tuple[int, _Recorded, list[Any]]]:
    """Each record's position, place and values, arrays as they are, of complex numbers with an axis for their parts."""
    numbers = _Numbers(buffer, FIRST, int(buffer[1]))
    while numbers.left:
        try:
            start = numbers.position
            place = sites[int(numbers.take(1)[0]) - 1]
            assert not isinstance(place, Site)
            parts = place.parts if isinstance(place, Output) else place.slots
            yield start, place, [_value(slot, numbers) for slot in _slots(parts)]
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
                return value_text(next(remaining), kind)
            case _:
                return "(" + ",".join(map(text, part)) + ")"

    return "".join(map(text, output.parts))


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
