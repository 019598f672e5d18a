"""Each mistake has its message, at its place; nothing a user writes raises."""

from __future__ import annotations

import re
from pathlib import Path

import pplc.grammar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pplc.grammar.parser import MOST_MISTAKES, parse, parse_text
from pplc.grammar.render import render
from pplc.grammar.source import Source
from pplc.grammar.tables import load_tables

FOLDER = Path(pplc.grammar.__file__).parent
PAGES = Path(__file__).parents[2] / "docs" / "errors"
CODES = sorted({code for file in FOLDER.rglob("*.py") for code in re.findall(r'"(syntax-[a-z-]+)"', file.read_text())})


def found(text: str, std: str = "ppl") -> list[str]:
    """Each diagnostic as "line:column title", columns from 0 as in Stan."""
    _, diagnostics = parse_text(text, std=std)  # type: ignore[arg-type]
    return [f"{d.mark.span.line}:{d.mark.span.column} {d.title}" for d in diagnostics]


@pytest.mark.parametrize("code", CODES)
def test_each_code_has_a_page_that_is_true(code: str) -> None:
    page = (PAGES / f"{code}.md").read_text()
    assert page.startswith(f"# {code}\n")
    wrong, *right = re.findall(r"```ppl\n(.*?)```", page, re.DOTALL)
    (output,) = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    _, diagnostics = parse_text(wrong.removesuffix("\n"), "model.ppl")
    assert render(diagnostics) == output
    assert {d.code for d in diagnostics} == {code}
    for program in right:
        assert parse_text(program)[1] == []


