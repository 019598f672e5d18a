"""Densities and cumulative functions of first-passage times in trials that vary, beside other ways to compute them."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from pplc.compiler.library.kernels import first_passage
from pplc.compiler.library.kernels.plain import plain
from pplc.compiler.library.kernels.wiener import log_first_passage

import pplc

KERNELS = (first_passage.log_density, first_passage.log_sooner, first_passage.log_later)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)
# time, alpha, beta, delta, var_delta, var_beta, var_tau
ORDINARY = (0.6, 1.3, 0.45, 0.8, 0.6, 0.2, 0.25)
TRIALS = {
    "ordinary": ORDINARY,
    "nothing varies": (0.6, 1.3, 0.45, 0.8, 0.0, 0.0, 0.0),
    "starts from boundary to boundary": (0.6, 1.3, 0.5, -0.8, 0.6, 0.999, 0.25),
    "delays as long as the time": (0.6, 1.3, 0.45, 0.8, 0.6, 0.2, 0.6),
    "delays longer than the time": (0.6, 1.3, 0.45, 0.8, 0.6, 0.2, 1.5),
    "nearly no delays": (0.6, 1.3, 0.45, 0.8, 0.6, 0.2, 1e-9),
    "long before the first": (0.008, 1.3, 0.3, 0.8, 0.6, 0.2, 0.001),
    "long after the last": (60.0, 1.3, 0.45, 0.8, 0.0, 0.2, 0.25),
    "a fast drift": (2.0, 1.3, 0.3, 9.0, 0.4, 0.3, 0.5),
    "a fast drift away": (2.0, 1.3, 0.3, -9.0, 0.4, 0.3, 0.5),
}


def constant(t: float, alpha: float, start: float, delta: float, spread: float) -> float:
    """The density where only the drift varies."""
    distance, scale = alpha * start, 1 + spread**2 * t
    exponent = ((spread * distance) ** 2 + 2 * delta * distance - delta**2 * t) / (2 * scale)
    return math.exp(exponent + plain(log_first_passage)(t / alpha**2, start)) / (math.sqrt(scale) * alpha**2)


def by_panels(height: Callable[[float], float], first: float, last: float, panels: int = 1) -> float:
    """Gauss-Legendre quadrature on equal panels."""
    half = 0.5 * (last - first) / panels
    middles = first + half * (2 * np.arange(panels)[:, None] + 1)
    points, weights = (middles + half * NODES).ravel(), np.tile(half * WEIGHTS, panels)
    return math.fsum(weight * height(point) for point, weight in zip(points, weights, strict=True))


def over_starts(height: Callable[[float], float], beta: float, var_beta: float) -> float:
    if var_beta == 0:
        return height(1 - beta)
    return by_panels(height, 1 - beta - var_beta / 2, 1 - beta + var_beta / 2) / var_beta


@pytest.mark.parametrize("trial", ["ordinary", "starts from boundary to boundary", "a fast drift"])
def test_densities_are_double_integrals(trial: str) -> None:
    time, alpha, beta, delta, spread, var_beta, var_tau = TRIALS[trial]

    def at(delay: float) -> float:
        return over_starts(lambda start: constant(time - delay, alpha, start, delta, spread), beta, var_beta)

    expected = math.log(by_panels(at, 0, var_tau) / var_tau)
    assert plain(first_passage.log_density)(*TRIALS[trial])[0] == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("trial", ["ordinary", "delays longer than the time", "a fast drift away"])
@pytest.mark.parametrize("kernel", KERNELS[1:])
def test_cumulative_functions_are_triple_integrals(kernel: Callable[..., tuple[float, ...]], trial: str) -> None:
    time, alpha, beta, delta, spread, var_beta, var_tau = TRIALS[trial]
    sooner = kernel is first_passage.log_sooner

    def share(t: float) -> float:
        later = min(max((t + var_tau - time) / var_tau, 0.0), 1.0)
        return 1 - later if sooner else later

    def of(log_time: float) -> float:
        t = math.exp(log_time)
        height = partial(constant, t, alpha)
        return t * share(t) * over_starts(lambda start: height(start, delta, spread), beta, var_beta)

    breaks = [1e-3, *(t for t in (time - var_tau, time) if t > 1e-3), 60.0]
    expected = sum(by_panels(of, math.log(a), math.log(b), 2) for a, b in pairwise(breaks) if share(0.5 * (a + b)) > 0)
    assert plain(kernel)(*TRIALS[trial])[0] == pytest.approx(math.log(expected), rel=1e-9)


@pytest.mark.parametrize("trial", TRIALS)
@pytest.mark.parametrize("kernel", KERNELS)
def test_slopes_are_those_of_the_value(kernel: Callable[..., tuple[float, ...]], trial: str) -> None:
    arguments = list(TRIALS[trial])
    function = plain(kernel)
    value, *slopes = function(*arguments)
    assert math.isfinite(value)
    for position, slope in enumerate(slopes):
        if arguments[position] < 1e-6:
            continue  # no differences on both sides
        step = 1e-4 * abs(arguments[position])

        def moved(steps: int, position: int = position, step: float = step) -> float:
            at = arguments.copy()
            at[position] += steps * step
            return float(function(*at)[0])

        difference = (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * step)
        assert slope == pytest.approx(difference, rel=1e-6, abs=1e-7 * max(1.0, abs(value) / abs(arguments[position])))


@pytest.mark.parametrize("kernel", KERNELS)
def test_the_limit_of_no_variation(kernel: Callable[..., tuple[float, ...]]) -> None:
    process = ORDINARY[:4]
    without, nearly = plain(kernel)(*process, 0.0, 0.0, 0.0), plain(kernel)(*process, 0.0, 1e-10, 1e-10)
    np.testing.assert_allclose(nearly, without, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    "arguments",
    [(0.5, -1.0, 0.5, 0, 0, 0, 0), (0.5, 1.0, 1.5, 0, 0, 0, 0), (0.5, 1.0, 0.3, 0, -0.1, 0, 0),
     (0.5, 1.0, 0.3, 0, 0, 0.7, 0), (0.5, 1.0, 0.3, 0, 0, 0, -0.1), (math.inf, 1.0, 0.3, 0, 0, 0, 0),
     (0.5, math.nan, 0.3, 0, 0, 0, 0), (0.5, 1.0, 0.3, math.inf, 0, 0, 0)],
)  # fmt: skip
def test_impossible_processes_have_no_density(arguments: tuple[float, ...]) -> None:
    for kernel in KERNELS:
        assert np.isnan(plain(kernel)(*map(float, arguments))).all()


def test_a_density_says_what_does_not_fit() -> None:
    program = """
    parameters { real b; }
    model { target += wiener_lpdf(1.5 | 1.2, 0.2, 0.3, 0.5, 0.4, b, 0.1); }
    """
    model = pplc.compile_model(program)
    assert np.isfinite(model.logp_dlogp(np.array([0.2]))[0])
    assert not np.isfinite(model.logp_dlogp(np.array([0.7]))[0])
    assert "var_beta is 0.7, but must be so small that all starts lie between the boundaries" in str(
        model.failure(np.array([0.7]))
    )
