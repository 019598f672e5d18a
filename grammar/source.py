"""Source text and positions in it, shared by every stage that reports to the user."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True, eq=False)
class Source:
    """One file of program text; `included_from` is the `#include` that brought it, if any."""

    name: str
    text: str
    included_from: Span | None = None
    encoding: str = "utf-8"

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset at which each line begins."""
        return [0, *(i + 1 for i, character in enumerate(self.text) if character == "\n")]

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """The line (from 1) and column (from 0) of an offset."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1]

    def line(self, number: int) -> str:
        """The text of a line (from 1), without its end."""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] - 1 if number < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r")


@dataclass(frozen=True, slots=True)
class Span:
    """The characters `start` to `end` (exclusive) of a source."""

    source: Source = field(repr=False)
    start: int
    end: int

    @property
    def line(self) -> int:
        """The line of the first character, from 1."""
        return self.source.line_and_column(self.start)[0]

    @property
    def column(self) -> int:
        """The column of the first character, from 0."""
        return self.source.line_and_column(self.start)[1]

    @property
    def text(self) -> str:
        """The characters themselves."""
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of the other (of the same source)."""
        if other.source is not self.source:
            return self
        return Span(self.source, self.start, other.end)


def text_of(path: Path) -> tuple[str, str]:
    """The text of a program's file and its encoding: UTF-8, or else one in which a byte is a character.

    Programs are ASCII but for comments and texts to print, so which encoding those are in need not be known; written
    as they were read, they keep their bytes. Raises OSError, and UnicodeDecodeError where the file is no such text.
    """
    try:
        return path.read_text(encoding="utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        text = path.read_text(encoding="latin-1")
        if "\0" in text:  # UTF-16, or nothing to read
            raise
        return text, "latin-1"
