"""Diagnostics as text for the terminal: the mistake, the lines it is about, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from unicodedata import category, east_asian_width

from .diagnostics import Diagnostic, Mark, Severity
from .source import Span

TAB_WIDTH: Final = 4
RESET: Final = "\033[0m"
BOLD: Final = "\033[1m"
BLUE: Final = "\033[1;34m"
SEVERITY_COLOUR: Final = {Severity.ERROR: "\033[1;31m", Severity.WARNING: "\033[1;33m"}


@dataclass(frozen=True)
class Underline:
    """What to draw under one line: from column to column (as shown), with a label behind or below."""

    line: int
    start: int
    end: int
    label: str
    symbol: str  # "^" for the place of the mistake, "-" for places related to it


def render(diagnostics: Iterable[Diagnostic], colour: bool = False) -> str:
    """All diagnostics as text, an empty line between two; "" for none."""
    return "\n".join(render_one(diagnostic, colour) for diagnostic in diagnostics)


def render_one(diagnostic: Diagnostic, colour: bool = False) -> str:
    """One diagnostic, each line ended."""
    paint = Paint(colour, SEVERITY_COLOUR[diagnostic.severity])
    marks = [(diagnostic.mark, "^"), *((mark, "-") for mark in diagnostic.related)]
    sources = list(dict.fromkeys(id(mark.span.source) for mark, _ in marks))
    width = 1 + max(len(str(last_line(mark.span))) for mark, _ in marks)  # of the column of line numbers
    severity = f"{diagnostic.severity.value}[{diagnostic.code}]"
    lines = [f"{paint.strong(severity)}{paint.bold(f': {diagnostic.title}')}"]
    for number, identity in enumerate(sources):
        of_source = [(mark, symbol) for mark, symbol in marks if id(mark.span.source) == identity]
        lines += heading(of_source[0][0].span, "-->" if number == 0 else ":::", width, paint)
        lines += excerpt(of_source, width, paint)
    if diagnostic.help is not None:
        first, *others = diagnostic.help.splitlines()
        lines.append(f"{paint.frame(' ' * width + ' =')} {paint.bold('help:')} {first}")
        lines += [" " * (width + 9) + line for line in others]
    return "\n".join(line.rstrip() for line in lines) + "\n"


@dataclass(frozen=True)
class Paint:
    """Adds colours, or nothing."""

    on: bool
    severity: str

    def strong(self, text: str) -> str:
        return self.wrap(text, self.severity)

    def bold(self, text: str) -> str:
        return self.wrap(text, BOLD)

    def frame(self, text: str) -> str:
        return self.wrap(text, BLUE)

    def wrap(self, text: str, code: str) -> str:
        return f"{code}{text}{RESET}" if self.on and text else text

    def underline(self, text: str, symbol: str) -> str:
        return self.strong(text) if symbol == "^" else self.frame(text)


def heading(span: Span, arrow: str, width: int, paint: Paint) -> Iterator[str]:
    """Where a span is: file, line and column (both from 1, as editors count), and the includes that led there."""
    yield f"{paint.frame(' ' * width + arrow)} {position(span)}"
    while (included := span.source.included_from) is not None:
        span = included
        yield f"{' ' * (width + 4)}included from {position(span)}"


def position(span: Span) -> str:
    return f"{span.source.name}:{span.line}:{span.column + 1}"


def excerpt(marks: list[tuple[Mark, str]], width: int, paint: Paint) -> Iterator[str]:
    """The marked lines of one source with what is under them."""
    source = marks[0][0].span.source
    underlines = sorted((line for mark, symbol in marks for line in underlined(mark, symbol)), key=lambda u: u.line)
    gutter = paint.frame(" " * width + " |")
    yield gutter
    for number, group in groupby(underlines, key=lambda u: u.line):
        yield f"{paint.frame(f'{number:>{width}} |')} {shown(source.line(number))}"
        for text in drawn(list(group), paint):
            yield f"{gutter} {text}"
    yield gutter


def drawn(underlines: list[Underline], paint: Paint) -> Iterator[str]:
    """The lines under one line of the program: all carets, the last label behind them, the others below."""
    in_order = sorted(underlines, key=lambda u: (u.start, u.end))
    carets, column = "", 0
    for underline in in_order:
        start = max(underline.start, column)
        length = max(underline.end - start, 0 if start > underline.start else 1)
        carets += " " * (start - column) + paint.underline(underline.symbol * length, underline.symbol)
        column = start + length
    *others, last = in_order
    yield f"{carets} {paint.underline(last.label, last.symbol)}".rstrip()
    for underline in reversed(others):
        if underline.label:
            yield " " * underline.start + paint.underline(underline.label, underline.symbol)


def underlined(mark: Mark, symbol: str) -> Iterator[Underline]:
    """What to draw for a mark: one line, or the first and the last of several."""
    source, first, last = mark.span.source, mark.span.line, last_line(mark.span)
    start = columns(source.line(first)[: mark.span.column])
    if first == last:
        end = start + columns(mark.span.text)
        yield Underline(first, start, max(end, start + 1), mark.label, symbol)
        return
    yield Underline(first, start, max(columns(source.line(first)), start + 1), "", symbol)
    text = source.line(last)
    begin = columns(text[: len(text) - len(text.lstrip())])
    end = columns(text[: source.line_and_column(mark.span.end)[1]])
    yield Underline(last, min(begin, end), max(end, begin + 1), mark.label, symbol)


def last_line(span: Span) -> int:
    """The line of a span's last character."""
    return span.source.line_and_column(max(span.end - 1, span.start))[0]


def shown(text: str) -> str:
    """A line as it is printed: tabs widened, other control characters visible."""
    return "".join(
        " " * TAB_WIDTH if c == "\t" else "\N{REPLACEMENT CHARACTER}" if category(c) == "Cc" else c for c in text
    )


def columns(text: str) -> int:
    """How many columns of a terminal a text fills."""
    return sum(map(column_width, text))


def column_width(character: str) -> int:
    if character == "\t":
        return TAB_WIDTH
    if category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in ("W", "F") else 1
