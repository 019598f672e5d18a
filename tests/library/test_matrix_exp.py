"""The matrix exponential and its derivatives of first and second order, against SciPy and mpmath."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
import scipy.linalg
from pplc.compiler.backend.functions import compile_function
from pplc.compiler.library.functions.decompositions import matrix_exp

import pplc


def exact(x: np.ndarray) -> np.ndarray:
    with mp.workdps(60):
        return np.array(mp.expm(mp.matrix(x.tolist())).tolist(), dtype=float)


def in_blocks(x: np.ndarray, direction: np.ndarray) -> np.ndarray:
    return np.block([[x, direction], [np.zeros_like(x), x]])


@pytest.mark.parametrize("n", [0, 1, 2, 5, 20])
def test_value_and_gradient(n: int, natively: None) -> None:
    x = pt.tensor("x", shape=(n, n), dtype="float64")
    slope = pt.tensor("slope", shape=(n, n), dtype="float64")
    value = matrix_exp.build(x)
    function = compile_function([x, slope], [value, pytensor.grad((value * slope).sum(), x)], {})
    rng = np.random.default_rng(n)
    for norm in (1e-8, 1e-3, 0.1, 0.5, 1.5, 4.0, 30.0, 1e3):
        at, direction = rng.normal(size=(n, n)), 1e6 * rng.normal(size=(n, n))
        if norm > 4:  # rates between states: the exponential does not overflow
            at = abs(at) - np.diag(abs(at).sum(axis=1))
        at *= norm / max(np.linalg.norm(at, 1), 1e-300) if n else 1
        found, gradient = function(at, direction)
        expected, expected_gradient = scipy.linalg.expm(at), scipy.linalg.expm(in_blocks(at.T, direction))[:n, n:]
        if 0 < n <= 5:
            expected, expected_gradient = exact(at), exact(in_blocks(at.T, direction))[:n, n:]
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13 * np.linalg.norm(expected))
        scale = max(np.linalg.norm(expected_gradient), 1e-300)
        np.testing.assert_allclose(gradient / scale, expected_gradient / scale, rtol=0, atol=1e-13)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_an_element_that_is_not_finite_gives_nan(bad: float) -> None:
    x = pt.tensor("x", shape=(2, 2), dtype="float64")
    (found,) = compile_function([x], [matrix_exp.build(x)], {})(np.array([[0, bad], [1, 0]]))
    assert np.isnan(found).all()


def test_second_derivatives() -> None:
    model = pplc.compile_model(
        """
        parameters { matrix[2, 2] x; real t; }
        model { target += sum(square(scale_matrix_exp_multiply(t, x, [[1, 2], [3, 4]]))); }
        """
    )
    at = np.array([0.3, -0.2, 0.5, 0.1, 0.7])
    steps = np.eye(5) * 1e-5
    expected = [(model.logp_dlogp(at + step)[1] - model.logp_dlogp(at - step)[1]) / 2e-5 for step in steps]
    np.testing.assert_allclose(model.d2logp(at), expected, rtol=1e-7)


@pytest.mark.parametrize(
    "step",
    [
        "matrix_exp(x * steps) * state",
        "matrix_exp_multiply(x * steps, state)",
        "matrix_exp_multiply(a * steps, state + x)",
    ],
)
def test_in_a_generated_loop(step: str, natively: None) -> None:
    model = pplc.compile_model(
        """
        data { matrix[2, 2] a; }
        parameters { matrix[2, 2] x; }
        model {
          matrix[2, 2] state = [[1, 2], [3, 4]];
          int steps = 0;
          while (steps < 3) {
            state = STEP;
            steps += 1;
          }
          target += sum(state);
        }
        """.replace("STEP", step),
        {"a": [[0.1, 0.2], [-0.3, 0.4]]},
    )
    at = np.array([0.3, -0.2, 0.5, 0.1])
    value, gradient = model.logp_dlogp(at)
    x, state = at.reshape(2, 2, order="F"), np.array([[1.0, 2], [3, 4]])
    rates, added = (x, 0) if "a *" not in step else (np.array([[0.1, 0.2], [-0.3, 0.4]]), x)
    for steps in range(3):
        state = scipy.linalg.expm(rates * steps) @ (state + added)
    assert value == pytest.approx(state.sum(), rel=1e-13)
    shifts = np.eye(4) * 1e-5
    expected = [(model.logp_dlogp(at + shift)[0] - model.logp_dlogp(at - shift)[0]) / 2e-5 for shift in shifts]
    np.testing.assert_allclose(gradient, expected, rtol=1e-8)
