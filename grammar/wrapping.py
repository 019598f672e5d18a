"""A logical line as lines of at most 100 columns."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 100
# How much deeper the rest of a line stands that is broken outside of brackets.
CONTINUATION: Final = 4
# Text inside of a bracket is aligned with it, unless this leaves less than so many columns.
NARROWEST: Final = 40
# What may go at the ends of a line: Python strips more, which are bytes of letters where a comment is no UTF-8.
BLANK: Final = " \t\f\r\n"


@dataclass(frozen=True, slots=True)
class Piece:
    """A token or a comment: with a space before or not, inside of `depth` brackets."""

    text: str
    space: bool
    depth: int
    break_cost: int | None = None  # how unwelcome a line break before it is, None when there must be none
    must_break: bool = False  # whether a line must end before it
    is_comment: bool = False
    column: int = 0  # where a comment stood


def wrap(pieces: Sequence[Piece], indent: int) -> Iterator[str]:
    """The lines of text for one logical line that stands `indent` columns deep."""
    start, at = 0, indent
    opened: list[int] = []  # the columns to align with, one for each open bracket
    while start < len(pieces):
        end = line_end(pieces, start, at)
        text, columns = joined(pieces[start:end], at)
        yield text
        for piece, column in zip(pieces[start:end], columns, strict=True):
            if not piece.is_comment:
                del opened[piece.depth :]
                if piece.text in ("(", "[", "{", "<"):
                    opened.append(column + 1)
        start = end
        if start < len(pieces):
            at = continuation(pieces[start], indent, opened)


def continuation(piece: Piece, indent: int, opened: list[int]) -> int:
    """How deep a line stands that begins with `piece` and continues another."""
    if piece.text == "else":
        return indent
    if 0 < piece.depth <= len(opened) and opened[piece.depth - 1] <= WIDTH - NARROWEST:
        return opened[piece.depth - 1]
    return indent + CONTINUATION


def line_end(pieces: Sequence[Piece], start: int, at: int) -> int:
    """Where the line that begins with the piece `start` ends: all that fits, broken where it costs least."""
    column = at
    best: int | None = None
    lowest = sys.maxsize
    for i in range(start, len(pieces)):
        piece = pieces[i]
        if i > start:
            if piece.must_break:
                return i
            if piece.break_cost is not None and piece.break_cost <= lowest:
                best, lowest = i, piece.break_cost
            column += piece.space
        if not piece.is_comment or piece.text.startswith("/*"):
            column += len(piece.text)
        if column > WIDTH and best is not None:
            return best
    return len(pieces)


def joined(pieces: Sequence[Piece], at: int) -> tuple[str, list[int]]:
    """The text of one line and the column of each piece."""
    text = " " * at
    columns = []
    for i, piece in enumerate(pieces):
        if i:
            text += " " * piece.space
        columns.append(len(text))
        text += reindented(piece, len(text)) if piece.is_comment else piece.text
    return text.rstrip(BLANK), columns


def reindented(comment: Piece, column: int) -> str:
    """A comment whose further lines move along with the first."""
    first, *others = comment.text.split("\n")
    shift = column - comment.column
    moved = (" " * max(len(line) - len(line.lstrip(BLANK)) + shift, 0) + line.strip(BLANK) for line in others)
    return "\n".join([first.rstrip(BLANK), *moved])
