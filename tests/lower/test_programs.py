"""Every construct of the language gives Stan's density and gradient."""

from __future__ import annotations

import numpy as np
import pytest
from pytensor.graph.traversal import ancestors

import pplc

from .against_stan import assert_agrees
from .programs import DATA, PROGRAMS, program

# Stan's own gradient of the normal cdf is good to seven digits only; ours is compared with mpmath in tests/laws.
INEXACT = {"truncated below": 1e-6, "truncated both": 1e-6}


@pytest.mark.parametrize("name", PROGRAMS)
def test_agrees_with_stan(name: str) -> None:
    assert_agrees(PROGRAMS[name], DATA, tolerance=INEXACT.get(name, 1e-8))


def test_tuples() -> None:
    text = program(
        "vector[K] a;",
        "tuple(real, vector[K]) t = f(a); target += t.1; target += -dot_self(t.2);",
        functions="tuple(real, vector) f(vector a) { return (-sum(square(a)), a * 2); }",
    )
    position = np.array([0.5, -1.0, 2.0])
    value, gradient = pplc.compile_model(text, DATA).logp_dlogp(position)
    assert value == pytest.approx(-5 * np.sum(position**2))
    assert gradient == pytest.approx(-10 * position)


def test_jacobian_statement() -> None:
    text = program(
        "real a;", "b ~ exponential(1);", before="transformed parameters { real b = exp(a); jacobian += a; }"
    )
    model = pplc.compile_model(text, DATA)
    value, gradient = model.logp_dlogp(np.array([0.3]))
    assert value == pytest.approx(0.3 - np.exp(0.3))
    assert gradient == pytest.approx([1 - np.exp(0.3)])
    assert model.logp(np.array([0.3]), jacobian=False) == pytest.approx(-np.exp(0.3))


def test_stochastic_matrices() -> None:
    text = program("row_stochastic_matrix[2, K] r; column_stochastic_matrix[K, 2] c;", "target += r[1, 2] + c[3, 1];")
    model = pplc.compile_model(text, DATA)
    values = model.constrain(np.linspace(-1, 1, model.n_unconstrained))
    assert values["r"].sum(axis=1) == pytest.approx([1, 1])
    assert values["c"].sum(axis=0) == pytest.approx([1, 1])
    assert model.unconstrain(values) == pytest.approx(np.linspace(-1, 1, model.n_unconstrained))


def test_matrices_without_elements(caplog: pytest.LogCaptureFixture) -> None:
    model = pplc.compile_model(
        "data { int K; matrix[K, K] x; vector[K] y; } parameters { real a; vector[K] b; } "
        "model { y ~ normal(x * b, 1); a ~ normal(1, 1); }",
        {"K": 0, "x": [], "y": []},
    )
    assert model.logp_dlogp(np.zeros(1))[1] == pytest.approx([1])
    assert not caplog.records  # PyTensor tells of rewrites that fail


def test_graphs_do_not_remember_what_made_them() -> None:
    """PyTensor would keep a stack of Python's frames for every node, which costs a third of the time."""
    model = pplc.compile_model("parameters { real a; } model { a ~ student_t(3, 0, 1); }")
    graph = model.lowered.log_density()
    assert not any(getattr(variable.tag, "trace", ()) for variable in ancestors([graph]))
