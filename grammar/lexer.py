"""Program text to tokens: the longest match wins, comments are set aside, `#include` reads the other file in place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from . import errors
from .diagnostics import Diagnostic
from .includes import INCLUDE, find_included, folders_for, included_name, read_included
from .source import Source, Span
from .tables import END, load_tables
from .tree import Comment

ERROR: Final = "$ERROR"
TRIVIA: Final = frozenset({"COMMENT", "INCLUDE"})

# An included file of this ending counts once, however often it is named.
FUNCTION_LIBRARY: Final = ".stanfunctions"


class Token(NamedTuple):
    """One token; `problem` says what is wrong with one of kind ERROR."""

    kind: str
    text: str
    span: Span
    problem: Diagnostic | None = None


class Lexer:
    """Reads one program: a source and all that it includes."""

    def __init__(self, include_paths: Sequence[Path], legacy: bool) -> None:
        self.include_paths = include_paths
        self.legacy = legacy
        self.comments: list[Comment] = []
        self.warnings: list[Diagnostic] = []
        self.texts: list[str] = []  # of all that was read
        self.seen: set[Path] = set()

    def program(self, source: Source) -> Iterator[Token]:
        """All tokens of a program, the last of kind END."""
        yield from self.tokens(source, ())
        yield Token(END, "", Span(source, len(source.text), len(source.text)))

    def tokens(self, source: Source, including: tuple[Path, ...]) -> Iterator[Token]:
        """The tokens of one source and what it includes; `including` are the files being read, outermost first."""
        self.texts.append(source.text)
        for token in scan(source, self.legacy):
            if token.kind not in TRIVIA:
                yield token
                continue
            self.comments.append(Comment(token.text, span=token.span))
            if token.kind == "INCLUDE":
                yield from self.include(token.span, including)
            elif token.text.startswith("#"):
                self.warnings.append(errors.old_comment(token.span))

    def include(self, span: Span, including: tuple[Path, ...]) -> Iterator[Token]:
        """The tokens of an included file."""
        name = included_name(span.text)
        folders = folders_for(span.source, self.include_paths)
        path = find_included(name, folders)
        if path is None:
            yield Token(ERROR, span.text, span, errors.include_not_found(name, folders, span))
            return
        resolved = path.resolve()
        if resolved in including or resolved == Path(outermost(span.source).name).resolve():
            yield Token(ERROR, span.text, span, errors.include_recursion(name, span))
            return
        if path.suffix == FUNCTION_LIBRARY and resolved in self.seen:
            return
        self.seen.add(resolved)
        try:
            text = read_included(path)
        except (OSError, UnicodeDecodeError) as failure:
            yield Token(ERROR, span.text, span, errors.include_unreadable(name, str(failure), span))
            return
        yield from self.tokens(Source(str(path), text, included_from=span), (*including, resolved))


def outermost(source: Source) -> Source:
    """The file that a source was included from, at the end of the chain."""
    while source.included_from is not None:
        source = source.included_from.source
    return source


def scan(source: Source, legacy: bool) -> Iterator[Token]:
    """All tokens of one source; comments and includes are tokens of a kind in TRIVIA, mistakes of kind ERROR."""
    text, words, symbols = source.text, load_tables().words, load_tables().symbols
    match_token = token_pattern().match
    position, end = 0, len(text)
    while position < end:
        match = match_token(text, position)
        if match is None or (match.group() == "/" and text.startswith("/*", position)):
            token = irregular(source, position, legacy)
            yield token
            position = end if token.text == "/*" else token.span.end
            continue
        kind, value = match.lastgroup or "", match.group()
        position = match.end()
        if kind == "SPACE":
            continue
        span = Span(source, match.start(), position)
        if kind == "NAME":
            yield Token(words.get(value, "NAME"), value, span)
        elif kind != "SYMBOL":
            yield Token(kind, value, span)
        elif value == "<-" and not legacy:
            yield from split_arrow(span)
        else:
            yield Token(symbols[value], value, span)


def irregular(source: Source, position: int, legacy: bool) -> Token:
    """What is no regular token: an include, an old comment, or a mistake."""
    match = INCLUDE.match(source.text, position) or (legacy and OLD_COMMENT.match(source.text, position))
    if match:
        kind = "INCLUDE" if match.re is INCLUDE else "COMMENT"
        return Token(kind, match.group(), Span(source, position, match.end()))
    if source.text.startswith("/*", position):
        span = Span(source, position, position + 2)
        return Token(ERROR, "/*", span, errors.unclosed_comment(span))
    span = Span(source, position, position + 1)
    return Token(ERROR, span.text, span, errors.invalid_character(span))


def split_arrow(span: Span) -> tuple[Token, Token]:
    """`<-` as the two tokens `<` and `-`."""
    symbols = load_tables().symbols
    less, minus = Span(span.source, span.start, span.start + 1), Span(span.source, span.start + 1, span.end)
    return Token(symbols["<"], "<", less), Token(symbols["-"], "-", minus)


OLD_COMMENT: Final = re.compile(r"#[^\r\n]*")


@cache
def token_pattern() -> re.Pattern[str]:
    """One expression for all tokens; its last group's name is the token's kind, punctuation being SYMBOL."""
    tables = load_tables()
    groups = [f"(?P<{name}>{pattern})" for name, pattern in tables.patterns.items() if name != "NAME"]
    longest_first = sorted(tables.symbols, key=len, reverse=True)
    symbols = "|".join(re.escape(symbol) for symbol in longest_first)
    return re.compile("|".join([*groups, f"(?P<NAME>{tables.patterns['NAME']})", f"(?P<SYMBOL>{symbols})"]))
