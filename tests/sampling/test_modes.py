"""Modes of programs: of the parameters as declared, or of the unconstrained ones."""

from __future__ import annotations

import warnings

import pytest

import pplc

PROGRAM = """
data { int N; array[N] int y; }
parameters { real<lower=0> rate; }
model { rate ~ gamma(3, 2); y ~ poisson(rate); }
generated quantities { real twice = 2 * rate; }
"""
DATA = {"N": 3, "y": [1, 0, 4]}


@pytest.fixture(scope="module")
def model():
    return pplc.compile_model(PROGRAM, DATA)


def value(model, method, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "the approximation misses parts")  # a gamma's left tail
        tree = model.sample(method, seed=1, progress=False, **options)
    assert float(tree["posterior"]["twice"][0, 0]) == 2 * float(tree["posterior"]["rate"][0, 0])
    return tree["posterior"]["rate"]


def test_mode_of_the_declared_parameters(model):
    """The posterior is gamma(8, 5): its mode is 7/5, that of its logarithm exp(q) = 8/5."""
    found = value(model, "optimize")
    assert found.shape == (1, 1)
    assert float(found[0, 0]) == pytest.approx(1.4, rel=1e-4)
    assert float(value(model, "optimize", jacobian=True)[0, 0]) == pytest.approx(1.6, rel=1e-4)


@pytest.mark.parametrize("method", ["laplace", "pathfinder", "advi"])
def test_approximations_are_near(model, method):
    assert float(value(model, method, draws=4000).mean()) == pytest.approx(1.6, rel=0.1)
