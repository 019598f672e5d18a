"""What is found in a program, in which order, and what is not said because it follows from something else."""

from __future__ import annotations

import subprocess
import sys

import pytest
from pplc.compiler.check import check
from pplc.compiler.frontend import read_program
from pplc.grammar.parser import parse_text


def found(text: str, std: str = "ppl") -> list[str]:
    """Each diagnostic as "line:column code", columns from 0 as in Stan."""
    _, diagnostics = read_program(text, std=std)  # type: ignore[arg-type]
    return [f"{d.mark.span.line}:{d.mark.span.column} {d.code}" for d in diagnostics]


def test_every_independent_mistake_is_found() -> None:
    text = """data { int N; }
parameters { real mu; }
model {
  real x = foo(mu);
  x = bar + 1;
  mu = 2;
  y ~ normal(0);
  target += normal_lpdf(mu | 0);
}"""
    assert found(text) == [
        "4:11 unknown-function",
        "5:6 undeclared-name",
        "6:2 assignment-to-other-block",
        "7:2 undeclared-name",
        "8:12 argument-count",
    ]


def test_what_follows_from_a_mistake_is_not_reported() -> None:
    assert found("model {\n real x = foo(1) + 2;\n vector[2] y = x * [1, 2]';\n}") == ["2:10 unknown-function"]


def test_an_undeclared_name_is_reported_once() -> None:
    assert found("model {\n target += x;\n target += x + 1;\n}") == ["2:11 undeclared-name"]


def test_a_variable_with_a_faulty_declaration_is_declared() -> None:
    assert found("model {\n vector[0.5] x;\n target += x;\n}") == ["2:8 integer-expected"]


def test_a_mistake_in_an_argument_over_several_lines_is_at_the_call() -> None:
    text = "parameters { real y; }\nmodel {\n  target += normal_lpdf(y |\n    0, {{1}});\n}"
    _, (diagnostic,) = read_program(text)
    assert diagnostic.mark.span.text == "normal_lpdf"
    assert diagnostic.related[0].span.text == "{{1}}"


@pytest.mark.parametrize("suggestion", ["normal", "exponential"])
def test_near_names_are_suggested(suggestion: str) -> None:
    _, (diagnostic,) = read_program(f"parameters {{ real y; }}\nmodel {{ y ~ {suggestion[:-1]}(1, 2); }}")
    assert diagnostic.help == f"did you mean `{suggestion}`?"


@pytest.mark.parametrize("type", ["int<lower=1, upper=3>", "array[2] int", "tuple(real, int)"])
def test_integers_cannot_be_parameters(type: str) -> None:
    assert found(f"parameters {{\n  {type} z;\n}}") == ["2:2 integer-parameter"]


def test_variables_may_have_the_names_of_library_functions() -> None:
    assert found("data { vector[3] v; }\ntransformed data { real mean = mean(v); real sd = sd(v) + mean; }") == []


def test_variables_of_the_model_block_end_with_it() -> None:
    assert found("model { real x = 1; }\ngenerated quantities {\n  real y = x;\n}") == ["3:11 undeclared-name"]


def test_generated_quantities_may_use_parameters_as_data() -> None:
    text = "parameters { real<lower=0> x; }\n%s"
    assert found(text % "model { int n = to_int(x); }") == ["2:23 data-only-argument"]
    assert found(text % "generated quantities { int n = to_int(x); }") == []


def test_loops_that_never_end_count_as_returning() -> None:
    function = "functions { real f(real x) { while (%s) { if (x > 0) { return x; } %s } } }"
    assert found(function % ("1", "")) == []
    assert found(function % ("0", "")) == ["1:17 missing-return"]
    assert found(function % ("1", "break;")) == ["1:17 missing-return"]


def test_includes_are_checked_where_they_are(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "f.stan").write_text("real f(real x) {\n  return y;\n}\n")
    (tmp_path / "model.stan").write_text("functions {\n#include f.stan\n}\n")
    _, (diagnostic,) = read_program(tmp_path / "model.stan", [tmp_path])
    assert (diagnostic.code, diagnostic.mark.span.line) == ("undeclared-name", 2)
    assert diagnostic.mark.span.source.name.endswith("f.stan")


def test_old_names_are_read_as_new_ones() -> None:
    text = "parameters { real y; }\nmodel { increment_log_prob(normal_log(y, 0, 1)); }"
    program, diagnostics = read_program(text)
    assert program
    assert {diagnostic.code for diagnostic in diagnostics} == {"syntax-deprecated"}
    assert read_program(text, std="stan")[0] is None


def test_a_tree_without_blocks_is_a_program() -> None:
    tree, _ = parse_text("")
    assert tree is not None
    program, diagnostics = check(tree)
    assert program is not None
    assert [diagnostic.code for diagnostic in diagnostics] == ["empty-program"]


LONG = (
    "data { int N; vector[N] y; matrix[N, 3] X; }\nparameters { vector[3] beta; real<lower=0> sigma; }\nmodel {\n"
    + "".join(
        f"  real x{i} = normal_lpdf(y | X * beta + {i}, sigma) + log_sum_exp(beta) * {i}.5;\n" for i in range(200)
    )
    + "  y ~ normal(X * beta, sigma);\n}\n"
)


def test_checking_imports_nothing_heavy_and_is_quick() -> None:
    script = (
        "import sys, time\n"
        "from pplc.compiler.frontend import read_program\n"
        f"program, _ = read_program({LONG!r})\n"
        "assert program is not None\n"
        "print(time.process_time(), sorted({'numpy', 'scipy', 'numba', 'pytensor'} & set(sys.modules)))\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)  # with the parser's cache cold
    output = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    seconds, heavy = output.split(" ", 1)
    assert heavy.strip() == "[]"
    assert float(seconds) < 1.0  # 0.3 s on an idle machine
