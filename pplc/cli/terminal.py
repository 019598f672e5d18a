"""Colours and lines for the terminal, without importing anything large."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TextIO

from pplc.grammar.diagnostics import Diagnostic, Severity
from pplc.grammar.render import render_one

STYLES = {"error": "\033[1;31m", "warning": "\033[1;33m", "good": "\033[32m", "dim": "\033[2m", "bold": "\033[1m"}
_RESET = "\033[0m"


def coloured(stream: TextIO) -> bool:
    """Whether a stream shows colours: a terminal does, unless the user says otherwise (no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def paint(text: str, style: str, stream: TextIO) -> str:
    """The text in a style, where the stream shows it."""
    return f"{STYLES[style]}{text}{_RESET}" if coloured(stream) else text


def show_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    """Mistakes in a program, on standard error: the warnings, then the errors, in the order of the program."""
    colour = coloured(sys.stderr)
    for diagnostic in sorted(diagnostics, key=lambda d: d.severity is Severity.ERROR):
        print(render_one(diagnostic, colour), file=sys.stderr)


def say(message: str, quiet: bool = False) -> None:
    """Something about the course of the run, on standard error: standard output is for results."""
    if not quiet:
        print(message, file=sys.stderr, flush=True)
