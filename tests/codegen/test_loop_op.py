"""Generated loops as operations of a lowered graph."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from pplc.compiler.codegen.loop_op import GeneratedLoop
from pplc.compiler.lower.program import Lowered, lower_program
from pytensor.graph.traversal import toposort

from .programs import checked, value_and_gradient

AUTOREGRESSION = """
data { int T; vector[T] y; } parameters { real a; real<lower=0> s; }
transformed parameters { vector[T] e; e[1] = y[1]; for (t in 2:T) e[t] = y[t] - a * e[t - 1]; }
model { e ~ normal(0, s); }
"""
Y = np.array([0.3, -0.2, 0.9, 0.1])


def lowered(text: str) -> Lowered:
    program = lower_program(checked(text), {"T": 4, "y": Y})
    assert any(isinstance(node.op, GeneratedLoop) for node in toposort([program.log_density()]))
    return program


def expected(a: float, log_s: float) -> float:
    e = [Y[0]]
    for y in Y[1:]:
        e.append(y - a * e[-1])
    z = np.array(e) / np.exp(log_s)
    return float(np.sum(-0.5 * z**2 - log_s - 0.5 * np.log(2 * np.pi)))


def test_a_recurrence_has_its_value_and_gradient() -> None:
    at, step = np.array([0.4, -0.3]), 1e-6
    value, gradient = value_and_gradient(lowered(AUTOREGRESSION), at, jacobian=False)
    assert_allclose(value, expected(*at), rtol=1e-13)
    differences = [(expected(*(at + d)) - expected(*(at - d))) / (2 * step) for d in np.eye(2) * step]
    assert_allclose(gradient, differences, rtol=1e-7)


@pytest.mark.parametrize("failing", ['if (a > 0.5) reject("too large: ", a);', "real x = a > 0.5 ? y[T + 1] : 1;"])
def test_a_statement_that_fails_makes_the_density_minus_infinity(failing: str) -> None:
    program = lowered(f"{AUTOREGRESSION[:-2]} {failing} }}")
    inside, _ = value_and_gradient(program, np.array([0.4, 0.0]), jacobian=False)
    outside, slope = value_and_gradient(program, np.array([0.6, 0.0]), jacobian=False)
    assert_allclose(inside, expected(0.4, 0.0))
    assert outside == -np.inf
    assert np.isfinite(slope).all()
