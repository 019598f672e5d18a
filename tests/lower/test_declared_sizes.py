"""Sizes of parameters that come from data: negative ones, and those of which a type has no values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import pplc

IMPOSSIBLE = {
    "vector[N - 1] x;": "the size of `x` is negative: -1",
    "array[2] matrix[2, N - 1] x;": "the size of `x` is negative: -1",
    "array[N - 1] tuple(real, real) x;": "the size of `x` is negative: -1",
    "array[2] tuple(real, vector[N - 2]) x;": "the size of `x` is negative: -2",
    "simplex[N] x;": "`x` must have elements, but 0 were declared",
    "unit_vector[N] x;": "`x` must have elements, but 0 were declared",
    "sum_to_zero_vector[N] x;": "`x` must have elements, but 0 were declared",
    "sum_to_zero_matrix[N, N] x;": "`x` must have elements, but 0 × 0 were declared",
    "column_stochastic_matrix[N, 2] x;": "`x` must have elements, but 0 × 2 were declared",
    "row_stochastic_matrix[2, N] x;": "`x` must have elements, but 2 × 0 were declared",
    "cholesky_factor_cov[N + 2, 3] x;": "`x` must have as many rows as columns, or more, but has 2 and 3",
}


@pytest.mark.parametrize(("declaration", "sentence"), IMPOSSIBLE.items(), ids=IMPOSSIBLE)
def test_impossible_sizes(declaration: str, sentence: str) -> None:
    with pytest.raises(pplc.ProgramError) as caught:
        _ = pplc.compile_model(f"data {{ int N; }} parameters {{ {declaration} }}", {"N": 0}).n_unconstrained
    assert caught.value.diagnostics[0].title == sentence


@pytest.mark.parametrize(
    "declaration",
    ["vector[N] x;", "array[N] simplex[3] x;", "column_stochastic_matrix[2, N] x;", "cholesky_factor_cov[2, N] x;"],
)
def test_nothing(declaration: str) -> None:
    assert pplc.compile_model(f"data {{ int N; }} parameters {{ {declaration} }}", {"N": 0}).n_unconstrained == 0


WITHOUT_ELEMENTS = {
    "simplex[N] x;": [],
    "array[1] simplex[N] x;": [[]],
    "unit_vector[N] x;": [],
    "sum_to_zero_vector[N] x;": [],
    "sum_to_zero_matrix[2, N] x;": [[], []],
    "column_stochastic_matrix[N, 2] x;": [],
    "cov_matrix[N] x;": [],
    "cholesky_factor_cov[2, N] x;": [[], []],
}


@pytest.mark.parametrize(("declaration", "value"), WITHOUT_ELEMENTS.items(), ids=WITHOUT_ELEMENTS)
def test_values_without_elements(declaration: str, value: list[Any]) -> None:
    """Constraints that no value without elements satisfies: data, what is computed from them, and other quantities."""
    real = "parameters { real z; }"
    for program, data in [
        (f"data {{ int N; {declaration} }} {real}", {"N": 0, "x": value}),
        (f"data {{ int N; }} transformed data {{ {declaration} }} {real}", {"N": 0}),
    ]:
        with pytest.raises((pplc.ProgramError, pplc.DataError)) as caught:
            _ = pplc.compile_model(program, data).n_unconstrained
        assert "`x` must have elements" in str(caught.value)
    model = pplc.compile_model(f"data {{ int N; }} {real} transformed parameters {{ {declaration} }}", {"N": 0})
    assert model.logp(np.zeros(1)) == -np.inf
    assert "must have elements" in model.explain(np.zeros(1))


@pytest.mark.parametrize("declaration", ["ordered[N] x;", "corr_matrix[N] x;", "array[N] simplex[N] x;"])
def test_values_that_need_none(declaration: str) -> None:
    program = f"data {{ int N; {declaration} }} parameters {{ real z; }} model {{ z ~ std_normal(); }}"
    assert np.isfinite(pplc.compile_model(program, {"N": 0, "x": []}).logp(np.zeros(1)))


@pytest.mark.parametrize("blocks", [
    "data { vector[2] low; vector<lower=low>[3] x; }",
    "data { vector[2] low; } transformed data { vector<lower=low>[3] x = rep_vector(0, 3); }",
    "data { vector[2] low; } parameters { vector<lower=low>[3] x; }",
    "data { vector[2] low; } parameters { vector<offset=low>[3] x; }",
    "data { vector[2] low; } transformed parameters { vector<lower=low>[3] x = rep_vector(0, 3); }",
])  # fmt: skip
def test_bounds_of_another_size(blocks: str) -> None:
    model = " model { target += 0; }"
    with pytest.raises(pplc.errors.PplcError, match="`x` has size 3, but its constraint is given for size 2"):
        _ = pplc.compile_model(blocks + model, {"low": [-1, -1], "x": [0, 0, 0]}).lowered
