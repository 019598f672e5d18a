"""Each mistake that the checker finds has a page whose program yields exactly the page's text."""

from __future__ import annotations

import re
from pathlib import Path

import pplc.compiler.check.errors as errors
import pytest
from pplc.compiler.frontend import read_program
from pplc.grammar.render import render
from pplc.grammar.source import Source

PAGES = Path(__file__).parents[2] / "docs" / "errors"
FOLDER = Path(errors.__file__).parent
CODES = sorted({code for file in FOLDER.glob("*.py") for code in re.findall(r'code="([a-z-]+)"', file.read_text())})


@pytest.mark.parametrize("code", CODES)
def test_page_is_true(code: str) -> None:
    page = (PAGES / f"{code}.md").read_text()
    assert page.startswith(f"# {code}\n")
    wrong, *right = re.findall(r"```ppl\n(.*?)```", page, re.DOTALL)
    (output,) = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    _, found = read_program(Source("model.ppl", wrong.removesuffix("\n")))
    assert render(found) == output
    assert {diagnostic.code for diagnostic in found} == {code}
    assert right
    for program in right:
        assert read_program(Source("model.ppl", program))[1] == []


def test_no_page_without_its_mistake() -> None:
    pages = {path.stem for path in PAGES.glob("*.md") if not path.stem.startswith("syntax-")}
    assert pages == set(CODES)
