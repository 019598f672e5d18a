"""Old syntax is understood with a warning, rewritten on request, and refused in strict mode."""

from __future__ import annotations

import pytest
from pplc.grammar.diagnostics import Severity
from pplc.grammar.formatter import format_program
from pplc.grammar.parser import parse
from pplc.grammar.source import Source

# Old statements of a `model` block, what they are today, and the warnings.
CASES = [
    ("z <- 3;", "z = 3;", ["values are assigned with `=`"]),
    ("real x[3];", "array[3] real x;", ["the sizes of an array stand before its type"]),
    ("vector[2] x[3, N] = y;", "array[3, N] vector[2] x = y;", ["the sizes of an array stand before its type"]),
    ("if (a) real x[3];", "if (a)\n  array[3] real x;", ["the sizes of an array stand before its type"]),
    ("real a; # why", "real a; // why", ["comments begin with `//`"]),
    ("increment_log_prob(a + 1);", "target += a + 1;", ["`increment_log_prob` is an old name"]),
    ("a = get_lp();", "a = target();", ["`get_lp` is an old name"]),
    ("a = fabs(b);", "a = abs(b);", ["`fabs` is an old name"]),
    ("a = if_else(b, c, d) + 1;", "a = (b ? c : d) + 1;", ["`if_else` is an old name"]),
    ("a = normal_log(y, /* , */ 0, 1);", "a = normal_lpdf(y | /* , */ 0, 1);", ["`normal_log` is an old name"]),
    ("a = poisson_log(n, b);", "a = poisson_lpmf(n | b);", ["`poisson_log` is an old name"]),
    ("a = normal_cdf_log(y, 0, 1);", "a = normal_lcdf(y | 0, 1);", ["`normal_cdf_log` is an old name"]),
    ("a = normal_ccdf_log(y, 0, 1);", "a = normal_lccdf(y | 0, 1);", ["`normal_ccdf_log` is an old name"]),
    ("a = beta_cdf(y, 0, 1);", "a = beta_cdf(y | 0, 1);", ["the first argument of `beta_cdf` is followed by a bar"]),
    ("a = multiply_log(b, c);", "a = lmultiply(b, c);", ["`multiply_log` is an old name"]),
    (
        "increment_log_prob(normal_log(fabs(x), 0, 1));",
        "target += normal_lpdf(abs(x) | 0, 1);",
        ["`increment_log_prob` is an old name", "`normal_log` is an old name", "`fabs` is an old name"],
    ),
]  # fmt: skip


def upgraded(text: str) -> str:
    source = Source("m", text)
    program, _ = parse(source, keep_old=True)
    assert program is not None
    return format_program(program, source, upgrade=True)


@pytest.mark.parametrize(("old", "new", "warnings"), CASES, ids=[case[0] for case in CASES])
def test_old_statement(old: str, new: str, warnings: list[str]) -> None:
    text = f"model {{\n{old}\n}}\n"
    modern = "model {\n" + "".join(f"  {line}\n" for line in new.splitlines()) + "}\n"
    program, diagnostics = parse(Source("m", text))
    assert [d.title for d in diagnostics] == warnings
    assert all((d.code, d.severity) == ("syntax-deprecated", Severity.WARNING) for d in diagnostics)
    assert upgraded(text) == modern
    assert (program, []) == parse(Source("m", modern), std="stan")


def test_declarations_with_different_sizes() -> None:
    text = "data { real<lower=0> a[2], b, c[N, 3]; }"
    modern = "data {\n  array[2] real<lower=0> a;\n  real<lower=0> b;\n  array[N, 3] real<lower=0> c;\n}\n"
    assert upgraded(text) == modern
    assert parse(Source("m", text))[0] == parse(Source("m", modern))[0]


def test_old_signatures() -> None:
    text = "functions { real[] f(int[,] n, vector[] x) { return x[1]; } }"
    modern = "functions {\n  array[] real f(array[,] int n, array[] vector x) {\n    return x[1];\n  }\n}\n"
    assert upgraded(text) == modern
    assert parse(Source("m", text))[0] == parse(Source("m", modern))[0]


def test_users_densities() -> None:
    text = (
        "functions { real foo_log(int n, real a) { return a; } real bar_log(real x) { return x; } }"
        "model { 3 ~ foo(1); target += foo_log(3, 1) + bar_log(2); }"
    )
    modern = upgraded(text)
    assert "real foo_lpmf(int n, real a)" in modern
    assert "foo_lpmf(3 | 1) + bar_log(2)" in modern  # bar_log is an ordinary function
    assert parse(Source("m", text))[0] == parse(Source("m", modern), std="stan")[0]


def test_users_functions_win_over_old_names() -> None:
    text = "functions { real fabs(real x) { return x; } }\nmodel { target += fabs(2); }"
    program, diagnostics = parse(Source("m", text))
    assert (program, diagnostics) == parse(Source("m", text), std="stan")
    assert diagnostics == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("model { z <- 3; }", "this expression does nothing"),
        ("model { # why\n }", "`#` does not belong here"),
        ("model { real x[3]; }", "the sizes of an array stand before its type"),
        ("functions { void f(real[] x) { } }", "an array's type begins with `array`"),
    ],
)
def test_strict_mode_refuses_old_syntax(text: str, message: str) -> None:
    program, diagnostics = parse(Source("m", text), std="stan")
    assert program is None
    assert [d.title for d in diagnostics] == [message]


def test_strict_mode_leaves_old_names_to_the_checker() -> None:
    program, diagnostics = parse(Source("m", "model { increment_log_prob(fabs(1)); }"), std="stan")
    assert program is not None
    assert diagnostics == []


def test_comparison_with_a_negative_number_is_no_assignment() -> None:
    text = "model { if (a<-1) b = c<-d; }"
    assert parse(Source("m", text)) == (parse(Source("m", text), std="stan")[0], [])


def test_a_very_deep_expression() -> None:
    program, diagnostics = parse(Source("m", f"model {{ target += fabs({'1 + ' * 5000}{'(' * 2000}1{')' * 2000}); }}"))
    assert program is not None
    assert len(diagnostics) == 1
