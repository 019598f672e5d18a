"""The canonical layout of a program: two spaces for a level, at most 100 columns, comments where they were.

The formatter moves tokens and never changes them, so the meaning cannot change: the tree says where lines begin and
how deep they stand (`structure.py`), the tokens of a line are spaced (`spacing.py`) and wrapped (`wrapping.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from . import tree
from .legacy import modernise, upgraded_text
from .lexer import TRIVIA, Token, scan, split_arrow
from .parser import parse
from .source import Source
from .spacing import Spacing
from .structure import Structure
from .wrapping import Piece, wrap

INDENT: Final = 2


def format_program(
    program: tree.Program, source: Source, upgrade: bool = False, include_paths: Sequence[Path] = ()
) -> str:
    """The text of `source` in canonical layout, where `program` is its tree as written: `parse(..., keep_old=True)`.

    With `upgrade`, old syntax and names are replaced by those of today. Included files are left alone; only an
    upgrade looks for them again, in `include_paths`.
    """
    if upgrade and (edits := modernise(program).edits):
        upgraded = Source(source.name, upgraded_text(source, edits))
        new_program, _ = parse(upgraded, include_paths, keep_old=True)
        assert new_program is not None, "the upgraded program does not parse"
        return format_program(new_program, upgraded)
    tokens = list(scan(source, legacy=True))
    structure = Structure(program, source, tokens)
    tokens = [part for token in tokens for part in without_arrow(token, structure)]
    return "".join(f"{line}\n" for line in laid_out(tokens, structure))


def laid_out(tokens: Sequence[Token], structure: Structure) -> Iterator[str]:
    """The lines of the formatted program."""
    spacing = Spacing(structure)
    depths = line_depths(tokens, structure)
    depth, pieces = 0, list[Piece]()
    previous: Token | None = None
    for token, its_depth in zip(tokens, depths, strict=True):
        lines_between = newlines(previous, token)
        is_trivia = token.kind in TRIVIA
        opened = previous is not None and previous.span.start in structure.braces
        if is_trivia:
            begins = its_depth is not None and (lines_between > 0 or previous is None or ends_line(previous))
        else:
            begins = its_depth is not None and not (opened and token.text == "}")
        if begins:
            yield from wrap(pieces, depth * INDENT)
            if lines_between > 1 and pieces and not opened and (token.text != "}" or is_trivia):
                yield ""
            depth, pieces = its_depth or 0, []
            spacing.begin_line()
        piece = spacing.piece(token)
        if not begins and (ends_line(previous) or (is_trivia and lines_between > 0)):
            piece = replace(piece, must_break=True)
        pieces.append(piece)
        previous = token
    yield from wrap(pieces, depth * INDENT)


def without_arrow(token: Token, structure: Structure) -> tuple[Token, ...]:
    """The token, or the two of a `<-` that is no assignment."""
    return split_arrow(token.span) if token.text == "<-" and token.span.start not in structure.arrows else (token,)


def newlines(previous: Token | None, token: Token) -> int:
    """How many line ends stand between two tokens."""
    return token.span.source.text.count("\n", previous.span.end if previous else 0, token.span.start)


def ends_line(token: Token | None) -> bool:
    """Whether nothing can follow a token on its line."""
    return token is not None and token.kind in TRIVIA and not token.text.startswith("/*")


def line_depths(tokens: Sequence[Token], structure: Structure) -> list[int | None]:
    """For each token that begins a line, how deep it stands; a comment stands as deep as what follows it."""
    depths: list[int | None] = []
    following: int | None = 0
    for token in reversed(tokens):
        if token.kind not in TRIVIA:
            following = structure.lines.get(token.span.start)
            depths.append(following)
            if following is not None and token.text == "}":
                following += 1  # comments before a closing brace stand inside
        else:
            depths.append(following)
    return depths[::-1]
