# ruff: noqa: E501  (program texts read better on one line)
"""What functions that take functions hand on: arguments of every type, as a graph and in generated code."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from pplc.compiler.lower.program import lower_program

from .programs import checked, value_and_gradient

# type, a value of it made of the parameters a, v[3] and m[2, 2], and a number made of the value p.
TYPES = {
    "int": ("int", "2", "0.1 * p"),
    "array of int": ("array[] int", "{1, 3}", "0.1 * p[2]"),
    "data": ("data real", "0.7", "p"),
    "data vector": ("data vector", "[0.7, 0.1]'", "p[1] * p[2]"),
    "real": ("real", "a", "sin(p)"),
    "array of real": ("array[] real", "{a, v[1] * a}", "p[1] * p[2]"),
    "array of arrays": ("array[,] real", "{{a, v[1]}, {v[2], 0.3}}", "p[1, 2] * p[2, 1] + p[2, 2]"),
    "vector": ("vector", "v", "dot_self(p)"),
    "row vector": ("row_vector", "v' * 2", "p[1] * p[3]"),
    "matrix": ("matrix", "m", "p[1, 2] * p[2, 1]"),
    "array of vectors": ("array[] vector", "{v, 2 * v}", "p[2, 1] * p[1, 3]"),
    "array of matrices": ("array[] matrix", "{m, m'}", "p[2, 1, 2] * p[1, 2, 2]"),
    "complex": ("complex", "to_complex(a, v[1])", "get_real(p * p) + get_imag(p)"),
    "complex vector": ("complex_vector", "to_complex(v, 2 * v)", "abs(p[1]) + get_imag(p[2] * p[3])"),
    "complex row vector": ("complex_row_vector", "to_complex(v', a)", "get_real(p[1] * p[3])"),
    "complex matrix": ("complex_matrix", "to_complex(m, m')", "get_imag(p[1, 2] * p[2, 2])"),
    "array of complex": ("array[] complex", "{to_complex(a, 1), to_complex(v[1], v[2])}", "get_real(p[1] * p[2])"),
    "arrays of complex vectors": ("array[,] complex_vector", "{{to_complex(v, 1), to_complex(v, v)}}", "get_real(p[1, 1, 2] * p[1, 2, 3])"),
    "data complex": ("data complex", "to_complex(0.3, 0.2)", "get_imag(p * p)"),
    "tuple": ("tuple(real, int)", "(a, 2)", "p.1 * p.2"),
    "nested tuple": ("tuple(real, tuple(vector, array[] int), complex)", "(a, (v, {1, 2}), to_complex(a, v[3]))", "p.1 * p.2.1[p.2.2[2]] + get_imag(p.3 * p.3)"),
    "tuple of one": ("tuple(matrix,)", "(m,)", "p.1[1, 1]"),
    "array of tuples": ("array[] tuple(real, vector)", "{(a, v), (v[1], 2 * v)}", "p[1].1 * p[2].2[3] + p[2].1"),
    "array of tuples with complex": ("array[] tuple(real, complex)", "{(a, to_complex(v[1], a)), (v[2], to_complex(0.3, v[3]))}", "p[2].1 * get_real(p[1].2 * p[2].2)"),
    "arrays of tuples of complex containers": ("array[,] tuple(complex_matrix, tuple(int, complex_vector))", "{{(to_complex(m, m), (2, to_complex(v, m[1, 2])))}}", "get_imag(p[1, 1].1[1, 2] * p[1, 1].2.2[p[1, 1].2.1])"),
    "empty vector": ("vector", "v[1:0]", "num_elements(p) + 0.1"),
    "empty array": ("array[] real", "zeros_array(0)", "size(p) + 0.1"),
    "empty complex": ("complex_vector", "to_complex(v[1:0], v[1:0])", "num_elements(p) + 0.1"),
    "matrix without rows": ("matrix", "m[1:0]", "rows(p) + 0.1 * cols(p)"),
}  # fmt: skip

SOLVERS = {
    "ode_rk45": ("vector f(real t, vector y, {types}) {{ return [-({number}) * y[1]]'; }}", "ode_rk45_tol(f, [1]', 0, {{0.1}}, 1e-9, 1e-9, 10000, {values})[1, 1]", "exp(-0.1 * r)"),
    "ode_bdf": ("vector f(real t, vector y, {types}) {{ return [-({number}) * y[1]]'; }}", "ode_bdf_tol(f, [1]', 0, {{0.1}}, 1e-9, 1e-9, 10000, {values})[1, 1]", "exp(-0.1 * r)"),
    "dae": ("vector f(real t, vector y, vector s, {types}) {{ return [s[1] + ({number}) * y[1]]'; }}", "dae_tol(f, [1]', [0]', 0, {{0.1}}, 1e-9, 1e-9, 10000, {values})[1, 1]", "exp(-0.1 * r)"),
    "solve_newton": ("vector f(vector y, {types}) {{ return [exp(y[1]) - 2 - tanh({number})]'; }}", "solve_newton(f, [0.1]', {values})[1]", "log(2 + tanh(r))"),
    "integrate_1d_gauss_kronrod": ("real f(real x, real xc, {types}) {{ return 2 * x * ({number}); }}", "integrate_1d_gauss_kronrod(f, 0, 1, {values})", "r"),
    "integrate_1d_double_exponential": ("real f(real x, real xc, {types}) {{ return 2 * x * ({number}); }}", "integrate_1d_double_exponential(f, 0, 1, {values})", "r"),
    "reduce_sum": ("real f(array[] int slice, int first, int last, {types}) {{ return sum(slice) * ({number}); }}", "reduce_sum(f, {{1, 2, 3}}, 1, {values})", "6 * r"),
    "laplace_marginal": ("real f(vector theta, {types}) {{ return normal_lpdf(theta | {number}, 1); }} matrix K(real s) {{ return identity_matrix(1) * s; }}", "laplace_marginal(f, ({values}), 1, K, (0.5,))", "normal_lpdf(0 | r, sqrt(1.5))"),
    "covariance": ("real f(vector theta, real m) {{ return normal_lpdf(theta | m, 1); }} matrix K({types}) {{ return identity_matrix(1) * exp({number}); }}", "laplace_marginal(f, (0.3,), 1, K, ({values}))", "normal_lpdf(0 | 0.3, sqrt(1 + exp(r)))"),
}  # fmt: skip
PARAMETERS = "real a; vector[3] v; matrix[2, 2] m;"
POINT = np.array([0.4, 0.5, -0.7, 0.3, 0.9, -0.3, 0.6, 0.2])


def density(functions: str, statement: str) -> tuple[float, np.ndarray]:
    program = checked(f"functions {{ {functions} }} parameters {{ {PARAMETERS} }} model {{ {statement} }}")
    return value_and_gradient(lower_program(program, {}), POINT)


def agree(solver: str, names: list[str]) -> None:
    """The closed form, the solver, and the solver in a loop; the result depends on an argument of each type."""
    chosen = [TYPES[name] for name in names]
    reads = [f"real read{n}({type} p) {{ return {read}; }}" for n, (type, _, read) in enumerate(chosen)]
    types = ", ".join(f"{type} p{n}" for n, (type, _, _) in enumerate(chosen))
    weights = [1 / (1 + n) for n in range(len(names))]
    number = " + ".join(f"{w} * read{n}(p{n})" for n, w in enumerate(weights))
    made = " + ".join(
        f"{w} * read{n}({value})" for n, (w, (_, value, _)) in enumerate(zip(weights, chosen, strict=True))
    )
    function, call, exact = SOLVERS[solver]
    values = ", ".join(value for _, value, _ in chosen)
    functions = " ".join([*reads, function.format(types=types, number=number)])
    call = call.format(values=values + "," * (len(names) == 1 and "laplace" in call))
    wanted, slope = density(functions, f"real r = {made}; target += {exact};")
    assert np.isfinite(wanted)
    for body in (f"target += {call};", f"int k = 0; while (k < 1) {{ k += 1; target += {call}; }}"):
        found, gradient = density(functions, body)
        assert_allclose(found, wanted, rtol=1e-7)
        assert_allclose(gradient, slope, rtol=2e-6, atol=1e-7)


AWKWARD = [
    "data complex",
    "complex matrix",
    "array of tuples with complex",
    "arrays of tuples of complex containers",
    "empty complex",
]


@pytest.mark.parametrize("solver", [solver for solver in SOLVERS if solver not in ("ode_bdf", "dae")])
def test_awkward_types_are_handed_on(solver: str) -> None:
    agree(solver, AWKWARD)


@pytest.mark.slow
@pytest.mark.parametrize("solver", SOLVERS)
def test_every_type_is_handed_on(solver: str) -> None:
    agree(solver, list(TYPES))


@pytest.mark.slow
@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("solver", SOLVERS)
def test_each_type_is_handed_on(solver: str, name: str) -> None:
    agree(solver, [name])
