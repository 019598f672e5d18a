"""The log density as functions for Python: of points and positions, of some parameters given the others."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import pplc

TEXT = """
data { int N; vector[N] y; }
parameters { real mu; real<lower=0> sigma; vector[2] b; }
model { mu ~ normal(0, 10); sigma ~ exponential(1); b ~ normal(mu, 2); y ~ normal(mu, sigma); }
"""
Y = np.array([1.0, 2.5, -0.5])
POINT = {"mu": [0.3], "sigma": [-0.7], "b": [1.0, 2.0]}
POSITION = np.array([0.3, -0.7, 1.0, 2.0])


@pytest.fixture(scope="module")
def model() -> pplc.Model:
    return pplc.compile_model(TEXT, {"N": 3, "y": Y})


def log_density(position: np.ndarray) -> float:
    mu, log_sigma, *b = position
    sigma = np.exp(log_sigma)
    prior = stats.norm.logpdf(mu, 0, 10) + stats.expon.logpdf(sigma) + stats.norm.logpdf(b, mu, 2).sum()
    return float(prior + stats.norm.logpdf(Y, mu, sigma).sum() + log_sigma)


def differences(function: object, at: np.ndarray) -> np.ndarray:
    steps = 1e-5 * np.eye(len(at))
    return np.array([(function(at + step) - function(at - step)) / 2e-5 for step in steps])  # type: ignore[operator]


def test_points_and_positions(model: pplc.Model) -> None:
    np.testing.assert_array_equal(model.dict_to_array(POINT), POSITION)
    assert {name: list(values) for name, values in model.array_to_dict(POSITION).items()} == POINT
    assert model.logp(POINT) == model.logp(POSITION) == pytest.approx(log_density(POSITION), rel=1e-13)
    np.testing.assert_allclose(model.dlogp(POINT), differences(log_density, POSITION), rtol=1e-8)
    np.testing.assert_allclose(model.d2logp(POINT), differences(model.dlogp, POSITION), rtol=1e-6, atol=1e-7)


def test_without_the_jacobian_and_in_parts(model: pplc.Model) -> None:
    assert model.logp(POINT, jacobian=False) == pytest.approx(log_density(POSITION) + 0.7, rel=1e-13)
    slope = model.dlogp(POINT) - model.dlogp(POINT, jacobian=False)
    np.testing.assert_allclose(slope, [0, 1, 0, 0], atol=1e-12)
    parts = [model.logp(POINT, part=part) for part in ("data", "parameters", "potentials")]
    assert sum(parts) == pytest.approx(model.logp(POINT), rel=1e-13)
    assert parts[0] == pytest.approx(stats.norm.logpdf(Y, 0.3, np.exp(-0.7)).sum(), rel=1e-13)


def test_initial_points(model: pplc.Model) -> None:
    assert {name: list(values) for name, values in model.initial_point().items()} == {
        "mu": [0.0], "sigma": [0.0], "b": [0.0, 0.0],
    }  # fmt: skip
    drawn = model.dict_to_array(model.initial_point(seed=1, radius=0.5))
    assert np.all(abs(drawn) < 0.5)
    assert len(set(drawn)) == 4
    np.testing.assert_array_equal(drawn, model.dict_to_array(model.initial_point(seed=1, radius=0.5)))


def test_some_parameters_given_the_others(model: pplc.Model) -> None:
    conditional = model.logp_dlogp_function(["sigma", "b"])
    assert conditional.size == 3
    conditional.set_extra_values({"mu": 0.3})
    value, gradient = conditional(POSITION[1:])
    assert value == pytest.approx(log_density(POSITION), rel=1e-13)
    np.testing.assert_allclose(gradient, model.dlogp(POSITION)[1:], rtol=1e-13)
    whole, slope = model.logp_dlogp_function()(POSITION)
    assert whole == value
    np.testing.assert_array_equal(slope, model.dlogp(POSITION))


def test_mistakes(model: pplc.Model) -> None:
    conditional = model.logp_dlogp_function(["b"])
    with pytest.raises(KeyError, match="no parameter is called c; there are mu, sigma, b"):
        model.logp_dlogp_function(["c"])
    with pytest.raises(KeyError, match="no parameter is called c"):
        conditional.set_extra_values({"c": 1.0})
    with pytest.raises(ValueError, match="`mu` has 1 unconstrained values, not 2"):
        conditional.set_extra_values({"mu": [1.0, 2.0]})
    with pytest.raises(ValueError, match=r"the chosen parameters have shape \(2,\), not \(1,\)"):
        conditional(np.zeros(1))
    with pytest.raises(KeyError, match="no value is given for sigma, b"):
        model.logp({"mu": 0.0})
    with pytest.raises(ValueError, match=r"a position has shape \(4,\), not \(3,\)"):
        model.dlogp(np.zeros(3))
    with pytest.raises(ValueError, match="there is no part 'prior'"):
        model.logp(POSITION, part="prior")  # type: ignore[arg-type]
