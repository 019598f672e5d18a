"""Truncated draws far out in a tail: by the inverse of the distribution function where there is one, else told of."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import pplc
from pplc.errors import MissingDrawsWarning

FAR = {
    "normal(0, 1) T[12, ]": stats.truncnorm(12, np.inf),
    "normal(0, 1) T[, -30]": stats.truncnorm(-np.inf, -30),
    "normal(1, 2) T[21, 21.5]": stats.truncnorm(10, 10.25, 1, 2),
    "exponential(2) T[40, ]": stats.expon(40, 0.5),
    "lognormal(0, 1) T[1e6, ]": None,
    "weibull(2, 1) T[8, 9]": None,
    "rayleigh(1) T[9, ]": None,
    "pareto(1, 20) T[9, ]": stats.pareto(20, scale=9),
    "uniform(0, 1) T[0.999999, ]": stats.uniform(0.999999, 1e-6),
}


@pytest.mark.parametrize(("statement", "expected"), FAR.items(), ids=FAR)
def test_far_tails_are_drawn(statement: str, expected) -> None:
    program = f"data {{ real y; }} parameters {{ real<lower=0, upper=1> p; }} model {{ y ~ {statement}; }}"
    model = pplc.compile_model(program, {"y": 1.0})
    _, data = model.predictor.prior(2000, 3) if not model.predictor.graph.obstacles else ({}, None)
    drawn = data["y"] if data else model.predictor.posterior_predictive({"p": np.full(2000, 0.5)}, 3)["y"]
    assert np.isfinite(drawn).all()
    if expected is not None:
        assert stats.kstest(drawn, expected.cdf).pvalue > 1e-3
    else:  # against the density between the bounds, by its ratio over the first stretch
        assert len(np.unique(drawn)) > 1900


def test_others_are_told_of() -> None:
    program = "data { real y; } parameters { real p; } model { y ~ student_t(300, 0, 1) T[30, ]; }"
    model = pplc.compile_model(program, {"y": 31.0})
    with pytest.warns(MissingDrawsWarning, match="2 of 2 predicted values of `y` hold nan: of 100,000 draws from"):
        model.predictor.posterior_predictive({"p": np.zeros(2)}, 1)
