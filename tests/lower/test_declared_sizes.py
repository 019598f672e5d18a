"""Sizes of parameters that come from data: negative ones, and those of which a type has no values."""

from __future__ import annotations

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
