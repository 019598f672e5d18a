"""Which command is meant; its module is imported only then, so that each starts as fast as it can."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from pplc.cli.exits import Stop, guarded

# `pplc MODEL ...` samples; the others are asked for by name (a model file of the same name is `./check`).
COMMANDS = {
    "check": "report all mistakes in programs, without running them",
    "format": "lay out programs in the standard way",
    "summary": "summarise a result that was written earlier",
}

DEEPEST = 50_000  # calls within calls: a sum of thousands of terms is a tree as deep


def run(arguments: Sequence[str]) -> int:
    """Run a command line; returns the exit code."""
    name = arguments[0] if arguments and arguments[0] in COMMANDS else "sample"
    rest = list(arguments[1:] if name != "sample" else arguments) or ["--help"]

    sys.setrecursionlimit(DEEPEST)

    def command() -> int:
        import click

        if name == "sample":
            _guard_against_typo(rest[0])
        module = import_module(f"pplc.cli.{name}")
        try:
            code: int | None = module.command.main(rest, _program(name), standalone_mode=False)
        except click.Abort as abort:  # what click makes of Ctrl-C, and of the end of a file
            raise (abort.__cause__ or KeyboardInterrupt()) from None
        except click.ClickException as problem:
            from pplc.cli.mistyped import explain

            raise Stop(f"{explain(problem)} (see {_program(name)} --help)") from None
        return code or 0

    return guarded(command)


def _guard_against_typo(word: str) -> None:
    """`pplc chekc FILE` is no program called `chekc`."""
    near = get_close_matches(word, COMMANDS, 1, 0.7)
    if near and not Path(word).exists():
        raise Stop(f"there is no file {word}; did you mean the command `pplc {near[0]}`?")


def _program(name: str) -> str:
    return "pplc" if name == "sample" else f"pplc {name}"
