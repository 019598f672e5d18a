"""Integers in data that say how many factors a function has, or how large its result is."""

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
