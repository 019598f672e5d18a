"""Declared sizes: negative ones, those of which a type has no values, and those of locals that parameters decide."""

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


DECIDED_BY_PARAMETERS = {
    "model": "model { int k = x > 0 ? 2 : 3; vector[k] v = rep_vector(x, k); target += sum(v); }",
    "block": "model { int k = x > 0 ? 2 : 3; { array[k] real v; v[1:k] = rep_array(x, k); target += sum(v); } }",
    "tuple": "model { int k = x > 0 ? 2 : 3; tuple(int, vector[k]) v = (k, rep_vector(x, k)); target += sum(v.2); }",
    "loop": "model { for (n in 1:1) { int k = x > 0 ? 2 : 3; vector[k] v = rep_vector(x, k); target += sum(v); } }",
    "function": "transformed parameters { real y = f(x); } model { target += y; }",
    "argument": "model { int k = x > 0 ? 2 : 3; target += g(k, x); }",
}


@pytest.mark.parametrize("blocks", DECIDED_BY_PARAMETERS.values(), ids=DECIDED_BY_PARAMETERS)
def test_decided_by_parameters(blocks: str) -> None:
    functions = """functions {
        real f(real x) { int k = x > 0 ? 2 : 3; vector[k] v; for (i in 1:k) v[i] = x; return sum(v); }
        real g(int k, real x) { vector[k] v = rep_vector(x, k); if (x > 0) return sum(v); return sum(v); }
    }"""
    model = pplc.compile_model(f"{functions} parameters {{ real x; }} {blocks}")
    for x, k in [(0.5, 2), (-0.5, 3)]:
        value, (slope,) = model.logp_dlogp(np.array([x]))
        assert (value, slope) == (k * x, k)


def test_size_of_a_parameter() -> None:
    """The size is that of the argument, whatever its value, though the value needs generated code."""
    program = """
        functions { vector g(vector x) { while (x[1] > 1) return 2 * x; return x; } }
        parameters { vector[2] x; }
        model {
            vector[rows(x)] v = g(x);
            tuple(vector[size(x)], real) w = (g(x), 1);
            target += sum(v) + sum(w.1);
        }"""
    model = pplc.compile_model(program)
    assert model.logp_dlogp(np.array([1.5, 1.0]))[1].tolist() == [4, 4]
    assert model.logp_dlogp(np.array([0.5, 1.0]))[1].tolist() == [2, 2]
