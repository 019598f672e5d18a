"""Sums of logarithms that are computed as products have all digits, whatever their length and terms."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
import pytensor.tensor as pt
import pytest
from pplc.compiler.backend.density import CompiledDensity, compile_log_density

LENGTHS = [64, 511, 512, 513, 1000, 1040, 4999]


def compiled(size: int, sum_of: Any) -> CompiledDensity:
    q = pt.vector("q", shape=(size,))
    density = compile_log_density(q, sum_of(q), {})
    assert "log(s" in density.source, "the sum is not computed as a product"
    return density


def reference(function: Any, x: np.ndarray) -> float:
    return float(mp.fsum(function(mp.mpf(float(number))) for number in x))


@pytest.mark.parametrize("size", LENGTHS)
def test_logarithms_of_any_magnitude(size: int) -> None:
    x = 10.0 ** np.random.default_rng(size).uniform(-307, 308, size)
    value, gradient = compiled(size, lambda q: pt.sum(pt.log(q)))(x)
    np.testing.assert_allclose(value, reference(mp.log, x), rtol=1e-13)
    np.testing.assert_allclose(gradient, 1 / x, rtol=1e-15)


@pytest.mark.parametrize("size", LENGTHS)
def test_softplus(size: int) -> None:
    x = np.random.default_rng(size).normal(0, 20, size)
    value, _ = compiled(size, lambda q: pt.sum(pt.softplus(q)))(x)
    np.testing.assert_allclose(value, reference(lambda z: mp.log1p(mp.exp(z)), x), rtol=1e-14)


@pytest.mark.parametrize("scale", [1e-200, 1e-12, 1e-4, 1e-3, 1.0, 1e5, 1e200])
def test_small_terms_keep_their_digits(scale: float) -> None:
    x = scale * np.random.default_rng(3).uniform(0, 2, 700)
    value, _ = compiled(x.size, lambda q: 3.0 * pt.sum(pt.log1p(q)))(x)
    np.testing.assert_allclose(value, 3 * reference(mp.log1p, x), rtol=2e-13)


@pytest.mark.parametrize(
    ("odd", "expected"),
    [(0.0, -np.inf), (np.inf, np.inf), (-1.0, np.nan), (np.nan, np.nan), (-np.inf, np.nan), (5e-324, None)],
)
def test_what_is_no_positive_number(odd: float, expected: float | None) -> None:
    x = np.full(600, 1.5)
    x[313] = odd
    value, _ = compiled(x.size, lambda q: pt.sum(pt.log(q)))(x)
    np.testing.assert_allclose(value, np.log(x).sum() if expected is None else expected)


@pytest.mark.parametrize("shape", [(300, 40), (40, 300), (1000, 5), (5, 1000), (100, 1)])
def test_matrices(shape: tuple[int, int]) -> None:
    x = np.random.default_rng(4).normal(size=shape[0] * shape[1])
    value, gradient = compiled(x.size, lambda q: pt.sum(pt.softplus(q.reshape(shape)) - q[0] * 2))(x)
    np.testing.assert_allclose(value, np.logaddexp(0, x).sum() - 2 * x.size * x[0], rtol=1e-14)
    expected = 1 / (1 + np.exp(-x))
    expected[0] -= 2 * x.size
    np.testing.assert_allclose(gradient, expected, rtol=1e-13)


@pytest.mark.parametrize("rows", [54, 700])
def test_rows_that_run_side_by_side(rows: int) -> None:
    rng = np.random.default_rng(5)
    data = pt.matrix("data", shape=(rows, 80))
    q = pt.vector("q", shape=(80,))
    given, x = rng.normal(size=(rows, 80)), rng.normal(size=80)
    value, _ = compile_log_density(q, -pt.sum(pt.softplus(data @ q)), {data: given})(x)
    np.testing.assert_allclose(value, -np.logaddexp(0, given @ x).sum(), rtol=1e-13)
