"""The grammar is free of conflicts, and its tables survive every kind of cache folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lark import Lark
from pplc.grammar import tables
from pplc.grammar.actions import Builder
from pplc.grammar.tables import load_tables

GRAMMAR = tables.GRAMMAR.read_text(encoding="utf-8")


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


def test_file_is_of_this_grammar() -> None:
    kept, built = tables.kept(GRAMMAR), tables.build(GRAMMAR)
    assert kept is not None
    assert kept["words"] == built["words"]
    assert kept["symbols"] == built["symbols"]
    assert kept["patterns"] == built["patterns"]
    assert sorted(map(str, kept["rules"])) == sorted(map(str, json.loads(json.dumps(built["rules"]))))
    assert len(kept["actions"]) == len(built["actions"])


def test_another_grammar_is_built_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    another = tmp_path / "ppl.lark"
    another.write_text(GRAMMAR.replace('"while"', '"until"'), encoding="utf-8")
    monkeypatch.setattr(tables, "GRAMMAR", another)
    assert "until" in load_tables.__wrapped__().words


@pytest.mark.parametrize("content", ["", "{", "{}", '{"grammar": "another"}', "\x00"])
def test_damaged_file_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    monkeypatch.setattr(tables, "FILE", tmp_path / "tables.json")
    assert tables.kept(GRAMMAR) is None
    tables.FILE.write_text(content)
    assert tables.kept(GRAMMAR) is None
    assert load_tables.__wrapped__().words == load_tables().words
    assert tables.main() == 0
    assert tables.kept(GRAMMAR) is not None
