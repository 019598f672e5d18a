"""Runs the front end over the test programs of the Stan compiler and compares its verdicts.

    python -m benchmarks.stanc3 PATH            PATH: a checkout of stan-dev/stanc3
    python -m benchmarks.stanc3 PATH --show     also lists every program that is judged otherwise

Every program of `test/integration/good` has to be accepted; every one of `bad` rejected, with the same class of
error (syntax or semantic) and at the same line as the `.expected` files beside the programs say. With --format,
what the formatter makes of the good programs has to parse to the same tree and to format to itself.
"""

from __future__ import annotations

import argparse
import re
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pplc.compiler.check import check
from pplc.grammar.diagnostics import Diagnostic, Severity
from pplc.grammar.parser import parse
from pplc.grammar.source import Source

_COMMAND = re.compile(r"^  \$ stanc .*?(\S+\.stan(?:functions)?)$")
_ERROR = re.compile(r"^(Syntax|Semantic) error in '[^']*', line (\d+), column (\d+)")


@dataclass(frozen=True, slots=True)
class Expected:
    """Where the Stan compiler finds the first error: `syntax` or `semantic`, line from 1, column from 0."""

    kind: str
    line: int
    column: int


def expected_errors(folder: Path) -> dict[Path, Expected]:
    """The errors that the `.expected` files below a folder record."""
    found: dict[Path, Expected] = {}
    for record in sorted(folder.rglob("*.expected")):
        program: Path | None = None
        for line in record.read_text(encoding="utf-8", errors="replace").splitlines():
            if command := _COMMAND.match(line):
                program = record.parent / command[1]
            elif (error := _ERROR.match(line)) and program and program not in found:
                found[program] = Expected(error[1].lower(), int(error[2]), int(error[3]))
    return found


def programs(folder: Path) -> Iterator[Path]:
    """Every program below a folder."""
    yield from sorted(path for path in folder.rglob("*.stan*") if path.suffix in (".stan", ".stanfunctions"))


def first_error(path: Path) -> Diagnostic | None:
    """What the front end says first about a program in strict mode, None if it accepts it."""
    source = Source(str(path), path.read_text(encoding="utf-8"))
    tree, found = parse(source, [path.parent], "stan")
    if tree is not None:
        found = check(tree)[1]
    return next((diagnostic for diagnostic in found if diagnostic.severity is Severity.ERROR), None)


@dataclass(slots=True)
class Tally:
    """Counts of verdicts; with `show`, each program that counts against us is printed."""

    root: Path
    show: bool
    only: str
    counts: Counter[str]

    def wanted(self, path: Path) -> bool:
        """Whether a program is to be run."""
        return self.only in str(path.relative_to(self.root))

    def miss(self, path: Path, what: str) -> None:
        """A program that is judged otherwise than by the Stan compiler."""
        if self.show:
            print(f"  {path.relative_to(self.root)}: {what}")

    def crash(self, path: Path) -> None:
        """A program on which the front end raised."""
        self.counts["tracebacks"] += 1
        self.miss(path, "traceback")
        if self.show:
            traceback.print_exc(limit=-4)


def run_good(folder: Path, tally: Tally) -> None:
    """Every program has to be accepted."""
    for path in filter(tally.wanted, programs(folder)):
        tally.counts["good"] += 1
        try:
            error = first_error(path)
        except Exception:
            tally.crash(path)
            continue
        if error is None:
            tally.counts["accepted"] += 1
        else:
            tally.miss(path, f"{error.mark.span.line}: [{error.code}] {error.title}")


def run_bad(folder: Path, tally: Tally) -> None:
    """Every program has to be rejected, for the right kind of reason at the right place."""
    for path, expected in sorted(expected_errors(folder).items()):
        if not tally.wanted(path):
            continue
        tally.counts["bad"] += 1
        try:
            error = first_error(path)
        except Exception:
            tally.crash(path)
            continue
        if error is None:
            tally.miss(path, f"accepted; expected a {expected.kind} error at line {expected.line}")
            continue
        tally.counts["rejected"] += 1
        kind = "syntax" if error.is_syntax else "semantic"
        line, column = error.mark.span.line, error.mark.span.column
        tally.counts["same class"] += kind == expected.kind
        tally.counts["same line"] += line == expected.line
        tally.counts["same column"] += (line, column) == (expected.line, expected.column)
        if kind != expected.kind or line != expected.line:
            tally.miss(path, f"{kind} {line} [{error.code}] {error.title}; expected {expected.kind} {expected.line}")


def run_formatter(folder: Path, tally: Tally) -> None:
    """What the formatter makes of each good program means the same and is a fixed point."""
    from pplc.grammar.formatter import format_program

    for path in filter(tally.wanted, programs(folder)):
        source = Source(str(path), path.read_text(encoding="utf-8"))
        tree, _ = parse(source, [path.parent], "stan")
        if tree is None:
            continue
        tally.counts["formatted"] += 1
        try:
            text = format_program(tree, source)
            formatted = Source(str(path), text)
            again, _ = parse(formatted, [path.parent], "stan")
            same_tree, fixed = again == tree, again is not None and format_program(again, formatted) == text
        except Exception:
            tally.crash(path)
            continue
        tally.counts["same tree"] += same_tree
        tally.counts["fixed point"] += fixed
        if not (same_tree and fixed):
            tally.miss(path, "formatting changes the program" if not same_tree else "formatting twice differs")


def main() -> int:
    """Run what was asked for; exit code 1 if a program is judged wrongly."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path, help="a checkout of stan-dev/stanc3")
    parser.add_argument("--show", action="store_true", help="list the programs that are judged otherwise")
    parser.add_argument("--format", action="store_true", help="also check the formatter")
    parser.add_argument("--only", metavar="TEXT", default="", help="run only programs with TEXT in their path")
    options = parser.parse_args()
    root = options.path / "test" / "integration"
    if not root.is_dir():
        parser.error(f"{root} is not a folder")
    tally = Tally(root, options.show, options.only, Counter())
    run_good(root / "good", tally)
    run_bad(root / "bad", tally)
    if options.format:
        run_formatter(root / "good", tally)
    counts = tally.counts
    print(f"good programs  {counts['good']:5}   accepted {counts['accepted']}")
    print(
        f"bad programs   {counts['bad']:5}   rejected {counts['rejected']}   same class {counts['same class']}"
        f"   same line {counts['same line']}   same column {counts['same column']}"
    )
    if options.format:
        print(
            f"formatted      {counts['formatted']:5}   same tree {counts['same tree']}   fixed {counts['fixed point']}"
        )
    print(f"tracebacks     {counts['tracebacks']:5}")
    wrong = counts["good"] - counts["accepted"] + counts["bad"] - counts["same class"] + counts["tracebacks"]
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
