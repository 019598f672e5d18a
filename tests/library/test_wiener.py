"""The first-passage functions whose arguments vary from trial to trial."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from pplc.compiler.library.distributions.wiener import log_density
from pplc.compiler.library.functions import wiener
from pytensor.compile.mode import Mode
from scipy.integrate import quad

PYTHON = Mode(linker="py", optimizer=None)
PROCESSES = [(1.2, 0.3, 0.4, 0.6), (1.4, 0.2, 0.7, -0.9), (0.8, 0.1, 0.1, 0.0)]


def scalar_function(functions: list[Any], arguments: int) -> Callable[..., np.ndarray]:
    """(value, slope in y) of the overload for so many reals."""
    function = next(
        f for f in functions if f.signatures[0].count("real") == arguments + 1 and "vector" not in f.signatures[0]
    )
    variables = [pt.dscalar() for _ in range(arguments)]
    value = function.build(*variables)
    slope = pytensor.grad(value, variables[0])
    return pytensor.function(variables, [value, slope], mode=PYTHON)


def constant_density(y: float, *process: float) -> float:
    """The density with constant parameters, as a number."""
    return float(np.exp(log_density(*(pt.constant(float(x)) for x in (y, *process))).eval(mode=PYTHON)))


def hitting_probability(alpha: float, beta: float, delta: float) -> float:
    if delta == 0:
        return beta
    return -math.expm1(-2 * delta * alpha * beta) / -math.expm1(-2 * delta * alpha)


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("time", [0.01, 0.2, 1.0, 6.0])
def test_cumulative_functions_share_out_the_hitting_probability(process: tuple[float, ...], time: float) -> None:
    alpha, tau, beta, delta = process
    lower, slope = scalar_function(wiener.cumulative, 5)(tau + time, *process)
    upper, upper_slope = scalar_function(wiener.complementary, 5)(tau + time, *process)
    assert math.isclose(math.exp(lower) + math.exp(upper), hitting_probability(alpha, beta, delta), rel_tol=1e-8)
    density = constant_density(tau + time, *process)
    np.testing.assert_allclose(slope * math.exp(lower), density, rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(-upper_slope * math.exp(upper), density, rtol=1e-6, atol=1e-12)


def test_cumulative_functions_before_the_delay() -> None:
    alpha, tau, beta, delta = process = PROCESSES[0]
    assert scalar_function(wiener.cumulative, 5)(tau / 2, *process)[0] == -math.inf
    upper = scalar_function(wiener.complementary, 5)(tau / 2, *process)[0]
    assert math.isclose(math.exp(upper), hitting_probability(alpha, beta, delta), rel_tol=1e-8)


@pytest.mark.parametrize("process", PROCESSES)
def test_density_without_variation_is_the_constant_one(process: tuple[float, ...]) -> None:
    y = process[1] + 0.4
    assert math.isclose(
        math.exp(scalar_function(wiener.density, 8)(y, *process, 0.0, 0.0, 0.0)[0]),
        constant_density(y, *process),
        rel_tol=1e-10,
    )


def test_density_is_the_mean_over_drifts_starts_and_delays() -> None:
    alpha, tau, beta, delta = PROCESSES[0]
    y, var_delta, var_beta, var_tau = 0.7, 0.8, 0.3, 0.2
    varied = scalar_function(wiener.density, 6)
    by_drift = quad(
        lambda v: constant_density(y, alpha, tau, beta, v) * math.exp(-0.5 * ((v - delta) / var_delta) ** 2),
        delta - 6 * var_delta,
        delta + 6 * var_delta,
    )[0] / (var_delta * math.sqrt(2 * math.pi))
    assert math.isclose(math.exp(varied(y, alpha, tau, beta, delta, var_delta)[0]), by_drift, rel_tol=1e-7)

    nodes, weights = np.polynomial.legendre.leggauss(8)
    over_all = sum(
        0.25
        * a
        * b
        * math.exp(varied(y, alpha, tau + var_tau * (s + 1) / 2, beta + var_beta * r / 2, delta, var_delta)[0])
        for s, a in zip(nodes, weights, strict=True)
        for r, b in zip(nodes, weights, strict=True)
    )
    found = scalar_function(wiener.density, 8)(y, alpha, tau, beta, delta, var_delta, var_beta, var_tau)[0]
    assert math.isclose(math.exp(found), over_all, rel_tol=1e-6)


def test_vectors_sum_their_terms() -> None:
    function = next(f for f in wiener.density if f.signatures[0].count("vector") == 6)
    rows = np.array([(p[1] + 0.5, *p, 0.3) for p in PROCESSES])
    total = function.build(*(pt.as_tensor(column) for column in rows.T)).eval(mode=PYTHON)
    scalar = scalar_function(wiener.density, 6)
    assert math.isclose(float(total), sum(float(scalar(*row)[0]) for row in rows), rel_tol=1e-12)
