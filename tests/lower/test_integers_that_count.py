"""Integers that say how many factors a function has, or how large its result is, in data or by parameters."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import multigammaln, poch

import pplc

N = [0, 2, 3]


@pytest.mark.parametrize(
    "statement",
    [
        "target += sum(rising_factorial(x, n));",
        "for (i in 1:3) target += rising_factorial(x, n[i]);",
        "target += 1; for (i in 2:3) { int k = x > 0 ? n[i] : 1; target += rising_factorial(x, k); }",
    ],
)
def test_as_many_factors(statement: str) -> None:
    model = pplc.compile_model(f"data {{ array[3] int n; }} parameters {{ real x; }} model {{ {statement} }}", {"n": N})
    value, (slope,) = model.logp_dlogp(np.array([0.7]))
    assert_allclose(value, poch(0.7, N).sum(), rtol=1e-14)
    assert_allclose(slope, (2 * 0.7 + 1) + (3 * 0.7**2 + 6 * 0.7 + 2), rtol=1e-13)


def test_as_many_terms() -> None:
    program = "data { array[3] int n; } parameters { vector[3] x; } model { target += sum(lmgamma(n, x)); }"
    found = pplc.compile_model(program, {"n": N}).logp(np.array([2.3, 3.0, 4.0]))
    assert_allclose(found, multigammaln(3.0, 2) + multigammaln(4.0, 3), rtol=1e-14)


@pytest.mark.parametrize(("x", "k"), [(0.7, 2), (-0.7, 3)])
def test_parameters_decide_a_size(x: float, k: int) -> None:
    calls = ["rep_vector(1.5, k)", "rep_array(x, 2, k)", "rep_matrix([x, 1]', k)", "linspaced_vector(k, 0, 1)",
             "identity_matrix(k)", "one_hot_vector(k, 1)", "append_row(ones_vector(k), x)"]  # fmt: skip
    statements = "\n".join(f"target += x * sum({call});" for call in calls).replace("sum(rep_array", "f(rep_array")
    program = f"""
        functions {{ real f(array[,] real x) {{ return sum(to_array_1d(x)); }} }}
        parameters {{ real x; }} model {{ int k = x > 0 ? 2 : 3; {statements} }}"""
    value, (slope,) = pplc.compile_model(program).logp_dlogp(np.array([x]))
    constant, multiple = 1.5 * k + k + k / 2 + k + 1 + k, 2 * k + k + 1
    assert_allclose([value, slope], [x * constant + x**2 * multiple, constant + 2 * x * multiple], rtol=1e-14)


@pytest.mark.parametrize(
    ("function", "call"),
    [
        ("rep_vector", "rep_vector(x, n)"),
        ("rep_row_vector", "rep_row_vector(x, n)"),
        ("rep_matrix", "rep_matrix(x, 2, n)"),
        ("rep_array", "rep_array(x, n)"),
        ("rep_array", "to_array_1d(rep_array(x, 2, n))"),
    ],
)
def test_negative_sizes_reject(function: str, call: str) -> None:
    program = f"data {{ int n; }} parameters {{ real x; }} model {{ x ~ std_normal(); target += sum({call}); }}"
    model = pplc.compile_model(program, {"n": -1})
    assert model.logp(np.ones(1)) == -np.inf
    failure = model.failure(np.ones(1))
    assert failure is not None
    assert failure.title == f"a size given to `{function}` is -1"
