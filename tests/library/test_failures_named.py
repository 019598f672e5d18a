# ruff: noqa: E501  (program texts read better on one line)
"""Calls outside the domain of a function or distribution: the point is rejected, and the call, argument and value named."""

from __future__ import annotations

import numpy as np
import pytest

import pplc

AT_POINTS = {
    "a density": ("1 ~ normal(0, x);", "`normal_lpdf`: sigma is -1, but must be greater than 0"),
    "an element": ("[1, 2]' ~ normal(0, [1, x]');", "`normal_lpdf`: sigma[2] is -1, but must be greater than 0"),
    "a loop": ("for (n in 1:2) target += gamma_p(n + x, 2.0);", "`gamma_p`: a is 0, but must be greater than 0"),
    "a recurrence": (
        "real s = 0; while (s < 3) { s += 1; target += log_mix(x * s, s, 0); }",
        "`log_mix`: p is -1, but must be at least 0 and at most 1",
    ),
    "two arguments": ("1.5 ~ uniform(2, x);", "`uniform_lpdf`: beta is -1, but must be greater than alpha; alpha is 2"),
    "an unsymmetric matrix": (
        "target += sum(cholesky_decompose([[1, x], [0.5, 2]]));",
        "`cholesky_decompose`: x must be symmetric, but element [1, 2] is -1 and its mirror image 0.5",
    ),
    "an indefinite matrix": (
        "[0, 0]' ~ multi_normal([0, 0]', [[1, x], [x, 0.5]]);",
        "`multi_normal_lpdf`: Sigma must be positive definite, but the smallest eigenvalue of the matrix is -0.2807764064",
    ),
    "a covariance function": (
        "target += sum(gp_matern32_cov({1, 2}, x, 1.0));",
        "`gp_matern32_cov`: sigma is -1, but must be finite and greater than 0",
    ),
    "a column that is not there": (
        "target += sum(csr_matrix_times_vector(2, 2, [x, 1, 2]', {1, 3, 1}, {1, 2, 4}, [x, x]'));",
        "`csr_matrix_times_vector`: v[2] is 3, but must be between 1 and n; n is 2",
    ),
    "an element that is not there": (
        "target += x + rank([x, 1, 2], 4);", "`rank`: s must be the number of an element (s is 4)",
    ),
    "a user's function": ("target += f(x);", "`log1m`: x is 2, but must be at most 1"),
    "reject": ('if (x < 0) reject("x is ", x, " here");', "x is -1 here"),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "sentence"), AT_POINTS.values(), ids=AT_POINTS)
def test_points_are_rejected_with_a_sentence(statement: str, sentence: str) -> None:
    functions = "functions { real f(real a) { return log1m(1 - a); } }"
    model = pplc.compile_model(f"{functions} parameters {{ real x; }} model {{ {statement} }}", {})
    point = np.array([-1.0])
    assert not np.isfinite(model.logp(point))
    problem = model.failure(point)
    assert problem is not None
    assert problem.title == sentence
    assert sentence in model.explain(point)
    assert "\n   |" in model.explain(point)


def test_constraints_come_before_what_fails_for_them() -> None:
    program = "parameters { real x; } transformed parameters { real<lower=0> s = x; } model { 1 ~ normal(0, s); }"
    problem = pplc.compile_model(program, {}).failure(np.array([-1.0]))
    assert problem is not None
    assert problem.title == "`s` does not satisfy its constraint: must be at least 0, but it is -1"


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        ("real a = gamma_p(-1, 2);", "`gamma_p`: a is -1, but must be greater than 0"),
        ("real a = inv_Phi(1.5);", "`inv_Phi`: p is 1.5, but must be at least 0 and at most 1"),
        ("int a = choose(-1, 2);", "`choose`: n is -1, but must be an integer and at least 0"),
        ("real a = von_mises_lcdf(4 | 0, 1);", "`von_mises_lcdf`: outcome is 4, but must be at least -3.14159 and at most 3.14159"),
        ("int a = 5 %/% (3 - size({1, 2, 3}));", "`divide`: y is 0, but must not be 0"),
        ("int a = to_int(1e10);", "`to_int`: x is 1e+10, but must fit into an int of 32 bits"),
        ("array[1] int a = to_int({not_a_number()});", "`to_int`: x[1] is nan, but must fit into an int of 32 bits"),
        ("int a = rank({1, 2}, 3);", "`rank`: s must be the number of an element (s is 3)"),
        ("vector[2] a = [1, 2]' .* [1, 2, 3]';", "`elt_multiply`: x and y differ in size (2 and 3)"),
        ("matrix[2, 2] a = inverse([[1, 2, 3], [1, 2, 3]]);", "`inverse`: x has 2 rows and 3 columns, but must be square"),
        ("real a = normal_lpdf([1, 2]' | [1, 2, 3]', 1);", "`normal_lpdf`: the call is about 2 values of outcome and 3 of mu"),
        ("real a = multi_normal_lpdf([1, 2]' | [1]', identity_matrix(2));", "`multi_normal_lpdf`: mu has size 1, but Sigma has size 2"),
        ("real a = bernoulli_logit_glm_lpmf({1} | [[0.5]], 0.5, [1, 2]');", "`bernoulli_logit_glm_lpmf`: beta has size 2, but x has size 1"),
        ("real a = normal_rng(0, positive_infinity());", "`normal_rng`: sigma is inf, but must be finite and greater than 0"),
        ("vector[2] a = multi_normal_rng([0, 0]', [[1, 2], [2, 1]]);", "`multi_normal_rng`: Sigma must be positive definite, but the smallest eigenvalue of the matrix is -1"),
        ("real a = quantile([1, 2]', 1.5);", "`quantile`: p is 1.5, but must be at least 0 and at most 1"),
        ("vector[2] a = add_diag([[1, 2], [3, 4]], [1, 2, 3]')[1]';", "`add_diag`: y must have as many elements as the diagonal of x"),
    ],
)  # fmt: skip
def test_known_values_are_mistakes_of_the_program(call: str, sentence: str) -> None:
    with pytest.raises(pplc.ProgramError) as caught:
        pplc.compile_model(f"transformed data {{ {call} }}", {}).logp(np.zeros(0))
    assert caught.value.diagnostics[0].title == sentence
    generated = pplc.compile_model(f"generated quantities {{ {call} }}", {})
    with pytest.warns(pplc.errors.GenerationWarning, match="generated quantities could not be computed") as warned:
        generated.sample(method="fixed_param", draws=2, chains=1, seed=1, progress=False)
    assert sentence in str(warned[0].message)