def test_no_page_without_its_code() -> None:
    assert {path.stem for path in PAGES.glob("syntax-*.md")} == set(CODES)


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("model { real x = 3\n real y; }", ["2:1 a `;` is missing before this"]),
        ("model { y ~ normal(0, 1) }", ["1:25 a `;` is missing before this"]),
        ("data { int N;\nparameters { real x; }", ["2:0 a `}` is missing before `parameters`"]),
        ("data { int N; ", ["1:14 a `}` is missing before the end of the file"]),
        ("model { } }", ["1:10 this `}` closes nothing"]),
        ("model { x = (1 + 2; }", ["1:18 expected `)` before `;`"]),
        ("model { x = 1); }", ["1:13 this `)` closes nothing"]),
        ("model { x = 1 + ; }", ["1:16 expected an expression, found `;`"]),
        ("model { x = {}; }", ["1:13 an array needs at least one element"]),
        ("model { if (x = 1) y = 2; }", ["1:14 `=` cannot stand in an expression"]),
        ("model { 1 + 2 = x; }", ["1:14 unexpected `=`"]),
        ("model { f(x) = 2; }", ["1:8 this cannot be assigned to"]),
        ("model { (a)[1] = 2; }", ["1:8 this cannot be assigned to"]),
        ("model { i++; }", ["1:11 there is no operator `++`"]),
        ("model { x = a ** b; }", ["1:15 there is no operator `**`"]),
        ("model { x = a'[1]; }", ["1:14 a transpose is not indexed directly"]),
        ("model { x; }", ["1:9 this expression does nothing"]),
        ('model { x = "a"; }', ["1:12 a string cannot stand here"]),
        ("model { for i in 1:3 ; }", ["1:12 `for` must be followed by `(`"]),
        ("model { if x > 0 y = 1; }", ["1:11 `if` must be followed by `(`"]),
        (
            "model { for (int i = 1; i < 3; i++) { x = 1; } y = ; }",
            ["1:13 a loop does not begin with `int`", "1:51 expected an expression, found `;`"],
        ),
        ("model { if (x = 1) { y = 2; } else { y = 3; } }", ["1:14 `=` cannot stand in an expression"]),
        (
            "model { if (a) { b = 1; } elif (c) { b = 2; } else { b = 3; } }",
            ["1:35 `elif` is not a word of the language"],
        ),
        ("model { x ~ normal(0, 1) T[2]; }", ["1:28 unexpected `]` in a truncation"]),
        ("model { x ~ normal(0, 1) + 2; }", ["1:25 unexpected `+` after a distribution"]),
        ("model { x ~ normal(mu = 0, sigma = 1); }", ["1:22 arguments have no names"]),
        ("model { target = 3; }", ["1:15 the target can only be added to"]),
        ("model { real x ~ normal(0, 1); }", ["1:15 a declaration does not give a distribution"]),
        ("model { if (a and b) c = 1; }", ["1:14 there is no operator `and`"]),
        ("data { float x; int N; real; }", ["1:7 there is no type `float`", "1:27 unexpected `;`"]),
        ("model { double x = 1; }", ["1:8 there is no type `double`"]),
        ("data { cov_matrx[3] S; }", ["1:7 there is no type `cov_matrx`"]),
        ("data { real[3] x; }", ["1:11 `real` has no size"]),
        ("data { real(lower=0) x; }", ["1:11 constraints stand in angle brackets"]),
        ("data { real<lower> x; }", ["1:17 `lower` needs a value"]),
        ("data { vector<lower=0> x[3]; }", ["1:23 the size stands before the name"]),
        ("data { vector[2, 3] x; }", ["1:15 `vector` has one size"]),
        ("data { array[3] x; }", ["1:16 the type of the elements is missing"]),
        (
            "parameter { real x; } model { y = ; }",
            ["1:0 `parameter` stands outside of all blocks", "1:34 expected an expression, found `;`"],
        ),
        ("model { else x = 1; }", ["1:8 this `else` belongs to no `if`"]),
        ("model { real f(real x) { return x; } }", ["1:14 functions are defined in the `functions` block"]),
        ("functions { int x; }", ["1:17 unexpected `;`"]),
        ("functions { x = 1; }", ["1:12 expected a function definition"]),
        ("functions { void f(vector[3] x) {} }", ["1:25 the types of arguments and results have no sizes"]),
        ("functions { void f(real<lower=0> x) {} }", ["1:23 the types of arguments and results have no constraints"]),
        ("functions { void f(simplex x) {} }", ["1:19 the types of arguments and results have no constraints"]),
        ("data { int N; N = 3; }", ["1:14 only declarations can stand in `data`"]),
        ("parameters { real x = 3; }", ["1:20 `x` cannot be given a value in this block"]),
        ("data { vector x; }", ["1:14 `vector` needs its size"]),
        ("data { matrix[3] x; }", ["1:15 a matrix has two sizes"]),
        ("data { tuple(real) x; }", ["1:17 a comma is missing after the only type of a tuple"]),
        ("data { int<offset=3> x; }", ["1:11 expected `lower = ...` or `upper = ...`"]),
        ("data { real<lower=1, offset=3> x; }", ["1:21 expected `upper = ...`"]),
        ("data { real<lower=a || b> x; }", ["1:20 `||` in a constraint needs parentheses"]),
        ("data { vector[3]<lower=0> x; }", ["1:16 a constraint stands before the sizes"]),
        ("model { real<lower=0> x; }", ["1:12 a local variable cannot be constrained"]),
        ("transformed data { { simplex[3] x; } }", ["1:21 a local variable cannot be constrained"]),
        ("data { real model; }", ["1:12 `model` is a reserved word and cannot be used here"]),
        ("data { real x, int y; }", ["1:15 `int` is a type, not a name"]),
        ("model { x = vector; }", ["1:12 `vector` is the name of a type and cannot be used here"]),
        ("x = 3;", ["1:0 `x` stands outside of all blocks"]),
        ("data { real x; } data { real y; }", ["1:17 a second `data` block"]),
        ("model { } data { real y; }", ["1:10 the `data` block must stand before `model`"]),
        ("data model { }", ["1:5 `data` must be followed by `{`"]),
        ("model { x = 1_; }", ["1:13 `_` does not belong here"]),
        ("model { x$ = 1; }", ["1:9 `$` does not belong here"]),
        ("data { real a.b; }", ["1:13 `.` does not belong here"]),
        ("/* one", ["1:6 a comment is never closed"]),
        ("generated\nquantities { }", ["1:0 `generated` stands outside of all blocks"]),
    ],
)
def test_messages(text: str, messages: list[str]) -> None:
    assert found(text) == messages
    assert found(text, std="stan") == messages


def test_several_mistakes() -> None:
    text = "model {\n  x = 1 +* 2;\n  y = (3;\n  if (1) { z = ; }\n  ok = 1;\n}\ngenerated quantities { real 3; }"
    assert found(text) == [
        "2:9 expected an expression, found `*`",
        "3:8 expected `)` before `;`",
        "4:15 expected an expression, found `;`",
        "7:28 unexpected `3`",
    ]


def test_mistakes_come_in_the_order_of_the_text() -> None:
    text = "parameters { real a = 1; }\nmodel { real<lower=0> b; c = ; }"
    assert [line.split(":")[0] for line in found(text)] == ["1", "2", "2"]


def test_there_is_an_end_to_mistakes() -> None:
    assert len(found("model {" + "x = ;\n" * 100 + "}")) == MOST_MISTAKES


