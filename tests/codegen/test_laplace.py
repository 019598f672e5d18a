# ruff: noqa: E501  (program texts read better on one line)
"""The embedded Laplace approximation in generated code: against its graph, and draws against the exact posterior."""

from __future__ import annotations

import re

import numpy as np
import pytest
from numpy.testing import assert_allclose
from pplc.compiler import ir
from pplc.compiler.codegen.block import compile_block
from pplc.compiler.codegen.messages import ProgramError
from pplc.compiler.frontend import read_program

import pplc

FUNCTIONS = """
matrix k(array[] real x, real a) { return gp_exp_quad_cov(x, a, 1.0) + diag_matrix(rep_vector(0.01, size(x))); }
real counts(vector theta, array[] int n, real m, vector w) { return poisson_log_lpmf(n | theta + m) + dot_product(w, sin(theta)); }
real normals(vector theta, vector y, real s) { return normal_lpdf(y | theta, s); }
"""
DATA = "array[3] real x = {0.0, 0.5, 2.0}; vector[3] y = [0.3, -0.2, 1.1]'; array[3] int n = {1, 0, 4};"


pytestmark = pytest.mark.usefixtures("natively", "quickly")


@pytest.mark.parametrize("call", [
    "laplace_marginal(counts, (n, m, w), 1, k, (x, a))",
    "laplace_marginal(normals, (y, a), 3, k, (x, exp(m)))",
    "laplace_marginal_tol_neg_binomial_2_log_lpmf(n | {1, 2, 3}, rep_vector(a, 3), m + w, 3, k, (x, a), (rep_vector(0, 3), 1e-9, 100, 1, 10, 0))",
])  # fmt: skip
def test_in_a_loop(call: str) -> None:
    """Generated code takes differences where the graph has derivatives: ten digits."""
    head = f"functions {{ {FUNCTIONS} }} transformed data {{ {DATA} }} parameters {{ real<lower=0> a; real m; vector<lower=-1>[3] w; }}"
    graph = pplc.compile_model(f"{head} model {{ target += 2 * {call}; }}", {})
    loop = pplc.compile_model(
        f"{head} model {{ real s = 0; for (i in 1:2) {{ s = {call} + 0.1 * s; target += s; }} target += -0.1 * s / 1.1; }}",
        {},
    )
    position = np.array([0.2, 0.4, -0.3, 0.1, 0.5])
    (value, gradient), (found, slope) = (model.logp_dlogp(position) for model in (graph, loop))
    assert_allclose(found, value, rtol=1e-9)
    assert_allclose(slope, gradient, rtol=1e-8, atol=1e-9)


def test_latent_variables() -> None:
    """With normal observations everything is exact."""
    program, problems = read_program(f"""functions {{ {FUNCTIONS} }} generated quantities {{
      {DATA} matrix[3, 3] K = k(x, 1.5); array[2000] vector[3] draws; vector[3] theta; matrix[3, 3] L;
      (theta, L) = laplace_latent_solve(normals, (y, 0.5), 1, k, (x, 1.5));
      for (i in 1:2000) draws[i] = laplace_latent_rng(normals, (y, 0.5), 1, k, (x, 1.5));
    }}""")  # fmt: skip
    assert program is not None, problems
    named = {s.variable.name: s.variable for s in program.generated_quantities if isinstance(s, ir.Declare)}
    outputs = [named[name] for name in ("y", "K", "draws", "theta", "L")]
    block = compile_block(program.generated_quantities, [], outputs, random=True)
    y, K, draws, theta, L = block([], np.random.default_rng(1), plain=True)
    gain = K @ np.linalg.inv(K + 0.25 * np.eye(3))
    assert_allclose(theta, gain @ y, rtol=1e-9)
    assert_allclose(L @ L.T, K - gain @ K, rtol=1e-7)
    assert_allclose(draws.mean(0), theta, atol=4 * np.sqrt(np.diag(K).max() / 2000))
    assert_allclose(np.cov(draws.T), K - gain @ K, atol=0.02)


OWN_LIKELIHOODS = """
real of_poisson_log(vector theta, array[] int n, array[] int at, vector m) { return poisson_log_lpmf(n | theta[at] + m[at]); }
real of_bernoulli_logit(vector theta, array[] int n, array[] int at, vector m) { return bernoulli_logit_lpmf(n | theta[at] + m[at]); }
real of_neg_binomial_2_log(vector theta, array[] int n, array[] int at, vector eta, vector m) { return neg_binomial_2_log_lpmf(n | theta[at] + m[at], eta[at]); }
"""
NAMED = {"poisson_log": "n, at, m", "bernoulli_logit": "b, at, m", "neg_binomial_2_log": "n, at, eta, m"}


