"""Calls at infinity and at ends of supports: Stan's number where it has one, its refusal where it refuses."""

from __future__ import annotations

import numpy as np
import pytest

import pplc

pytestmark = pytest.mark.filterwarnings("ignore::pplc.ProgramWarning")  # the programs leave ranges on purpose

VALUES = {
    "poisson_lpmf(0 | infinity)": -np.inf,
    "poisson_lcdf(1 | infinity)": -np.inf,
    "poisson_cdf(1 | infinity)": 0.0,
    "poisson_lccdf(1 | infinity)": 0.0,
    "poisson_log_lpmf(0 | infinity)": -np.inf,
    "poisson_log_lpmf(3 | -infinity)": -np.inf,
    "weibull_lpdf(-1 | 1.5, 1)": -np.inf,
    "inv_gamma_lpdf({2, -1} | 1.5, 1)": -np.inf,
    "inv_chi_square_lpdf(-infinity | 2)": -np.inf,
    "scaled_inv_chi_square_lpdf(-1 | 2, 1)": -np.inf,
    "pareto_lpdf(-1 | 2, 1)": -np.inf,
    "beta_binomial_lpmf(-1 | 3, 2, 1)": -np.inf,
    "lbeta(infinity, 2.0)": -np.inf,
    "lbeta(2.0, infinity)": -np.inf,
    "log_modified_bessel_first_kind(1, infinity)": np.inf,
    "log_modified_bessel_first_kind(1.5, infinity)": np.inf,
    "log_determinant(rep_matrix(0, 2, 2))": -np.inf,
    "log_determinant([[1, 1, 1], [2, 2, 2], [3, 1, 2]])": -np.inf,
    "determinant(rep_matrix(0, 3, 3))": 0.0,
    "multi_normal_lpdf(rep_array(rep_vector(0, 0), 0) | rep_vector(0, 0), rep_matrix(0, 0, 0))": 0.0,
    "multi_normal_cholesky_lpdf(rep_vector(0, 0) | rep_vector(0, 0), rep_matrix(0, 0, 0))": 0.0,
    "multi_student_t_lpdf(rep_vector(0, 0) | 3, rep_vector(0, 0), rep_matrix(0, 0, 0))": 0.0,
    "ordered_logistic_lpmf(1 | 0.3, rep_vector(0, 0))": 0.0,
}
# Their compiled density may be nan instead, which rejects a point as well: the limit would cost every regression.
ZEROS = ("poisson_lpmf(1 | infinity)", "poisson_lpmf({1, 2} | {2, infinity})", "poisson_log_lpmf(3 | infinity)")
SENTENCES = {
    "von_mises_cdf(0 | 0, 0)": "kappa is 0, but must be finite and greater than 0",
    "pareto_type_2_cdf(0.5 | 1, 2, 1)": "`pareto_type_2_cdf`: outcome is 0.5, but must be at least mu",
    "pareto_type_2_lcdf(0.5 | 1, 2, 1)": "`pareto_type_2_lcdf`: outcome is 0.5, but must be at least mu",
    "pareto_type_2_lccdf(0.5 | 1, 2, 1)": "`pareto_type_2_lccdf`: outcome is 0.5, but must be at least mu",
    "frechet_cdf(0 | 2, 1)": "outcome is 0, but must be greater than 0",
    "weibull_lpdf(infinity | 2, 1)": "outcome is inf, but must be finite",
    "double_exponential_lpdf(-infinity | 0, 1)": "outcome is -inf, but must be finite",
    "normal_id_glm_lpdf([infinity]' | [[1]], 0, [1]', 1)": "outcome[1] is inf, but must be finite",
    "hypergeometric_lpmf(1 | 5, 2, 3)": "outcome is 1, but must be at least N - b",
    "student_t_qf(0.3, infinity, 0, 1)": "nu is inf, but must be finite and greater than 0",
    "categorical_logit_rng(rep_vector(0, 0))": "`categorical_logit_rng` cannot draw",
    "sum(dirichlet_rng(rep_vector(0, 0)))": "alpha must not be empty",
    "poisson_lpmf(1 | -1)": "`poisson_lpmf`: lambda is -1, but must be at least 0",
    "inv_gamma_lpdf(not_a_number() | 1.5, 1)": "`inv_gamma_lpdf`: outcome is nan, but must be a number",
    "poisson_log_lpmf(0 | -infinity)": "alpha is -inf, but must be finite where the outcome is 0",
    "inv_wishart_cholesky_lpdf([[1]] | infinity, [[1]])": "nu is inf, but must be finite",
    "poisson_rng(0)": "`poisson_rng`: lambda is 0, but must be finite and greater than 0",
    "poisson_log_rng(-infinity)": "`poisson_log_rng`: alpha is -inf, but must be finite",
    "bernoulli_logit_rng(infinity)": "`bernoulli_logit_rng`: alpha is inf, but must be finite",
    "rank(rep_vector(0, 0), 1)": "`rank`: x must not be empty",
    "ordered_probit_lpmf(1 | 0.3, rep_vector(0, 0))": "c must not be empty",
    "ordered_probit_rng(0.3, rep_vector(0, 0))": "c must not be empty",
    "ordered_logistic_rng(0.3, rep_vector(0, 0))": "c must not be empty",
    "multi_normal_lpdf(rep_vector(0, 0) | rep_vector(0, 0), rep_matrix(0, 0, 0))": "Sigma must not be empty",
    "multi_normal_prec_lpdf(rep_vector(0, 0) | rep_vector(0, 0), rep_matrix(0, 0, 0))": "Omega must not be empty",
    "multi_student_t_cholesky_lpdf(rep_vector(0, 0) | 3, rep_vector(0, 0), rep_matrix(0, 0, 0))": "L must not be empty",
    "multi_gp_lpdf(rep_matrix(0, 0, 0) | rep_matrix(0, 0, 0), rep_vector(0, 0))": "Sigma must not be empty",
    "sum(multi_normal_rng(rep_vector(0, 0), rep_matrix(0, 0, 0)))": "Sigma must not be empty",
    "sum(multi_normal_cholesky_rng(rep_vector(0, 0), rep_matrix(0, 0, 0)))": "L must not be empty",
    "sum(multi_student_t_rng(3, rep_vector(0, 0), rep_matrix(0, 0, 0)))": "Sigma must not be empty",
    "sum(multi_student_t_cholesky_rng(3, rep_vector(0, 0), rep_matrix(0, 0, 0)))": "L must not be empty",
}


