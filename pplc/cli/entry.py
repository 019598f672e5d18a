"""Which command is meant; its module is imported only then, so that each starts as fast as it can."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from pplc.cli.exits import guarded

# `pplc MODEL ...` samples; the others are asked for by name (a model file of the same name is `./check`).
COMMANDS = {
    "check": "report all mistakes in programs, without running them",
    "format": "lay out programs in the standard way",
    "summary": "summarise a result that was written earlier",
}


def run(arguments: Sequence[str]) -> int:
    """Run a command line; returns the exit code."""
    name = arguments[0] if arguments and arguments[0] in COMMANDS else "sample"
    rest = list(arguments[1:] if name != "sample" else arguments)

    def command() -> int:
        import click

        module = import_module(f"pplc.cli.{name}")
        try:
            code: int | None = module.command.main(rest, _program(name), standalone_mode=False)
        except click.ClickException as problem:
            problem.show()
            return problem.exit_code
        return code or 0

    return guarded(command)


def _program(name: str) -> str:
    return "pplc" if name == "sample" else f"pplc {name}"
