"""`pplc format FILE...`: programs in the standard layout."""

from __future__ import annotations

from pathlib import Path

import click

from pplc.cli.exits import Exit, Stop
from pplc.cli.files import folders, program_source
from pplc.cli.terminal import say, show_diagnostics
from pplc.grammar.diagnostics import Severity
from pplc.grammar.formatter import format_program
from pplc.grammar.parser import parse


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--write", "-w", is_flag=True, help="Change the files instead of printing the result.")
@click.option("--check", is_flag=True, help="Only tell which files would change; exit code 1 if any would.")
@click.option("--upgrade", is_flag=True, help="Replace old syntax and old names of functions by those of today.")
@click.option("--include", multiple=True, type=click.Path(path_type=Path), help="A folder for `#include`; repeatable.")
def command(files: tuple[Path, ...], write: bool, check: bool, upgrade: bool, include: tuple[Path, ...]) -> int:
    """Lay out programs in the standard way: comments stay, the meaning does not change.

    Prints to standard output. Exit code 1 if a program has a syntax error (nothing of it is then changed).
    """
    if write and check:
        raise Stop("--write and --check exclude each other")
    include = folders(include)
    sources = [program_source(path) for path in files]
    failed = False
    for path, source in zip(files, sources, strict=True):
        program, found = parse(source, include, keep_old=True)
        if program is None:
            show_diagnostics(d for d in found if d.severity is Severity.ERROR)
            failed = True
            continue
        text = format_program(program, source, upgrade, include)
        changed = text != source.text
        if check:
            failed = failed or changed
            say(f"{path} {'would be changed' if changed else 'is laid out well'}")
        elif write:
            if changed:
                try:
                    path.write_bytes(text.encode(source.encoding))
                except OSError as problem:
                    raise Stop(f"{path} cannot be written: {problem.strerror}", Exit.OUTPUT) from None
            say(f"{path} {'changed' if changed else 'unchanged'}")
        else:
            click.echo(text.encode(source.encoding), nl=False)
    return Exit.PROGRAM if failed else Exit.OK
