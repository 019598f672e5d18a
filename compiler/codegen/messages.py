"""Errors and prints of generated code: numbers in a buffer while it runs, sentences with a position afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pplc.grammar.diagnostics import Diagnostic, Mark
from pplc.grammar.source import Span

from .support import CAPACITY, FIRST
from .values import Kind, Slot


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
    """A print, reject or fatal_error statement: literal texts and the leaves of values, in order."""

    kind: str  # "print", "reject", "fatal_error"
    parts: tuple[str | Slot | tuple[object, ...], ...]
    span: Span


@dataclass(slots=True)
class Messages:
    """All places of one unit of generated code; a code is a position in the list, from 1."""

    sites: list[Site | Output] = field(default_factory=list)

    def code(self, site: Site | Output) -> int:
        """The number that stands for this place."""
        if site in self.sites:
            return self.sites.index(site) + 1
        self.sites.append(site)
        return len(self.sites)

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
            case Output() as output:
                last = [text for found, text in _records(self.sites, buffer) if found is output]
                title = last[-1] if last else "rejected"
                return Diagnostic(output.kind.replace("_", "-"), title, Mark(output.span))

    def printed(self, buffer: NDArray[np.float64]) -> list[str]:
        """The lines printed, in order."""
        return [text for output, text in _records(self.sites, buffer) if output.kind == "print"]


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


def _records(sites: list[Site | Output], buffer: NDArray[np.float64]) -> Iterator[tuple[Output, str]]:
    position, end = FIRST, int(buffer[1])
    numbers = _Numbers(buffer, position, end)
    while numbers.left:
        try:
            output = sites[int(numbers.take(1)[0]) - 1]
            assert isinstance(output, Output)
            yield output, "".join(_part(part, numbers) for part in output.parts)
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


def _part(part: str | Slot | tuple[object, ...], numbers: _Numbers) -> str:
    match part:
        case str():
            return part
        case Slot("c", rank):  # pairs of reals; the last size counts both
            sizes = [int(size) for size in numbers.take(rank)] or [2]
            shape = (*sizes[:-1], sizes[-1] // 2, 2) if rank else (2,)
            return _text(numbers.take(int(np.prod(shape))).reshape(shape), "c")
        case Slot(kind, rank):
            shape = tuple(int(size) for size in numbers.take(rank))
            return _text(numbers.take(int(np.prod(shape))).reshape(shape), kind)
        case _:
            return "(" + ",".join(_part(inner, numbers) for inner in part) + ")"


def _text(value: NDArray[np.float64], kind: Kind) -> str:
    """A value as Stan prints it: six significant digits, nested brackets, no spaces."""
    if value.ndim == (1 if kind == "c" else 0):
        return f"({value[0]:g},{value[1]:g})" if kind == "c" else f"{int(value)}" if kind == "i" else f"{value:g}"
    return "[" + ",".join(_text(row, kind) for row in value) + "]"