@pytest.mark.parametrize("name", NAMED)
def test_named_likelihoods_draw_as_the_same_written_out(name: str) -> None:
    """From one seed, with and without tolerances; `test_latent_variables` has tested what one of them draws."""
    given = NAMED[name]
    rest, options = "1, k, (x, 1.5)", "([0.1, 0, 0]', 1e-9, 200, 1, 10, 0)"
    calls = (
        f"laplace_latent_rng(of_{name}, ({given}), {rest})",
        f"laplace_latent_{name}_rng({given}, {rest})",
        f"laplace_latent_tol_{name}_rng({given}, {rest}, {options})",
        f"laplace_latent_tol_rng(of_{name}, ({given}), {rest}, {options})",
    )
    expected, *others = map(drawn, calls)
    assert np.abs(np.diff(expected, axis=0)).min() > 0
    for draws in others:
        assert_allclose(draws, expected, rtol=1e-7, atol=1e-8)


def drawn(call: str) -> np.ndarray:
    """Three draws with a fixed seed."""
    program, problems = read_program(f"""functions {{ {FUNCTIONS} {OWN_LIKELIHOODS} }} generated quantities {{
      {DATA} array[3] int b = {{1, 0, 1}}; array[3] int at = {{3, 1, 2}}; vector[3] m = [0.2, -0.1, 0.4]'; vector[3] eta = [2, 3, 4]';
      array[3] vector[3] draws; for (i in 1:3) draws[i] = {call};
    }}""")  # fmt: skip
    assert program is not None, problems
    named = {s.variable.name: s.variable for s in program.generated_quantities if isinstance(s, ir.Declare)}
    block = compile_block(program.generated_quantities, [], [named["draws"]], random=True)
    return np.asarray(block([], np.random.default_rng(1), plain=True)[0])


TWO_MODES = """functions {
  matrix wide(real a) { return [[a]]; }
  real two(vector theta, real y) { return log_mix(0.5, normal_lpdf(y | theta[1] - 3, 0.3), normal_lpdf(y | theta[1] + 2, 0.3)); }
}
parameters { real y; } """


@pytest.mark.parametrize("loop", [False, True], ids=["graph", "loop"])
@pytest.mark.parametrize(("start", "mode"), [("-1.5", -2.0), ("2.5", 3.0)])
def test_the_search_begins_at_the_given_point(start: str, mode: float, loop: bool) -> None:
    """Of two modes that one is found."""
    call = f"laplace_marginal_tol(two, (y,), 1, wide, (25.0,), ([{start}]', 1e-9, 100, 1, 10, 0))"
    statement = f"int n = 0; while (n < 1) {{ n += 1; target += {call}; }}" if loop else f"target += {call};"
    model = pplc.compile_model(f"{TWO_MODES} model {{ {statement} }}", {})
    y, variance = 0.1, 1 / (1 / 25 + 1 / 0.09)
    peak = variance * (y + mode) / 0.09
    log_density = np.log(0.5) - 0.5 * ((y + mode - peak) / 0.3) ** 2 - np.log(0.3) - 0.5 * np.log(2 * np.pi)
    expected = log_density - peak**2 / 50 + 0.5 * np.log(variance / 25)
    assert_allclose(model.logp(np.array([y])), expected, rtol=1e-7)


def test_a_start_of_another_size_is_refused() -> None:
    call = "laplace_marginal_tol(two, (y,), 1, wide, (25.0,), ([1, 2]', 1e-9, 100, 1, 10, 0))"
    model = pplc.compile_model(f"{TWO_MODES} model {{ target += {call}; }}", {})
    assert not np.isfinite(model.logp(np.zeros(1)))
    assert "theta_0, which must have 1 elements, but is [1,2]" in model.explain(np.zeros(1))


MISTAKES = {
    "a covariance": ("1, bent, (1.5,), (rep_vector(0, 2), 1e-9, 100, 1, 10, 0)", r"the covariance is not positive semidefinite: element 2 given those before it has variance -1.25"),
    "blocks": ("0, flat, (1.5,), (rep_vector(0, 2), 1e-9, 100, 1, 10, 0)", "hessian_block_size is 0, but must be positive"),
    "tolerance": ("1, flat, (1.5,), (rep_vector(0, 2), -1e-9, 100, 1, 10, 0)", "tolerance is -1e-09, but must be at least 0"),
    "blocks that do not fit": ("3, flat, (1.5,), (rep_vector(0, 2), 1e-9, 100, 1, 10, 0)", "hessian_block_size is 3, which does not divide the number of latent variables, 2"),
    "solver": ("1, flat, (1.5,), (rep_vector(0, 2), 1e-9, 100, 4, 10, 0)", "solver is 4, but must be 1, 2 or 3"),
    "steps": ("1, flat, (1.5,), (rep_vector(0, 2), 1e-9, 0, 1, 10, 0)", "max_num_steps is 0, but must be positive"),
}  # fmt: skip


