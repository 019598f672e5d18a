"""The grammar is free of conflicts, and its tables survive every kind of cache folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from lark import Lark
from pplc.grammar import tables
from pplc.grammar.actions import Builder
from pplc.grammar.tables import Tables, load_tables

GRAMMAR = Path(tables.__file__).with_name("ppl.lark").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def built() -> dict[str, Any]:
    return tables.build(GRAMMAR)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, built: dict[str, Any]) -> Iterator[Path]:
    """An empty cache folder; building takes no time."""
    monkeypatch.setattr(tables, "build", lambda grammar: deepcopy(built))
    monkeypatch.setenv("PPLC_CACHE_DIR", str(tmp_path / "cache"))
    load_tables.cache_clear()
    yield tmp_path / "cache"
    load_tables.cache_clear()


def fresh() -> Tables:
    load_tables.cache_clear()
    return load_tables()


def test_grammar_has_no_conflicts() -> None:
    Lark(GRAMMAR, parser="lalr", start=["program", "library"], strict=True)  # raises on the first conflict


def test_strict_mode_would_notice_a_conflict() -> None:
    ambiguous = GRAMMAR.replace('sum ("+" | "-") product', 'sum ("+" | "-") sum')
    assert ambiguous != GRAMMAR
    with pytest.raises(Exception, match="Shift/Reduce"):
        Lark(ambiguous, parser="lalr", start=["program", "library"], strict=True)


def test_every_rule_has_an_action() -> None:
    actions = Builder(legacy=True).actions()
    assert {rule.action for rule in load_tables().rules} - {"", "*"} == set(actions)


def test_second_load_reads_the_cache(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = fresh()
    monkeypatch.setattr(tables, "build", lambda grammar: pytest.fail("built again"))
    assert fresh() == first
    assert [path.suffix for path in folder.iterdir()] == [".json"]


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"grammar": "another"}', "\x00"])
def test_damaged_cache_is_replaced(folder: Path, content: str) -> None:
    first = fresh()
    (file,) = folder.iterdir()
    file.write_text(content)
    assert fresh() == first
    assert json.loads(file.read_text())["grammar"] == GRAMMAR


def test_folder_that_cannot_be_written(folder: Path) -> None:
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file where the folder should be")
    assert fresh().rules


def test_many_at_once(folder: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        loaded = list(pool.map(lambda _: load_tables.__wrapped__(), range(4)))
    assert all(result == loaded[0] for result in loaded)
    assert len(list(folder.iterdir())) == 1
