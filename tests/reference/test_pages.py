"""The reference pages are in step with the library, complete, and their lines are programs that run."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from pplc.compiler import ir
from pplc.compiler.check.operators import BINARY
from pplc.compiler.codegen.block import compile_block
from pplc.compiler.frontend import read_program
from pplc.compiler.library import registry
from pplc.compiler.library.expand import all_names, functions_of
from pplc.compiler.types import Real
from pplc.grammar.diagnostics import Severity
from pplc.grammar.source import Source

from pplc.reference.__main__ import outdated, texts
from pplc.reference.examples import program_of
from pplc.reference.pages import Entry, Page, pages

PAGES = pages()


def test_pages_are_in_step() -> None:
    assert outdated(texts()) == [], "run `python -m pplc.reference`"


def test_a_page_that_should_not_exist_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("pplc.reference.__main__.FOLDER", tmp_path)
    (tmp_path / "left-over.md").write_text("old")
    assert outdated({tmp_path / "new.md": "text"}) == [tmp_path / "left-over.md", tmp_path / "new.md"]


def test_everything_has_an_entry() -> None:
    entries = {entry.name for page in PAGES for entry in page.entries}
    assert entries == set(registry.functions()) | set(registry.distributions()) | set(registry.transforms())
    everything = "\n".join(map(str, PAGES))
    assert [name for name in all_names() if f"`{name}" not in everything] == []
    for distribution in registry.distributions().values():
        assert all(f"`{name}`" in everything for name in functions_of(distribution))
    assert [symbol for symbol in BINARY if f"`{symbol}`" not in everything] == []


def test_every_entry_says_something() -> None:
    for page in PAGES:
        for entry in page.entries:
            explained = [line for line in entry.text.split("\n") if ": " in line or line.startswith("\\<")]
            assert explained, entry.name
            assert len(explained[0]) > len(entry.name) + 6, entry.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_lines_are_valid(page: Page) -> None:
    for entry in page.entries:
        program, found = read_program(Source(entry.name, program_of(entry.line)))
        assert program is not None, (entry.line, found)
        wrong = [diagnostic for diagnostic in found if diagnostic.severity is Severity.ERROR]
        assert not wrong, (entry.line, wrong)


def printed(entry: Entry) -> str:
    """What an entry's line prints; of a statement about a distribution, what the target is after it."""
    line = entry.line if "~" not in entry.line else f"{entry.line} print(target());"
    program, _ = read_program(Source(entry.name, program_of(line)))
    assert program is not None
    start = ir.Variable("_start", Real(), ir.Role.LOCAL, ir.Level.DATA, program.span)
    block = compile_block([*program.model, *program.generated_quantities], [start], [], random=True, target=start)
    lines: list[str] = []
    block([0.0], np.random.default_rng(1), emit=lines.append, plain=True)
    return "".join(lines)


def runnable(page: Page) -> list[Entry]:
    return [entry for entry in page.entries if "print" in entry.line or "~" in entry.line]


SOME = [page.entries[0] for page in PAGES if page.stem in ("logarithms", "complex", "parts", "binary-distributions")]
# These ask for a value that is known before sampling, which a literal argument in generated code is not yet.
NOT_YET = {"matrix_power", "prod"}
NOT_FINITE = {"not_a_number", "positive_infinity", "negative_infinity"}


@pytest.mark.parametrize("entry", SOME, ids=lambda entry: entry.name)
def test_some_lines_run(entry: Entry) -> None:
    assert re.search(r"\d", printed(entry)), entry.line


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_all_lines_run(page: Page) -> None:
    for entry in runnable(page):
        if entry.name not in NOT_YET:
            text = printed(entry)
            assert re.search(r"\d", text) or entry.name in NOT_FINITE, (entry.line, text)
