"""`pplc check FILE...`: all mistakes in programs, with their places."""

from __future__ import annotations

from pathlib import Path

import click

from pplc.cli.exits import Exit
from pplc.cli.files import folders, program_source
from pplc.cli.terminal import say, show_diagnostics
from pplc.compiler.frontend import read_program
from pplc.grammar.diagnostics import Severity


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--std", type=click.Choice(["ppl", "stan"]), default="ppl", help="stan: removed old syntax is an error.")
@click.option("--include", multiple=True, type=click.Path(path_type=Path), help="A folder for `#include`; repeatable.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing about programs without a mistake.")
def command(files: tuple[Path, ...], std: str, include: tuple[Path, ...], quiet: bool) -> int:
    """Report all mistakes in programs, with line and column, without running anything.

    Exit code 0 if there is no error (warnings do not count), 1 if there is one, 2 if a file cannot be read.
    """
    include = folders(include)
    sources = [program_source(path) for path in files]
    failed = 0
    for source in sources:
        program, found = read_program(source, include, "stan" if std == "stan" else "ppl")
        show_diagnostics(found)
        failed += program is None
        errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in found)
        counted = (_count(errors, "error"), _count(len(found) - errors, "warning"))
        say(f"{source.name}: {' and '.join(text for text in counted if text) or 'no mistakes'}", quiet and not found)
    return Exit.PROGRAM if failed else Exit.OK


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number > 1 else ''}" if number else ""
