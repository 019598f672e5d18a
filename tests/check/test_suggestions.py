"""What is suggested for names that mean nothing, and for arguments of the wrong type."""

from __future__ import annotations

import pytest
from pplc.compiler.check.errors.foreign import DISTRIBUTIONS, FUNCTIONS
from pplc.compiler.frontend import read_program
from pplc.compiler.library import registry
from pplc.compiler.library.expand import all_names
from pplc.grammar.diagnostics import Diagnostic
from pplc.grammar.similar import nearest
from pplc.grammar.source import Source


def first(model: str) -> Diagnostic:
    """What is first found wrong with a statement of the model block."""
    text = (
        "data { int N; vector[N] x; matrix[N, N] A; array[N] int k; }\n"
        "parameters { real theta; row_vector[N] r; }\n"
        f"model {{ real later_on; {model} {{ real inner; }} }}\n"
        "generated quantities { real u = theta; }\n"
    )
    return read_program(Source("model.ppl", text))[1][0]


@pytest.mark.parametrize(
    ("statement", "help"),
    [
        ("target += tetha;", "did you mean `theta`?"),
        ("target += n;", "did you mean `N`?"),
        ("target += u;", "a variable is seen only after its declaration"),
        ("target += inner;", "a variable is seen only after its declaration"),
        ("target += log_sumexp(x);", "did you mean `log_sum_exp`?"),
        ("target += logit_inv(theta);", "did you mean `inv_logit`?"),
        ("target += qr_thin_q(A)[1, 1];", "did you mean `qr_thin_Q`?"),
        ("target += sigmoid(theta);", "did you mean `inv_logit`?"),
        (
            "target += normal(theta | 0, 1);",
            "`normal` is a distribution: write `y ~ normal(...)`, or `normal_lpdf(y | ...)` for its density",
        ),
        ("theta ~ norml(0, 1);", "did you mean `normal`?"),
        ("theta ~ gaussian(0, 1);", "did you mean `normal`?"),
        (
            "theta ~ half_normal(0, 1);",
            "a half distribution is a whole one on a parameter with `<lower=0>`: write `~ normal(0, ...)`",
        ),
        ("A ~ normal(0, 1);", "`to_vector(x)` makes it a vector, whose elements then have this distribution"),
        ("x ~ poisson(1);", "counts and categories are ints: declare it as `int` or `array[N] int`"),
        ("k ~ categorical_logit(r);", "transpose it: `x'`"),
        ("target += sum(diag_pre_multiply(A, x));", "in another order they fit: (vector, matrix)"),
        ("vector[N] z = 0;", "`rep_vector(x, n)` repeats a number n times"),
        (
            "real z = x * x;",
            "to combine them element by element write `.*`, for the sum of the products `dot_product(u, v)`",
        ),
        ("for (i in N) print(i);", "to count, write `1:N`"),
        ("target += log_determinant({r, r});", "`to_matrix(x)` makes an array of arrays or of row vectors a matrix"),
        ("{A, A} ~ wishart(5, A);", None),
    ],
)
def test_help(statement: str, help: str | None) -> None:
    assert first(statement).help == help


def test_an_ordinary_function_with_a_name_that_has_a_meaning_now() -> None:
    text = "functions { real half_jacobian(real x) { return x / 2; } } parameters { real y; } model { %s }"
    found = read_program(Source("model.ppl", text % "y ~ normal(half_jacobian(2), 1);"))[1]
    assert [diagnostic.code for diagnostic in found] == ["misplaced-jacobian"]
    assert found[0].help == "since Stan 2.39 a function that adjusts nothing needs a name that ends otherwise"


def test_a_declaration_out_of_sight_is_shown() -> None:
    found = first("target += u;")
    assert [mark.label for mark in found.related] == ["declared here, in generated quantities"]


def test_nearest() -> None:
    assert nearest("alhpa", ["alpha", "beta"]) == "alpha"
    assert nearest("Alpha", ["alpha", "aloha"]) == "alpha"
    assert nearest("x", ["y"]) is None
    assert nearest("zzzzzz", ["alpha"]) is None


def test_foreign_names_are_not_ours() -> None:
    assert not FUNCTIONS.keys() & all_names()
    assert not DISTRIBUTIONS.keys() & registry.distributions().keys()


def test_what_foreign_names_lead_to_exists() -> None:
    for help in FUNCTIONS.values():
        if help.startswith("did you mean `"):
            name = help.split("`")[1].split("(")[0]
            assert name in all_names() or "[" in name, help
    for help in DISTRIBUTIONS.values():
        if help.startswith("did you mean `"):
            assert help.split("`")[1] in registry.distributions(), help
