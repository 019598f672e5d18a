"""Univariate distributions at the ends of their supports, in their tails, and beyond: which arguments are refused."""

from __future__ import annotations

import math

import numpy as np
import pytensor.tensor as pt
import pytest
from pplc.compiler.library.definitions import Distribution
from pplc.compiler.library.densities import checked_arguments, parameters_of
from pplc.compiler.library.registry import distributions
from pplc.compiler.types import Real, Type, Vector
from univariate import PYTHON, REFERRED, Values, cases, each, evaluate, gradients

EDGES = [
    ("beta", "log_density", 0.0, (1.0, 2.0), math.log(2)),
    ("beta", "log_density", 1.0, (2.0, 1.0), math.log(2)),
    ("beta", "log_density", 0.0, (2.0, 2.0), -math.inf),
    ("beta", "log_cdf", 0.0, (2.0, 2.0), -math.inf),
    ("beta", "log_ccdf", 1.0, (2.0, 2.0), -math.inf),
    ("bernoulli", "log_density", 1, (1.0,), 0.0),
    ("bernoulli", "log_density", 0, (0.0,), 0.0),
    ("bernoulli", "log_density", 1, (0.0,), -math.inf),
    ("bernoulli_logit", "log_density", 0, (800.0,), -800.0),
    ("binomial", "log_density", 0, (5, 0.0), 0.0),
    ("binomial", "log_density", 5, (5, 1.0), 0.0),
    ("binomial", "log_density", 1, (5, 0.0), -math.inf),
    ("binomial", "log_density", 6, (5, 0.3), math.nan),
    ("binomial", "log_cdf", 6, (5, 0.3), 0.0),
    ("beta_binomial", "log_density", 6, (5, 0.3, 2.0), -math.inf),
    ("poisson", "log_density", 0, (0.0,), 0.0),
    ("poisson", "log_density", 2, (0.0,), -math.inf),
    ("categorical", "log_density", 5, (np.array([0.1, 0.2, 0.3, 0.4]),), math.nan),
    ("categorical", "log_density", 1, (np.array([0.0, 0.2, 0.4, 0.4]),), -math.inf),
    ("exponential", "log_density", 0.0, (2.0,), math.log(2)),
    ("weibull", "log_density", 0.0, (1.0, 2.0), -math.log(2)),
    ("weibull", "log_density", 0.0, (2.0, 2.0), -math.inf),
    ("chi_square", "log_density", 0.0, (2.0,), -math.log(2)),
    ("lognormal", "log_density", 0.0, (0.0, 1.0), -math.inf),
    ("inv_gamma", "log_density", 0.0, (2.0, 1.0), -math.inf),
    ("gamma", "log_cdf", 0.0, (2.0, 1.0), -math.inf),
    ("uniform", "log_density", 2.0, (0.0, 1.0), -math.inf),
    ("uniform", "log_density", 1.0, (0.0, 1.0), 0.0),
    ("uniform", "log_cdf", -1.0, (0.0, 1.0), -math.inf),
    ("uniform", "log_cdf", 3.0, (0.0, 1.0), 0.0),
    ("pareto", "log_density", 1.0, (2.0, 1.0), -math.inf),
    ("pareto", "log_cdf", 1.0, (2.0, 1.0), -math.inf),
    ("discrete_range", "log_density", 7, (2, 6), -math.inf),
    ("neg_binomial_2", "log_density", 3, (1.0, 1e13), -1 - math.log(6)),
    ("neg_binomial_2_log", "log_density", 3, (0.0, 1e13), -1 - math.log(6)),
    ("ordered_probit", "log_density", 2, (40.0, np.array([-1.0, 0.5, 2.0])), -784.72087910431757),
    ("ordered_logistic", "log_density", 1, (40.0, np.array([-1.0, 0.5, 2.0])), -41.0),
    # tails, by mpmath
    ("normal", "log_cdf", -40.0, (0.0, 1.0), -804.6084420137538),
    ("normal", "log_ccdf", 40.0, (0.0, 1.0), -804.6084420137538),
    ("normal", "log_cdf", 9.0, (0.0, 1.0), -1.1285884059538406e-19),
    ("student_t", "log_cdf", -1e8, (3.0, 0.0, 1.0), -55.164318792812497),
    ("cauchy", "log_cdf", -1e20, (0.0, 1.0), -math.log(math.pi) - 20 * math.log(10)),
    ("gamma", "log_ccdf", 100.0, (7.0, 1.0), -78.88701866038465),
    ("gamma", "log_cdf", 0.07, (7.0, 1.0), -27.201201740786402),
    ("beta", "log_ccdf", 1 - 2**-40, (2.0, 3.0), -81.791367306074229),
    ("logistic", "log_ccdf", 60.0, (0.0, 1.0), -60.0),
    ("double_exponential", "log_ccdf", 700.0, (0.0, 1.0), -700 - math.log(2)),
]


