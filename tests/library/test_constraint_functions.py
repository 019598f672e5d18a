# ruff: noqa: E501  (program texts read better on one line)
"""Constraint functions outside of their domains: errors that name function, argument and value, wherever they are called."""

from __future__ import annotations

import numpy as np
import pytest

import pplc

CALLS = {
    "sum(simplex_unconstrain([0.5, 0.6]'))": "`simplex_unconstrain`: y must sum to one, but its sum is 1.1",
    "sum(simplex_unconstrain([1.5, -0.5]'))": "`simplex_unconstrain`: y must be at least 0, but element [2] is -0.5",
    "sum(sum_to_zero_unconstrain([1, 2]'))": "`sum_to_zero_unconstrain`: y must sum to zero, but its sum is 3",
    "sum(sum_to_zero_unconstrain([[1, 2], [-1, 2]]))": "`sum_to_zero_unconstrain`: y must have rows that sum to zero, but its row sum at [1] is 3",
    "sum(unit_vector_unconstrain([1, 1]'))": "`unit_vector_unconstrain`: y must have length one, but its squared length is 2",
    "sum(unit_vector_constrain([0, 0]'))": "`unit_vector_constrain`: x must have a positive, finite length",
    "sum(ordered_unconstrain([1, 1]'))": "`ordered_unconstrain`: y must be increasing, but element [2] is 1, after 1 at [1]",
    "sum(positive_ordered_unconstrain([-1, 1]'))": "`positive_ordered_unconstrain`: y must be at least 0, but element [1] is -1",
    "sum(stochastic_row_unconstrain([[0.5, 0.4], [0.5, 0.5]]))": "`stochastic_row_unconstrain`: y must sum to one, but its sum at [1] is 0.9",
    "sum(stochastic_column_unconstrain([[0.5, 0.4], [0.5, 0.5]]))": "`stochastic_column_unconstrain`: y must sum to one, but its sum at [2] is 0.9",
    "sum(cholesky_factor_corr_unconstrain([[1, 0], [0.5, 1]]))": "`cholesky_factor_corr_unconstrain`: y must have rows of length one, but its squared row length at [2] is 1.25",
    "sum(cholesky_factor_cov_unconstrain([[1, 1], [0.5, 1]]))": "`cholesky_factor_cov_unconstrain`: y must be zero above the diagonal, but element [1, 2] is 1",
    "sum(corr_matrix_unconstrain([[2, 0], [0, 1]]))": "`corr_matrix_unconstrain`: y must be one on the diagonal, but element [1] is 2",
    "sum(corr_matrix_unconstrain([[1, 2], [2, 1]]))": "`corr_matrix_unconstrain`: y must be positive definite, but the smallest eigenvalue of the matrix is -1",
    "sum(cov_matrix_unconstrain([[1, 2], [2, 1]]))": "`cov_matrix_unconstrain`: y must be positive definite, but the smallest eigenvalue of the matrix is -1",
    "lower_bound_unconstrain(1.0, 2)": "`lower_bound_unconstrain`: y is 1, but must be at least lower; lower is 2",
    "upper_bound_unconstrain(3.0, 2)": "`upper_bound_unconstrain`: y is 3, but must be at most upper; upper is 2",
    "lower_upper_bound_unconstrain(3.0, 1, 2)": "`lower_upper_bound_unconstrain`: y is 3, but must be at least lower and at most upper; lower is 1; upper is 2",
    "sum(lower_upper_bound_constrain([3, 4]', [0, 2]', 1))": "`lower_upper_bound_constrain`: lower[2] is 2, but must be less than upper; upper is 1",
    "lower_upper_bound_constrain(3.0, not_a_number(), 1)": "`lower_upper_bound_constrain`: lower is nan, but must be less than upper; upper is 1",
    "offset_multiplier_constrain(3.0, 1, -1)": "`offset_multiplier_constrain`: multiplier is -1, but must be finite and greater than 0",
    "offset_multiplier_unconstrain(3.0, negative_infinity(), 1)": "`offset_multiplier_unconstrain`: offset is -inf, but must be finite",
}  # fmt: skip

SIZES = {
    "sum(simplex_unconstrain(zeros_vector(0)))": "`simplex_unconstrain`: y must not be empty",
    "sum(sum_to_zero_unconstrain(zeros_vector(0)))": "`sum_to_zero_unconstrain`: y must not be empty",
    "sum(unit_vector_constrain(zeros_vector(0)))": "`unit_vector_constrain`: x must not be empty",
    "sum(cov_matrix_unconstrain([[1, 2, 3], [1, 2, 3]]))": "`cov_matrix_unconstrain`: y has 2 rows and 3 columns, but must be square",
    "sum(lower_bound_constrain([1, 2]', [1, 2, 3]'))": "`lower_bound_constrain`: x and lower differ in size (2 and 3)",
}  # fmt: skip


