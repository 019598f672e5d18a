"""Editors know the same names as the grammar and the library."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

import pytest
from pplc.grammar.pygments_lexer import PplLexer
from pplc.grammar.tables import load_tables
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, String

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").rglob("*.ppl"))


def test_generated_files_are_in_step() -> None:
    for path, text in runpy.run_path(str(ROOT / "editors" / "generate.py"))["generated"]().items():
        assert path.read_text() == text, f"{path.name} is out of date: run `python editors/generate.py`"


def test_every_word_of_the_grammar_has_a_kind() -> None:
    names = json.loads((ROOT / "grammar" / "names.json").read_text())
    known = {word for kind in ("blocks", "types", "keywords", "constraints", "effects") for word in names[kind]}
    assert set(load_tables().words) - known == {"T"}


def test_regular_expressions_of_the_textmate_grammar() -> None:
    grammar = json.loads((ROOT / "editors" / "vscode" / "syntaxes" / "ppl.tmLanguage.json").read_text())
    named = {p["name"]: re.compile(p["match"]) for p in grammar["patterns"] if "match" in p and "name" in p}
    line = "  real<lower=0> x = normal_lpdf(y | 1.5e3, 2i); // done"
    found = {name: match.group() for name, pattern in named.items() if (match := pattern.search(line))}
    assert found["storage.type.ppl"] == "real"
    assert found["variable.parameter.constraint.ppl"] == "lower"
    assert found["support.function.ppl"] == "normal_lpdf"
    assert found["constant.numeric.real.ppl"] == "1.5e3"
    assert found["constant.numeric.imaginary.ppl"] == "2i"
    assert found["comment.line.double-slash.ppl"] == "// done"


def test_pygments_finds_the_lexer() -> None:
    assert isinstance(get_lexer_by_name("ppl"), PplLexer)
    assert isinstance(get_lexer_for_filename("model.ppl"), PplLexer)


def test_tokens() -> None:
    text = 'transformed data {\n  real<lower=0> x = exp(1.5) + f(2); // c\n  x ~ normal(0, 1);\n  print("a");\n}\n'
    tokens = [(value, kind) for kind, value in PplLexer().get_tokens(text) if value.strip()]
    for token in [
        ("transformed data", Keyword.Namespace), ("real", Keyword.Type), ("lower", Name.Attribute), ("x", Name),
        ("exp", Name.Builtin), ("f", Name.Function), ("1.5", Number.Float), ("2", Number.Integer),
        ("// c", Comment.Single), ("~", Operator), ("normal", Name.Class), ("print", Keyword.Pseudo),
        ('"a"', String.Double),
    ]:  # fmt: skip
        assert token in tokens


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_character_of_the_examples_is_known(path: Path) -> None:
    text = path.read_text()
    tokens = list(PplLexer().get_tokens(text))
    assert [value for kind, value in tokens if kind is Error] == []
    assert "".join(value for _, value in tokens).strip() == text.strip()