@pytest.mark.parametrize(("name", "part", "outcome", "parameters", "expected"), EDGES)
def test_edges_and_tails(name: str, part: str, outcome: float, parameters: Values, expected: float) -> None:
    distribution = distributions()[name]
    at = np.array([outcome])
    np.testing.assert_allclose(evaluate(distribution, part, at, parameters)[0], expected, rtol=1e-11)


@pytest.mark.parametrize(
    ("name", "part", "outcome", "parameters", "expected"),
    [
        ("bernoulli", "log_density", 0, (0.0,), [-1.0]),
        ("bernoulli", "log_density", 1, (1.0,), [1.0]),
        ("binomial", "log_density", 0, (5, 0.0), [-5.0]),
        ("binomial", "log_density", 5, (5, 1.0), [5.0]),
        ("bernoulli_logit", "log_density", 1, (-800.0,), [1.0]),
        ("gamma", "log_density", 2.0, (1.0, 3.0), [-3.0, math.log(6) + 0.5772156649015329, 1 / 3 - 2]),
        ("exponential", "log_density", 0.0, (2.0,), [-2.0, 0.5]),
        ("student_t", "log_ccdf", 0.0, (2.0, 0.0, 1.0), [-(2**-0.5), 0.0, 2**-0.5, 0.0]),
        ("uniform", "log_density", 3.0, (0.0, 1.0), [0.0, 0.0, 0.0]),
        ("neg_binomial_2", "log_density", 3, (1.0, 1e12), [2.0, 0.0]),
        ("normal", "log_cdf", -1e5, (0.0, 1.0), [1e5 + 1e-5, -1e5 - 1e-5, 1e10 + 1]),
    ],
)
def test_gradient_at_edges(name: str, part: str, outcome: float, parameters: Values, expected: list[float]) -> None:
    found = gradients(distributions()[name], part, np.array([outcome]), parameters)
    np.testing.assert_allclose([float(np.ravel(g)[0]) for g in found], expected, rtol=1e-9, atol=1e-9)


@each(REFERRED)
def test_supports_reject_what_is_outside(distribution: Distribution) -> None:
    """Each bound of each scalar parameter is checked, or shows in the density; and valid arguments pass."""
    parameters, at, _ = cases(distribution)[0]
    outcome = at[len(at) // 2]
    suffix = "lpmf" if distribution.discrete else "lpdf"
    assert failed(distribution, suffix, (outcome, *parameters)) == set()
    for i, parameter in enumerate(parameters_of(distribution)):
        wrong = {
            "lower": None if parameter.support.lower is None else parameter.support.lower - 1,
            "upper": None if parameter.support.upper is None else parameter.support.upper + 1,
        }
        for value in wrong.values():
            if value is not None and not parameter.support.core:
                arguments = [outcome, *parameters]
                arguments[i] = type(arguments[i])(value)
                shows = not i and distribution.takes is not None
                assert failed(distribution, suffix, tuple(arguments)) == (set() if shows else {parameter.name})
                assert not shows or not np.isfinite(distribution.log_density(*arguments).eval(mode=PYTHON))


def failed(distribution: Distribution, kind: str, arguments: Values) -> set[str]:
    types: list[Type] = [Vector() if p.support.core else Real() for p in parameters_of(distribution)]
    checked = checked_arguments(distribution, kind, [pt.as_tensor(a) for a in arguments], types, 0)
    return {name for name, support, argument in checked if not support.holds(argument).eval(mode=PYTHON)}