@pytest.mark.parametrize(("call", "sentence"), {**CALLS, **SIZES}.items(), ids=[*CALLS, *SIZES])
def test_in_transformed_data(call: str, sentence: str) -> None:
    with pytest.raises(pplc.ProgramError) as caught:
        pplc.compile_model(f"transformed data {{ real a = {call}; }}", {}).logp(np.zeros(0))
    assert caught.value.diagnostics[0].title == sentence


FREE_COUNTS = {
    "sum(cov_matrix_constrain(x, 2))": "`cov_matrix_constrain`: x must have K (K + 1) / 2 elements",
    "sum(corr_matrix_constrain(x, 4))": "`corr_matrix_constrain`: x must have K (K - 1) / 2 elements",
    "sum(cholesky_factor_corr_constrain(x, 2))": "`cholesky_factor_corr_constrain`: x must have K (K - 1) / 2 elements",
    "sum(cholesky_factor_cov_constrain(x, 3, 2))": "`cholesky_factor_cov_constrain`: x must have N (N + 1) / 2 + (M - N) N elements",
    "sum(cholesky_factor_cov_constrain(x, 1, 4))": "`cholesky_factor_cov_constrain`: M is 1, but must be at least N; N is 4",
}  # fmt: skip


@pytest.mark.parametrize(("call", "sentence"), FREE_COUNTS.items(), ids=FREE_COUNTS)
def test_numbers_of_free_numbers(call: str, sentence: str) -> None:
    """Their number does not fit; while parameters decide how often a loop runs, generated code looks."""
    text = "parameters {{ vector[4] x; }} model {{ {} }}"
    with pytest.raises(pplc.ProgramError, match=call[4 : call.index("(", 4)]):
        pplc.compile_model(text.format(f"target += {call};"), {}).logp(np.zeros(4))
    in_a_loop = f"int n = 0; while (n < 1) {{ n += x[1] > 0 ? 2 : 1; target += {call}; }}"
    problem = pplc.compile_model(text.format(in_a_loop), {}).failure(np.zeros(4))
    assert problem is not None
    assert problem.title.startswith(sentence)


# One whose failure the value would not show, one whose value is nan; each in the graph and in a loop.
AT_POINTS = {
    "sum(simplex_unconstrain(x))": "`simplex_unconstrain`: y must be at least 0, but element [1] is -1",
    "sum(lower_bound_unconstrain(x, 0.5))": "`lower_bound_unconstrain`: y[1] is -1, but must be at least lower; lower is 0.5",
    "sum(lower_upper_bound_constrain(x, 2, x[2]))": "`lower_upper_bound_constrain`: lower is 2, but must be less than upper; upper is 1",
}  # fmt: skip


@pytest.mark.parametrize(("call", "sentence"), AT_POINTS.items(), ids=AT_POINTS)
@pytest.mark.parametrize(
    "where", ["target += {};", "int n = 0; while (n < 1) {{ n += x[1] > 0 ? 2 : 1; target += {}; }}"]
)
def test_points_are_rejected(call: str, sentence: str, where: str) -> None:
    model = pplc.compile_model(f"parameters {{ vector[2] x; }} model {{ {where.format(call)} }}", {})
    point = np.array([-1.0, 1.0])
    assert not np.isfinite(model.logp(point))
    problem = model.failure(point)
    assert problem is not None
    assert problem.title == sentence


@pytest.mark.parametrize(
    ("declaration", "sentence"),
    [
        ("real<lower=a, upper=1> x;", "`x`: lower is 3, but must be less than upper; upper is 1"),
        ("vector<lower=a, upper=[4, 3]'>[2] x;", "`x`: lower is 3, but must be less than upper; upper is 3"),
        ("real<multiplier=-a> x;", "`x`: multiplier is -3, but must be finite and greater than 0"),
    ],
)
def test_bounds_that_leave_no_room(declaration: str, sentence: str) -> None:
    model = pplc.compile_model(f"data {{ real a; }} parameters {{ {declaration} }}", {"a": 3.0})
    point = np.zeros(model.lowered.size)
    assert not np.isfinite(model.logp(point))
    assert sentence in model.explain(point)


def test_nan_among_the_data_of_a_density_is_named() -> None:
    text = "data { real y; } transformed data { real a = normal_lpdf(y | 0, 1); }"
    with pytest.raises(pplc.ProgramError) as caught:
        pplc.compile_model(text, {"y": np.nan}).logp(np.zeros(0))
    [problem] = caught.value.diagnostics
    assert problem.title == "the data hold nan: `y`"
    assert problem.related[0].label == "`normal_lpdf`: outcome is nan, but must be a number"
