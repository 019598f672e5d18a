"""Options of the whole suite."""

from __future__ import annotations

from pathlib import Path

import pytest
from pplc.compiler.backend import for_pytensor  # noqa: F401  (tests evaluate graphs by PyTensor)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write golden files anew instead of comparing with them")


@pytest.fixture
def natively(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails the test if the back end leaves an operation to Numba."""
    from pplc.compiler.backend import fallback

    monkeypatch.setattr(fallback, "numba_function", lambda *_: pytest.fail("this is compiled natively"))


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiles in half the time, to slower code."""
    from pplc.compiler.backend import machine

    monkeypatch.setattr(machine, "LEVEL", 1)


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
