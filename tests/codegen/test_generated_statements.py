# ruff: noqa: E501  (program texts read better on one line)
"""Statements give the same density and gradient as generated code as they give as a graph."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from pplc.compiler.lower.program import lower_program
from pplc.compiler.lower.scope import LoweringError
from pytensor.compile.mode import Mode

from .programs import checked, value_and_gradient

FUNCTIONS = """
real foo_lpdf(vector y, real m) { return normal_lpdf(y | m, 1); } real foo_lpdf(vector y, vector m) { return normal_lpdf(y | m, 1); }
real foo_lcdf(real y, real m) { return normal_lcdf(y | m, 1); } real foo_lcdf(real y, vector m) { return normal_lcdf(y | m, 1); }
real foo_lccdf(real y, real m) { return normal_lccdf(y | m, 1); } real foo_lccdf(real y, vector m) { return normal_lccdf(y | m, 1); }
real raised_jacobian(real x) { if (x > 0) { jacobian += x; return exp(x); } jacobian += 2 * x; return exp(2 * x); }
vector turned(real t, vector y, complex z, tuple(real, complex_vector) u) { return [-get_real(z) * y[1] + u.1 * get_imag(u.2[1]), y[1] * get_imag(z)]'; }
real counted_lp(real x) { target += -x ^ 2; return sin(x); }
"""
DECLARED = "data { array[2] int n; vector[2] Y; vector[0] E; } parameters { real a; vector[6] v; matrix[2, 3] m; vector<lower=0, upper=1>[2] y; }"
DATA = {"n": np.array([1, 2]), "Y": np.array([0.3, 0.5]), "E": np.zeros(0)}
POINT = np.array([0.2, 0.5, -0.7, 0.1, 0.9, -0.3, 0.6, 0.1, -0.4, 0.8, 0.3, 0.2, -0.5, 0.4, -0.2])


def density(block: str, statement: str) -> tuple[float, np.ndarray]:
    program = checked(f"functions {{ {FUNCTIONS} }} {DECLARED} {block} {{ {statement} }}")
    return value_and_gradient(lower_program(program, DATA), POINT)


def both_ways(statement: str, block: str = "model") -> None:
    value, gradient = density(block, statement)
    found, slope = density(block, f"{{ int k = 0; while (k < 1) {{ k += 1; {statement} }} }}")
    assert np.isfinite(value)
    assert_allclose(found, value, rtol=1e-11)
    assert_allclose(slope, gradient, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("bounds", ["[0, ]", "[, 1]", "[0, 1]", "[a - 2, 1]"])
def test_truncation(bounds: str) -> None:
    outcomes = (("y", "a"), ("y", "v[1:2]"), ("Y", "a"), ("y[1]", "v[1:2]"), ("E", "a"))
    both_ways(" ".join(f"{y} ~ normal({m}, 1) T{bounds};" for y, m in outcomes))


def test_truncation_of_counts() -> None:
    both_ways("for (i in 1:2) n[i] ~ poisson(exp(a)) T[1, 5]; n ~ poisson(exp(a)) T[1, ]; n ~ poisson(exp(a)) T[, 4];")


@pytest.mark.parametrize("bounds", ["[0, ]", "[, 1]", "[0, 1]", "[a - 2, 1]"])
def test_truncation_of_a_user_s_distribution(bounds: str) -> None:
    statements = [f"{y} ~ foo({m}) T{bounds};" for y, m in (("y", "a"), ("y", "v[1:2]"), ("Y", "a"))]
    value, gradient = density("model", " ".join(statements))
    expected, slope = density("model", " ".join(statements).replace("foo(", "normal(").replace(") T", ", 1) T"))
    assert_allclose(value, expected, rtol=1e-12)
    assert_allclose(gradient, slope, rtol=1e-12, atol=1e-12)


def test_outside_the_bounds_there_is_no_density() -> None:
    for statement in ("Y ~ foo(a) T[0.4, ];", "while (a > 9) {} Y ~ normal(a, 1) T[, 0.4];", "y ~ foo(a) T[0.4, 0.5];"):
        assert density("model", statement)[0] == -np.inf


def test_jacobian_terms() -> None:
    both_ways(
        "real s = 0; for (i in 1:3) { jacobian += v[i] * a; s += raised_jacobian(v[i]); } jacobian += v[1:2];",
        "transformed parameters",
    )


@pytest.mark.parametrize("part", ["constrain", "jacobian"])
def test_constraint_functions(part: str) -> None:
    calls = {
        "real": ("lower_bound_{}(a, v[1])", "lower_upper_bound_{}(a, v[2], 2)", "upper_bound_{}(a, 3)", "offset_multiplier_{}(a, v[1], 2)"),
        "vector": ("lower_bound_{}(v, a)", "lower_bound_{}(v, negative_infinity())", "ordered_{}(v)", "positive_ordered_{}(v)", "unit_vector_{}(v)", "simplex_{}(v)", "sum_to_zero_{}(v)"),
        "matrix": ("sum_to_zero_{}(m)", "stochastic_column_{}(m)", "stochastic_row_{}(m)", "cholesky_factor_corr_{}(v, 4)", "corr_matrix_{}(v, 4)",
                   "cov_matrix_{}(v, 3)", "cholesky_factor_cov_{}(v, 3, 3)", "cholesky_factor_cov_{}(v[1:5], 3, 2)"),
        "array": ("ordered_{}({{v, 2 * v}})[2]", "cholesky_factor_corr_{}({{{{v}}, {{2 * v}}}}, 4)[2, 1]", "lower_bound_{}({{v[1], a}}, v[2])", "lower_upper_bound_{}({{m, 2 * m}}, {{m - 1, m - 2}}, 9)[2]"),
    }  # fmt: skip
    terms = [f"jacobian += {'sin' if kind == 'real' else 'sum(sin'}({call.format(part)}){')' if kind != 'real' else ''};"
             for kind, those in calls.items() for call in those]  # fmt: skip
    both_ways(" ".join(terms[::2]), "transformed parameters")
    both_ways(" ".join(terms[1::2]), "transformed parameters")


def test_unconstraining_functions() -> None:
    calls = [
        *(f"{name}_unconstrain({name}_constrain(v * a))" for name in ("simplex", "sum_to_zero", "ordered", "unit_vector")),
        *(f"{name}_unconstrain({name}_constrain(m))" for name in ("sum_to_zero", "stochastic_column", "stochastic_row")),
        *(f"{name}_unconstrain({name}_constrain(v, {sizes}))" for name, sizes in
          (("cholesky_factor_corr", "4"), ("corr_matrix", "4"), ("cov_matrix", "3"), ("cholesky_factor_cov", "3, 3"))),
        "simplex_unconstrain(simplex_constrain({v, 2 * v}))[2]",
    ]  # fmt: skip
    both_ways(" ".join(f"target += sum(sin({call}));" for call in calls))


def test_decompositions_and_powers() -> None:
    both_ways(
        "matrix[3, 3] s = m' * m + diag_matrix(rep_vector(a, 3)); target += sum(matrix_power(s, 5)) + sum(matrix_power(s, 0));"
    )
    calls = [
        f"{name}({x})"
        for name in ("qr_Q", "qr_R", "qr_thin_Q", "qr_thin_R")
        for x in ("m' * m + diag_matrix(v[1:3])", "m'")
        if "thin" in name or x != "m'"
    ]
    both_ways(" ".join(f"target += sum(sin({call}));" for call in (*calls, "qr_thin(m').1")))
    both_ways(
        "complex_vector[2] z = to_complex(v[1:2], v[3:4]); target += get_real(prod(z)); target += get_imag(prod({z[1], z[2]}));"
    )


def test_functions_that_return_their_argument() -> None:
    both_ways("target += sum(sin(unit_vector_unconstrain(a * v / norm2(a * v)))); target += sin(to_int(2) * +(a * a));")


def test_a_recursion_without_end_is_an_error() -> None:
    text = "functions { real f(real x) { return x > 1e9 ? x : f(x * 0.5) + 1; } } transformed data { real a = f(2); }"
    with pytest.raises(LoweringError, match="recursion of `f` does not end"):
        lower_program(checked(text), {})


def test_reduce_sum_splits_where_a_function_waits_for_smaller_parts() -> None:
    functions = (
        "real g(array[] real y, int s, int e) { return size(y) > 1 ? reduce_sum(g, y, 1) : normal_lpdf(y | s - e, 1); }"
    )
    program = checked(
        f"functions {{ {functions} }} parameters {{ array[5] real y; }} model {{ target += reduce_sum(g, y, 1); }}"
    )
    lowered = lower_program(program, {})
    point = np.array([0.3, -1.2, 0.8, 0.1, 2.0])
    value = lowered.log_density().eval({lowered.position: point}, mode=Mode("py", None))
    assert_allclose(value, -0.5 * np.sum(point**2) - 2.5 * np.log(2 * np.pi))


def test_empty_row_vectors() -> None:
    both_ways("row_vector[0] r = [ ]; matrix[2, 0] e = [[ ], [ ]]; target += sum(r) + sum(e) + sin(a);")


def test_parts_of_complex_containers_made_with_one_number() -> None:
    both_ways("complex_vector[6] z = to_complex(v, a); target += get_real(z[1] * z[3]) + sum(get_imag(z) .* v);")


def test_solvers_hand_complex_arguments_on() -> None:
    both_ways(
        "complex q = to_complex(a, v[1]); tuple(real, complex_vector[1]) u = (a, [q * q]'); target += sum(ode_rk45(turned, [1, v[2]]', 0, {1.0}, q, u)[1]);"
    )


def test_what_was_copied_from_data_keeps_its_value() -> None:
    program = checked("""
        transformed data {
          vector[3] a = [1, 2, 3]'; vector[3] b = a; array[2] vector[3] c = {a, b};
          int k = 0; while (k < 5) { k += 1; a[1] += 1; b[2] += 1; c[1, 1] += 1; }
        }
    """)
    values = {variable.name: binding.value.numbers for variable, binding in lower_program(program, {}).bindings.items()}
    assert_allclose(values["a"], [6, 2, 3])
    assert_allclose(values["b"], [1, 7, 3])
    assert_allclose(values["c"], [[6, 2, 3], [1, 2, 3]])