@pytest.mark.parametrize("block", ["model", "loop", "generated quantities"])
@pytest.mark.parametrize("mistake", MISTAKES)
def test_what_makes_no_problem_is_named(mistake: str, block: str) -> None:
    rest, sentence = MISTAKES[mistake]
    head = """functions { matrix bent(real a) { return [[1, a], [a, 1]]; } matrix flat(real a) { return [[a, 1], [1, 1 / a]]; }
      real counts(vector theta, array[] int n) { return poisson_log_lpmf(n | theta); } } """
    call = f"laplace_marginal_tol(counts, ({{1, 2}},), {rest})"
    match block:
        case "generated quantities":
            program, _ = read_program(f"{head} generated quantities {{ real z = {call}; }}")
            assert program is not None
            statements = program.generated_quantities
            with pytest.raises(ProgramError, match=sentence):
                compile_block(statements, [], [statements[0].variable])([], plain=True)  # type: ignore[union-attr]
        case _:
            statement = "target += y + {};"
            if block == "loop":
                statement = "int n = 0; while (n < 1) {{ n += 1; target += y + {}; }}"
            text = f"{head} parameters {{ real y; }} model {{ {statement.format(call)} }}"
            assert re.search(sentence, refusal(text))


@pytest.mark.parametrize("loop", [False, True], ids=["graph", "loop"])
def test_a_tolerance_ends_the_search(loop: bool) -> None:
    """A step that gains less is the last."""
    head = """functions { matrix wide(real a) { return [[a]]; } real counts(vector theta, int n) { return poisson_log_lpmf(n | theta[1]); } }"""

    def value(tolerance: str) -> float:
        call = f"laplace_marginal_tol(counts, (40,), 1, wide, (a,), ([0]', {tolerance}, 100, 1, 10, 0))"
        statement = f"int n = 0; while (n < 1) {{ n += 1; target += {call}; }}" if loop else f"target += {call};"
        return pplc.compile_model(f"{head} parameters {{ real a; }} model {{ {statement} }}", {}).logp(np.array([25.0]))

    exact = value("0")
    far, near = (abs(value(tolerance) - exact) for tolerance in ("100", "0.1"))
    assert far > 1e-3
    assert 0 < near < min(far, 0.2)


def refusal(text: str) -> str:
    """What is said of a program that has no density at 0, or none for its data."""
    try:
        model = pplc.compile_model(text, {})
        assert not np.isfinite(model.logp(np.zeros(1)))
        return model.explain(np.zeros(1))
    except pplc.ProgramError as problem:
        return str(problem)


def test_a_singular_covariance_serves() -> None:
    """Its latent variables move together; the marginal is that of one of them."""
    text = """functions {{ matrix k(real a) {{ return {matrix}; }} real counts(vector theta, array[] int n) {{ return poisson_log_lpmf(n | theta[1]); }} }}
      parameters {{ real<lower=0> a; }} model {{ target += laplace_marginal(counts, ({{1, 2}},), 1, k, (a,)); }}"""
    together, alone = (
        pplc.compile_model(text.format(matrix=matrix), {}).logp(np.array([0.3]))
        for matrix in ("[[a, a], [a, a]]", "[[a]]")
    )
    assert_allclose(together, alone, rtol=1e-9)


def test_of_data_alone() -> None:
    """In transformed data it is a number, the one that the model block gets."""
    head = """functions { matrix k(real a) { return [[a, 0.1], [0.1, a]]; } real counts(vector theta, array[] int n) { return poisson_log_lpmf(n | theta); } }
      transformed data { real b = 0.7; real z = laplace_marginal(counts, ({1, 2},), 1, k, (b,)); }"""
    known = pplc.compile_model(f"{head} parameters {{ real a; }} model {{ target += z + a; }}", {})
    found = "target += laplace_marginal(counts, ({1, 2},), 1, k, (a,)) + a;"
    model = pplc.compile_model(f"{head} parameters {{ real a; }} model {{ {found} }}", {})
    assert_allclose(known.logp(np.array([0.7])), model.logp(np.array([0.7])), rtol=1e-10)