def model_of(call: str) -> pplc.Model:
    call = call.replace("infinity", "positive_infinity()")
    return pplc.compile_model(
        f"transformed data {{ real y = {call}; }} parameters {{ real z; }} model {{ target += y; }}"
    )


@pytest.mark.parametrize(("call", "value"), VALUES.items())
def test_values(call: str, value: float) -> None:
    assert model_of(call).logp(np.zeros(1)) == value
    number = call.replace("infinity", "x").replace("rep_matrix(0", "rep_matrix(x - x").replace("[[1,", "[[x / x,")
    program = f"parameters {{ real x; }} model {{ target += {number}; }}"
    assert pplc.compile_model(program).logp(np.array([np.inf if "infinity" in call else 2.0])) == value


def test_densities_that_are_zero() -> None:
    """They are numbers where they are known and in generated quantities; a rejected point is explained by them."""
    calls = [*ZEROS, "weibull_lpdf(-1 | 1.5, 1)", "beta_binomial_lpmf(-1 | 3, 2, 1)"]
    texts = [call.replace("infinity", "positive_infinity()") for call in calls]
    known = f"transformed data {{ array[{len(texts)}] real d = {{{', '.join(texts)}}}; }} parameters {{ real x; }}"
    later = ", ".join(call.replace("infinity", "(x / 0)").replace("(-1 |", "(-to_int(1) |") for call in calls)
    generated = f"generated quantities {{ array[{len(texts)}] real g = {{{later}}}; real s = sum(d); }}"
    model = pplc.compile_model(f"{known} model {{ x ~ inv_gamma(1, 1); }} {generated}")
    found = model.constrain(np.ones(1), generated=True)
    assert list(found["g"]) == [-np.inf] * len(calls)
    assert found["s"] == -np.inf
    problem = model.failure(-np.ones(1))
    assert problem is not None
    assert problem.title == "`inv_gamma_lpdf`: outcome is -1, but must be at least 0"


@pytest.mark.parametrize(("call", "sentence"), SENTENCES.items())
def test_refusals(call: str, sentence: str) -> None:
    with pytest.raises(pplc.ProgramError) as caught:
        model_of(call).logp(np.zeros(1))
    assert sentence in str(caught.value)


@pytest.mark.parametrize(("count", "finite"), [(0, True), (1, False)])
def test_vectors_without_elements_in_a_loop(count: int, finite: bool) -> None:
    """Only where there are none of them."""
    model = pplc.compile_model(f"""parameters {{ real x; }} model {{ real s = x;
      while (s < 1) {{ s += 1; array[{count}] vector[0] y; vector[0] mu; matrix[0, 0] L; target += s + multi_normal_lpdf(y | mu, L); }} }}""")  # noqa: E501
    assert np.isfinite(model.logp(np.zeros(1))) == finite


def test_a_negative_power_of_a_matrix_of_parameters_is_refused() -> None:
    text = "parameters { matrix[2, 2] A; } model { target += sum(matrix_power(A, -1)); }"
    model = pplc.compile_model(text)
    assert not np.isfinite(model.logp(np.ones(4)))
    problem = model.failure(np.ones(4))
    assert problem is not None
    assert "`matrix_power`: n is -1, but must be an integer and at least 0" in problem.title
