"""The front end in one call: program text to typed program, or to what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pplc.grammar.diagnostics import Diagnostic
from pplc.grammar.source import Source, text_of

if TYPE_CHECKING:
    from . import ir

type Standard = Literal["ppl", "stan"]


def read_program(
    source: Source | Path | str, include_paths: Sequence[Path] = (), std: Standard = "ppl"
) -> tuple[ir.Program | None, list[Diagnostic]]:
    """Parse and check a program: a file's path, or a program's text, or a source that has been read.

    Returns the typed program, None if there are errors, and every error and warning. Under `std="ppl"` old
    syntax and old names of functions are read as those of today, with a warning. A string is text when it
    spans lines or has a brace, otherwise a path. Raises OSError if the file cannot be read.
    """
    from pplc.grammar.parser import parse

    from .check import check  # imported late: a model that was compiled before is neither parsed nor checked

    tree, found = parse(read_source(source), include_paths, std)
    if tree is None:
        return None, found
    program, more = check(tree)
    return program, [*found, *more]


def read_source(source: Source | Path | str) -> Source:
    """The text of a program with its name. Raises OSError if the file cannot be read."""
    match source:
        case Source():
            return source
        case str() if "\n" in source or "{" in source or not source.strip():
            return Source("program", source)
        case _:
            path = Path(source)
            text, encoding = text_of(path)
            return Source(str(path), text, encoding=encoding)
