"""Diagnostics as text, to the character."""

from __future__ import annotations

from pplc.grammar.diagnostics import Diagnostic, Mark, Severity
from pplc.grammar.render import render
from pplc.grammar.source import Source, Span


def span(source: Source, text: str, occurrence: int = 0) -> Span:
    start = -1
    for _ in range(occurrence + 1):
        start = source.text.index(text, start + 1)
    return Span(source, start, start + len(text))


SCHOOLS = Source(
    "schools.stan",
    "parameters {\n  vector[J] theta;\n  cov_matrix[J] Sigma;\n}\nmodel {\n  theta ~ normal(mu, Sigma);\n}\n",
)


def test_the_example_of_the_style_guide() -> None:
    diagnostic = Diagnostic(
        "argument-type",
        "`normal` takes a real or vector as its sigma, not a matrix",
        Mark(span(SCHOOLS, "Sigma", 1), "this is a matrix"),
        (Mark(span(SCHOOLS, "Sigma"), "declared here"),),
        help="for a covariance matrix, write `multi_normal(mu, Sigma)`",
    )
    assert render([diagnostic]) == (
        "error[argument-type]: `normal` takes a real or vector as its sigma, not a matrix\n"
        "  --> schools.stan:6:22\n"
        "   |\n"
        " 3 |   cov_matrix[J] Sigma;\n"
        "   |                 ----- declared here\n"
        " 6 |   theta ~ normal(mu, Sigma);\n"
        "   |                      ^^^^^ this is a matrix\n"
        "   |\n"
        "   = help: for a covariance matrix, write `multi_normal(mu, Sigma)`\n"
    )


def test_several_marks_on_one_line() -> None:
    marks = (Mark(span(SCHOOLS, "theta", 1), "the outcome"), Mark(span(SCHOOLS, "mu"), "the mean"))
    diagnostic = Diagnostic("x", "t", Mark(span(SCHOOLS, "normal"), "here"), marks, severity=Severity.WARNING)
    assert render([diagnostic]) == (
        "warning[x]: t\n"
        "  --> schools.stan:6:11\n"
        "   |\n"
        " 6 |   theta ~ normal(mu, Sigma);\n"
        "   |   -----   ^^^^^^ -- the mean\n"
        "   |           here\n"
        "   |   the outcome\n"
        "   |\n"
    )


def test_span_of_several_lines() -> None:
    diagnostic = Diagnostic("x", "t", Mark(Span(SCHOOLS, SCHOOLS.text.index("model"), len(SCHOOLS.text) - 1), "all"))
    assert render([diagnostic]) == (
        "error[x]: t\n  --> schools.stan:5:1\n   |\n 5 | model {\n   | ^^^^^^^\n 7 | }\n   | ^ all\n   |\n"
    )


def test_tabs_and_wide_characters() -> None:
    source = Source("m", "\tx = /* 数 */ y\u0301;\n")
    assert render([Diagnostic("x", "t", Mark(span(source, "y\u0301"), "here"))]) == (
        "error[x]: t\n  --> m:1:14\n   |\n 1 |     x = /* 数 */ y\u0301;\n   |                  ^ here\n   |\n"
    )


def test_end_of_file_and_control_characters() -> None:
    source = Source("m", "a\x00b\r\n")
    end = Span(source, len(source.text), len(source.text))
    assert render([Diagnostic("x", "t", Mark(end), (Mark(span(source, "b")),))]) == (
        "error[x]: t\n  --> m:2:1\n   |\n 1 | a\N{REPLACEMENT CHARACTER}b\n   |   -\n 2 |\n   | ^\n   |\n"
    )


def test_wide_line_numbers() -> None:
    source = Source("m", "\n" * 99 + "x")
    assert render([Diagnostic("x", "t", Mark(span(source, "x")), help="one\ntwo")]) == (
        "error[x]: t\n   --> m:100:1\n     |\n 100 | x\n     | ^\n     |\n     = help: one\n             two\n"
    ).replace("   -->", "    -->")


def test_marks_in_two_files() -> None:
    other = Source("other", "int N;")
    text = render([Diagnostic("x", "t", Mark(span(SCHOOLS, "mu"), "here"), (Mark(span(other, "N"), "there"),))])
    assert text == (
        "error[x]: t\n"
        "  --> schools.stan:6:18\n"
        "   |\n"
        " 6 |   theta ~ normal(mu, Sigma);\n"
        "   |                  ^^ here\n"
        "   |\n"
        "  ::: other:1:5\n"
        "   |\n"
        " 1 | int N;\n"
        "   |     - there\n"
        "   |\n"
    )


def test_colour_adds_nothing_but_colour() -> None:
    diagnostics = [Diagnostic("x", "t", Mark(span(SCHOOLS, "mu"), "here"), help="h")] * 2
    plain, coloured = render(diagnostics), render(diagnostics, colour=True)
    for code in ("\033[0m", "\033[1m", "\033[1;34m", "\033[1;31m"):
        assert code in coloured
        coloured = coloured.replace(code, "")
    assert coloured == plain
    assert plain.count("error[x]") == 2
    assert render([]) == ""
