"""Program text to tokens: the longest match wins, comments are set aside, `#include` reads the other file in place."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from . import errors
from .diagnostics import Diagnostic
from .source import Source, Span
from .tables import END, load_tables
from .tree import Comment

ERROR: Final = "$ERROR"

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
        self.seen: set[Path] = set()

    def program(self, source: Source) -> Iterator[Token]:
        """All tokens of a program, the last of kind END."""
        yield from self.tokens(source, ())
        yield Token(END, "", Span(source, len(source.text), len(source.text)))

    def tokens(self, source: Source, including: tuple[Path, ...]) -> Iterator[Token]:
        """The tokens of one source; `including` are the files being read, outermost first."""
        text, words, symbols = source.text, load_tables().words, load_tables().symbols
        match_token = token_pattern().match
        position, end = 0, len(text)
        while position < end:
            match = match_token(text, position)
            if match is None or (match.group() == "/" and text.startswith("/*", position)):
                position = yield from self.irregular(source, position, including)
                continue
            kind, value = match.lastgroup or "", match.group()
            span = Span(source, position, match.end())
            if kind == "NAME":
                yield Token(words.get(value, "NAME"), value, span)
            elif kind == "SYMBOL":
                if value == "<-" and not self.legacy:
                    span = Span(source, position, position + 1)
                    value = "<"
                yield Token(symbols[value], value, span)
            elif kind == "COMMENT":
                self.comments.append(Comment(value, span=span))
            elif kind != "SPACE":
                yield Token(kind, value, span)
            position = span.end

    def irregular(self, source: Source, position: int, including: tuple[Path, ...]) -> Generator[Token, None, int]:
        """Handle what is no token: an include, an old comment, or a mistake; returns where to go on."""
        text = source.text
        if include := INCLUDE.match(text, position):
            span = Span(source, position, include.end())
            self.comments.append(Comment(include.group(), span=span))
            yield from self.include(include.group(include.lastindex or 0), span, including)
            return include.end()
        if self.legacy and (comment := OLD_COMMENT.match(text, position)):
            span = Span(source, position, comment.end())
            self.comments.append(Comment(comment.group(), span=span))
            self.warnings.append(errors.old_comment(span))
            return comment.end()
        if text.startswith("/*", position):
            yield Token(ERROR, "/*", (span := Span(source, position, position + 2)), errors.unclosed_comment(span))
            return len(text)
        span = Span(source, position, position + 1)
        yield Token(ERROR, text[position], span, errors.invalid_character(span))
        return position + 1

    def include(self, name: str, span: Span, including: tuple[Path, ...]) -> Iterator[Token]:
        """The tokens of an included file."""
        own_folder = Path(span.source.name).parent
        folders = (*self.include_paths, own_folder)
        path = next((folder / name for folder in folders if (folder / name).is_file()), None)
        if path is None:
            yield Token(ERROR, span.text, span, errors.include_not_found(name, folders, span))
            return
        resolved = path.resolve()
        outermost = span.source if not including else None
        if resolved in including or (outermost and resolved == Path(outermost.name).resolve()):
            yield Token(ERROR, span.text, span, errors.include_recursion(name, span))
            return
        if path.suffix == FUNCTION_LIBRARY and resolved in self.seen:
            return
        self.seen.add(resolved)
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as failure:
            yield Token(ERROR, span.text, span, errors.include_unreadable(name, str(failure), span))
            return
        yield from self.tokens(Source(str(path), text, included_from=span), (*including, resolved))


INCLUDE: Final = re.compile(r'#include[ \t\f\r\n]+(?:"([^"\r\n]*)"|<([^>\r\n]*)>|([^ \t\f\r\n]*))')
OLD_COMMENT: Final = re.compile(r"#[^\r\n]*")


@cache
def token_pattern() -> re.Pattern[str]:
    """One expression for all tokens; its last group's name is the token's kind, punctuation being SYMBOL."""
    tables = load_tables()
    groups = [f"(?P<{name}>{pattern})" for name, pattern in tables.patterns.items() if name != "NAME"]
    longest_first = sorted(tables.symbols, key=len, reverse=True)
    symbols = "|".join(re.escape(symbol) for symbol in longest_first)
    return re.compile("|".join([*groups, f"(?P<NAME>{tables.patterns['NAME']})", f"(?P<SYMBOL>{symbols})"]))
