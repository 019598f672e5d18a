"""The reference pages are in step with the library, complete, and their lines are programs that run."""

from __future__ import annotations

from pathlib import Path

import pytest
from pplc.compiler.check.operators import BINARY
from pplc.compiler.frontend import read_program
from pplc.compiler.library import registry
from pplc.compiler.library.expand import all_names, functions_of
from pplc.grammar.diagnostics import Severity
from pplc.grammar.source import Source

from pplc.reference.__main__ import outdated, texts
from pplc.reference.examples import program_of
from pplc.reference.pages import Page, pages

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
