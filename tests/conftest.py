"""Options of the whole suite."""

from __future__ import annotations

from pathlib import Path

import pytest
from pplc.compiler.backend import for_pytensor  # noqa: F401  (tests evaluate graphs by PyTensor)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write golden files anew instead of comparing with them")


@pytest.fixture
def golden(request: pytest.FixtureRequest):
    """Compare a text with a file; with --update write the file, to be looked at in the diff."""

    def compare(text: str, path: Path) -> None:
        if request.config.getoption("--update"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"there is no {path.name}; write it with `make accept`"
        assert text == path.read_text(encoding="utf-8"), f"{path.name} differs; if it should, `make accept`"

    return compare
