# ruff: noqa: E501  (program texts read better on one line)
"""Functions of known sizes given to solvers: written out as arithmetic on numbers they are what the general code is."""

from __future__ import annotations

import numpy as np
import pytest
from pplc.compiler.codegen.higher_order import solve_op
from pplc.compiler.frontend import read_program
from pplc.compiler.library.evaluation import evaluate
from pplc.compiler.lower import number_graphs
from pplc.compiler.lower.program import lower_program
from pytensor.graph.traversal import toposort

PARAMETERS = "real a; vector[2] b; matrix[2, 2] m; array[2] real c; row_vector[2] r;"
SOLVES = {
    "rk45": "array[2] vector[2] z = ode_rk45_tol(f, {0}, t0, {{1.0, t1}}, 1e-4, 1e-4, 1000, {1}); target += z[1, 1] + 2 * z[1, 2] + z[2, 1] * z[2, 2];",
    "bdf": "array[2] vector[2] z = ode_bdf_tol(f, {0}, t0, {{1.0, t1}}, 1e-9, 1e-9, 10000, {1}); target += z[1, 1] + 2 * z[1, 2] + z[2, 1] * z[2, 2];",
}
FUNCTIONS = {
    "elements": ("vector f(real t, vector y, real a, vector b) { vector[2] d; d[1] = -a * y[1] + sin(t); d[2] = d[1] * y[2] - b[2]; d[1] += b[1]; return d; }",
                 "[0.5, a]'", "a, b"),
    "containers": ("vector f(real t, vector y, matrix m, row_vector r) { vector[2] d = m * y; d[1:1] = [r * y]'; return append_row(d[2], [-d[1] * sum(r[1:2])]') + to_vector(r) - rep_vector(0.1, 2); }",
                   "b", "m, r"),
    "loops that integers decide": ("vector f(real t, vector y, array[] real c, array[] int n, int k) { vector[2] d = zeros_vector(2); for (i in 1:k) d[n[i]] += c[n[i]] * y[3 - n[i]] * 0.1; if (k > 2) d[1] = d[1] - 1; return d; }",
                                   "[a, 1]'", "c, {1, 2, 2}, 3"),
    "what a call in it computes": ("real g(real x, data real y) { return inv_logit(x) * y; } vector f(real t, vector y, tuple(real, vector) p, data real x) { return [g(y[1], x), -tanh(y[2]) * p.1 + p.2[2]]'; }",
                                   "b", "(a, b), 0.7"),
    "zeros": ("vector f(real t, vector y, matrix m) { return [0.3, -y[2]]'; }", "b", "m"),
}  # fmt: skip


def both(functions: str, body: str, monkeypatch: pytest.MonkeyPatch) -> tuple[np.ndarray, np.ndarray]:
    """What the solver finds, and its derivatives, with the function written out and with the general code."""
    text = f"functions {{ {functions} }} parameters {{ {PARAMETERS} real<lower=1.5> t1; real<upper=0> t0; }} model {{ {body} }}"
    made = watched(monkeypatch)
    results = [solution(text)]
    assert made, "the solver is no operation of the graph"
    assert None not in made, "the function was not written out"
    monkeypatch.setattr(solve_op, "_number_graphs", lambda *given: None)
    results.append(solution(text))
    assert np.isfinite(results[0]).all()
    return results[0], results[1]


def watched(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The graphs of numbers that are going to be made."""
    made: list[object] = []
    original = number_graphs.number_graphs
    monkeypatch.setattr(number_graphs, "number_graphs", lambda *given: made.append(original(*given)) or made[-1])
    return made


def solution(text: str) -> np.ndarray:
    """All outputs of the one solver in a program's density, computed uncompiled."""
    program, found = read_program(text)
    assert program is not None, found
    lowered = lower_program(program, {})
    position = np.random.default_rng(3).uniform(-0.6, 0.6, lowered.size)
    known = {lowered.position: position, **lowered.table.values}
    [node] = [node for node in toposort([lowered.log_density()]) if isinstance(node.op, solve_op.Solution)]
    return np.concatenate([evaluate(output, known).ravel() for output in node.outputs])


@pytest.mark.parametrize(("name", "method"), [*((name, "rk45") for name in FUNCTIONS), ("containers", "bdf")])
def test_differential_equations(name: str, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    functions, start, arguments = FUNCTIONS[name]
    written, general = both(functions, SOLVES[method].format(start, arguments), monkeypatch)
    np.testing.assert_allclose(written, general, rtol=1e-9, atol=1e-11)


def test_equations(monkeypatch: pytest.MonkeyPatch) -> None:
    functions = (
        "vector f(vector y, real a, vector b) { return [y[1]^3 + y[2] + y[1] - a, y[2] + b[1] * tanh(y[1]) - b[2]]'; }"
    )
    written, general = both(
        functions, "target += sum(solve_newton_tol(f, [0.1, 0.2]', 0, 1e-13, 100, a, b));", monkeypatch
    )
    np.testing.assert_allclose(written, general, rtol=1e-10, atol=1e-12)


def test_algebraic_and_differential_equations(monkeypatch: pytest.MonkeyPatch) -> None:
    functions = "vector f(real t, vector y, vector r, real a) { return [r[1] + a * y[1] - y[2], y[1] + y[2] - 1 - 0.1 * sin(t)]'; }"
    body = "target += dae_tol(f, [0.5, 0.5]', [0.5 - 0.5 * a, 0.1]', 0, {1.0}, 1e-9, 1e-9, 10000, a)[1, 1];"
    written, general = both(functions, body, monkeypatch)
    np.testing.assert_allclose(written, general, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("rule", ["gauss_kronrod", "double_exponential"])
def test_integrals(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    functions = "real f(real x, real xc, real a, vector b) { return exp(-square(x - b[1])) * (1 + a * x) + b[2]; }"
    written, general = both(functions, f"target += integrate_1d_{rule}(f, t0, t1, a, b);", monkeypatch)
    np.testing.assert_allclose(written, general, rtol=1e-12)


@pytest.mark.parametrize(
    "body",
    [
        "if (y[1] > 0) return -y; return y;",
        "return y[1] < 0.3 ? y : -y;",
        'if (y[1] > 1e9) reject("large"); return -y;',
        "vector[2] d = y; while (d[1] > 1) d /= 2; return d;",
    ],
)
def test_what_parameters_decide_is_left_to_the_general_code(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = watched(monkeypatch)
    text = f"functions {{ vector f(real t, vector y) {{ {body} }} }} parameters {{ vector[2] b; }} model {{ target += sum(ode_rk45(f, b, 0, {{1.0}})[1]); }}"
    program, found = read_program(text)
    assert program is not None, found
    lower_program(program, {})
    assert made == [None]