def test_mistakes_in_included_files(tmp_path: Path) -> None:
    (tmp_path / "inner.stan").write_text("real x\nreal y;")
    source = Source(str(tmp_path / "main.stan"), "data {\n#include inner.stan\n}")
    _, diagnostics = parse(source)
    assert render(diagnostics).replace(f"{tmp_path}/", "") == (
        "error[syntax-missing-semicolon]: a `;` is missing before this\n"
        "  --> inner.stan:2:1\n"
        "      included from main.stan:2:1\n"
        "   |\n"
        " 1 | real x\n"
        "   |       - the `;` belongs here\n"
        " 2 | real y;\n"
        "   | ^^^^\n"
        "   |\n"
    )


@pytest.mark.parametrize("directive", ["#include main.stan", "#include other.stan"])
def test_recursive_includes(tmp_path: Path, directive: str) -> None:
    (tmp_path / "other.stan").write_text("#include main.stan")
    main = tmp_path / "main.stan"
    main.write_text(directive)
    _, diagnostics = parse(Source(str(main), directive))
    assert [(d.code, d.title) for d in diagnostics] == [("syntax-include", "`main.stan` includes itself")]


def test_included_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "image.stan").write_bytes(b"\xff\xfe\x00")
    _, diagnostics = parse(Source(str(tmp_path / "main.stan"), "#include image.stan"))
    assert [d.title for d in diagnostics] == ["cannot read the file `image.stan`"]


OTHER_TOKENS = ["x", "1", ".1", "2.5", "3i", '"s"', "transformed data", "\n"]
VOCABULARY = [*load_tables().words, *load_tables().symbols, *OTHER_TOKENS]


@given(st.lists(st.sampled_from(VOCABULARY), max_size=40).map(" ".join))
@example("model { if (a) } }")
@example("model { (((((")
@example("functions { } } model {")
def test_any_tokens_are_a_program_or_a_mistake(text: str) -> None:
    for std in ("ppl", "stan"):
        program, diagnostics = parse_text(text, std=std)  # type: ignore[arg-type]
        assert (program is None) == any(d.severity.value == "error" for d in diagnostics)
        render(diagnostics, colour=True)


@given(st.text(max_size=60))
@example("#include")
@example("#include \x00")
@example("model{x<-")
@example('"')
def test_any_text_is_a_program_or_a_mistake(text: str) -> None:
    program, diagnostics = parse_text(text)
    assert program is not None or diagnostics
    render(diagnostics)


PROGRAM = """functions {
  real f(real x) { return x; }
}
data {
  int<lower=0> N;
  array[N] real y;
}
parameters {
  real mu;
}
model {
  for (n in 1:N) {
    if (y[n] > 0) y[n] ~ normal(f(mu), 1) T[0, ];
  }
}
"""


@given(st.integers(0, len(PROGRAM)), st.text(alphabet="{}()[];=<,1ax", max_size=6))
def test_a_damaged_program_is_a_program_or_a_mistake(place: int, damage: str) -> None:
    program, diagnostics = parse_text(PROGRAM[:place] + damage + PROGRAM[place + 3 :])
    assert program is not None or diagnostics
    render(diagnostics)


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("parameter { }", "did you mean `parameters`?"),
        ("Model { }", "did you mean `model`?"),
        ("generated quantity { }", "did you mean `generated quantities`?"),
        ("data { real<lowr=0> x; }", "did you mean `lower`?"),
        ("data { simplx[3] x; }", "did you mean `simplex`?"),
        ("data { x; }", "a declaration begins with a type: `real x;`"),
        ("model { print('a'); }", 'strings stand in double quotes: `"`'),
        ("model { y = x.mean(); }", "functions are called with all their arguments in parentheses: `mean(x)`"),
        ("model { for (i in 1..N) { } }", "a range is written `a:b`"),
        ("model { if (a) { } ; else { } }", "remove the `;` before it"),
        ("data { vec[3] x; }", "write `vector[N]`"),
        ("parameters { real lower=0 x; }", "write `real<lower = ...>`"),
        ("parameters { real 2nd; }", "names begin with a letter"),
        ("parameters { real b.1; }", "names consist of letters, digits and underscores; write `_` instead of `.`"),
        ("model { x := 1; }", "values are assigned with `=`"),
        (
            "model { a, b ~ normal(0, 1); }",
            "each variable needs a statement of its own: `a ~ normal(0, 1); b ~ normal(0, 1);`",
        ),
        ("model { x ∼ normal(0, 1); }", "write `~`"),
        ("model { x = −1; }", "write `-`"),
        ("model { x =\N{NO-BREAK SPACE}1; }", "this looks like a space; write a plain one"),
    ],
)
def test_help(text: str, help: str) -> None:
    assert parse_text(text)[1][0].help == help
