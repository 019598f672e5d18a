"""Sums by group in several copies: numbers of terms that do not divide, and bases and targets of every kind."""

from __future__ import annotations

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from pplc.compiler.backend.graph import density_text

from .interpreter import interpret
from .random_pool import evaluate


@pytest.mark.parametrize("terms", [64, 65, 66, 67, 200])
@pytest.mark.parametrize("groups", [1, 3, 9])
@pytest.mark.parametrize("order", ["sorted", "shuffled"])
def test_gathered_parameters(terms: int, groups: int, order: str) -> None:
    rng = np.random.default_rng(terms)
    q = pt.vector("q", shape=(2 * groups + 1,))
    group, x = pt.lvector("group", shape=(terms,)), pt.vector("x", shape=(terms,))
    table = q[: 2 * groups].reshape((groups, 2))
    mean = table[group, 0] * q[-1] + pt.exp(table[group, 1] * x)
    density = -((mean - x) ** 2).sum() - (q**2).sum()
    numbers = rng.integers(0, groups, terms)
    values = {group: np.sort(numbers) if order == "sorted" else numbers, x: rng.normal(size=terms)}
    point = rng.normal(size=2 * groups + 1)
    value, slope = evaluate([density, pytensor.grad(density, q)], {q: point, **values})
    built = density_text(q, density, values, "density")
    found, gradient = interpret(built, "density", point)
    np.testing.assert_allclose(found, value, rtol=1e-12)
    np.testing.assert_allclose(gradient, slope, rtol=1e-11)
    assert ("copies", f"range({terms // 4})" in built.text.source) == ("copies", groups <= terms // 8)


def test_added_to_what_is_there() -> None:
    rng = np.random.default_rng(1)
    q, group = pt.vector("q", shape=(100,)), pt.lvector("group", shape=(99,))
    sums = pt.set_subtensor(pt.exp(q[:5])[2], q[7])
    sums = pt.inc_subtensor(sums[group], q[1:] * q[:-1])
    density = (sums**2).sum() + pt.log(1 + sums[3] ** 2)
    values = {group: rng.integers(0, 5, 99)}
    point = rng.normal(size=100)
    value, slope = evaluate([density, pytensor.grad(density, q)], {q: point, **values})
    found, gradient = interpret(density_text(q, density, values, "density"), "density", point)
    np.testing.assert_allclose(found, value, rtol=1e-12)
    np.testing.assert_allclose(gradient, slope, rtol=1e-11, atol=1e-12)
