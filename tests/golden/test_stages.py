"""What each stage of the compiler makes of small programs, written down: `pplc PROGRAM --emit STAGE`.

A change of a stage shows in the diff of these files. `make accept` writes them anew.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

import pplc as package
from pplc.cli.emit import OF_MODEL, OF_PROGRAM

HERE = Path(__file__).parent
PROGRAMS = sorted((HERE / "programs").glob("*.ppl"))
LONGEST = 200  # lines that one looks at in a review

# Programs whose graphs are written down: small, and typical of a way to lower.
GRAPHS = ("branch", "conditional", "groups", "jacobian", "normal", "regression")


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
@pytest.mark.parametrize("stage", OF_PROGRAM)
def test_program(program: Path, stage: str, golden, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE / "programs")
    text = OF_PROGRAM[stage](Path(program.name), (), "ppl")
    assert text.count("\n") <= LONGEST
    golden(text, HERE / stage / f"{program.stem}.txt")


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("stage", ["graph", "rewritten"])  # the last stage depends on the processor
def test_graph(name: str, stage: str, golden) -> None:
    program = HERE / "programs" / f"{name}.ppl"
    data = program.with_suffix(".json")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = package.compile_model(program, data if data.exists() else None)
    text = OF_MODEL[stage](model)
    assert text.count("\n") <= LONGEST
    golden(text, HERE / stage / f"{name}.txt")
