"""Tails of `beta_neg_binomial`, which are the probability that one beta variable is below another."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
import pytest
from pplc.compiler.library.kernels import counts
from pplc.compiler.library.kernels.beta_order import log_less

POINTS = [
    (0, 0.03, 0.2, 0.01),
    (3, 2.5, 8.0, 0.3),
    (40, 1.0, 40.0, 2.6),
    (60, 0.17, 16.1, 26.2),
    (300, 0.02, 6.5, 85.7),
    (301, 7.5, 0.05, 30.0),
    (5000, 0.4, 3.0, 0.05),
    (1_000_000, 3.0, 5.5, 2.0),
    (1_000_000_000, 0.5, 2.2, 7.0),
]


def upper_tail(n: int, r: Any, a: Any, b: Any) -> Any:
    """P(more than n): masses up to where the rest, a hypergeometric series of Thomae's, converges fast."""
    term = mp.beta(n + 1 + r, a + b) / mp.beta(r, a) / mp.beta(n + 2, b) / (n + 1 + b)
    total, k = mp.mpf(0), n + 1
    while k < 4 * abs(1 - r) * (a + b) + 200:
        total += term
        term *= (k + r) * (k + b) / ((k + 1) * (k + r + a + b))
        k += 1
    rest = step = mp.mpf(1)
    for j in range(2000):
        step *= (1 - r + j) * (a + b + j) * (a + j) / ((a + 1 + j) * (a + b + k + j) * (j + 1))
        rest += step
    gammas = [mp.loggamma(x) for x in (k + b, a + r, a + b)], [mp.loggamma(x) for x in (a + k + b, r, b, a + 1)]
    return total + rest * mp.exp(mp.fsum(gammas[0]) - mp.fsum(gammas[1]))


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("upper", [True, False])
def test_both_tails_have_all_their_digits(point: tuple[Any, ...], upper: bool) -> None:
    n, *parameters = point

    def log_tail(*parameters: Any) -> Any:
        tail = upper_tail(n, *parameters)
        return mp.log(tail if upper else 1 - tail)

    with mp.workdps(60):
        exact = [mp.mpf(x) for x in parameters]
        expected = float(log_tail(*exact))
        slopes = []
        for place, x in enumerate(exact):
            step = x * mp.mpf(10) ** -20
            ends = [log_tail(*(y + sign * step * (i == place) for i, y in enumerate(exact))) for sign in (1, -1)]
            slopes.append(float((ends[0] - ends[1]) / (2 * step)))
    value, *found = counts.beta_neg_binomial_tail(upper, float(n), *parameters)
    np.testing.assert_allclose(value, expected, rtol=1e-12)
    np.testing.assert_allclose(found, slopes, rtol=1e-9, atol=1e-11 * np.linalg.norm(slopes))


@pytest.mark.parametrize("n", [10, 10**4, 10**8])
@pytest.mark.parametrize(("a", "b"), [(1e-7, 3.0), (50.0, 1e-6), (3e5, 2e5), (2.5, 1e7)])
def test_one_success_is_a_ratio_of_gamma_functions(n: int, a: float, b: float) -> None:
    """P(N > n) = gamma(n + 1 + b) gamma(a + b) / (gamma(n + 1 + a + b) gamma(b)) for r = 1."""
    with mp.workdps(40):
        expected = mp.loggamma(n + 1 + b) + mp.loggamma(mp.mpf(a) + b) - mp.loggamma(n + 1 + mp.mpf(a) + b)
        expected -= mp.loggamma(b)
    value = counts.beta_neg_binomial_tail(True, float(n), 1.0, a, b)[0]
    np.testing.assert_allclose(value, float(expected), rtol=1e-10)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 30.0, 1e6])
def test_two_alike_are_below_each_other_half_the_time(scale: float) -> None:
    value, in_a, in_b, in_c, in_d = log_less(scale, 2 * scale, scale, 2 * scale)
    np.testing.assert_allclose(value, np.log(0.5), rtol=1e-12)
    np.testing.assert_allclose([in_a, in_b], [-in_c, -in_d], rtol=1e-8)
