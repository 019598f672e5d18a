"""Documentation does not rot: what it names exists, and the README's commands are those that CI runs."""

from __future__ import annotations

import re
import textwrap
import warnings
from itertools import takewhile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS_OF_PAGES = ("docs", "docs/decisions", "benchmarks", "benchmarks/results", "examples")
PAGES = [ROOT / "README.md", *(page for folder in FOLDERS_OF_PAGES for page in sorted((ROOT / folder).glob("*.md")))]
PAGES += sorted((ROOT / "examples").glob("*/README.md"))
FOLDERS = "grammar|compiler|runtime|pplc|tests|examples|docs|benchmarks|editors|\\.ci"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for target, section in re.findall(r"\]\(([^)#]*)#?([^)]*)\)", page.read_text()):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target
            assert not section or section in sections(page.parent / target if target else page), section


def sections(page: Path) -> set[str]:
    """The names by which links lead to the sections of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_named_paths_exist(page):
    for path in re.findall(rf"`((?:{FOLDERS})/[\w./-]*)", page.read_text()):
        assert (ROOT / path.rstrip(".")).exists(), path


def test_exit_codes_are_documented():
    from pplc.cli.exits import Exit

    page = (ROOT / "docs" / "cli.md").read_text()
    for code in Exit:
        assert re.search(rf"^\| {code.value} \|", page, re.MULTILINE), code


def test_ci_runs_the_tests_as_the_readme_does():
    readme, ci = (ROOT / "README.md").read_text(), (ROOT / ".ci" / "run").read_text()
    assert "\n    uv run pytest\n" in readme
    assert "step uv run pytest\n" in ci
    schools = "examples/eight_schools/eight_schools"
    assert f"\n    pip install uv && uv run pplc {schools}.ppl --data {schools}.json\n" in readme


def indented(text: str, beginning: str) -> str:
    """The block of the page that begins with these words, without its indentation."""
    lines = text[text.index(f"\n    {beginning}") + 1 :].split("\n")
    return textwrap.dedent("\n".join(takewhile(lambda line: line.startswith("    ") or not line, lines)))


def test_the_model_of_the_readme_runs_without_a_warning(tmp_path, monkeypatch):
    readme = (ROOT / "README.md").read_text()
    monkeypatch.chdir(tmp_path)
    Path("line.ppl").write_text(indented(readme, "data {"))
    Path("line.json").write_text(indented(readme, '{"N"'))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(indented(readme, "import pplc"), {})


def test_every_package_is_installed():
    """The packages lie in several folders, so they are listed one by one."""
    import tomllib

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    listed = set(settings["packages"])
    found = set()
    for folder in ("pplc", "grammar", "compiler", "runtime"):
        for file in (ROOT / folder).rglob("__init__.py"):
            parts = file.parent.relative_to(ROOT).parts
            found.add(".".join(parts if folder == "pplc" else ("pplc", *parts)))
    assert listed == found
