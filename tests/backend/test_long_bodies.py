"""Long loops with long bodies, which are cut into several that go block by block."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from pplc.compiler.backend.density import compile_log_density
from pplc.compiler.backend.graph import density_text
from pplc.compiler.backend.schedule import LONG_LOOP, pieces, unrolling
from pplc.compiler.backend.schedule.pieces import rows_of_a_piece as rows_of

from .random_graphs import recipe
from .random_pool import evaluate
from .test_random_graphs import check


def horseshoe(q: Any, x: Any) -> Any:
    """A chain in which each step waits for the one before, and a sum of logarithms."""
    scale = pt.exp(q)
    shrunk = pt.sqrt(scale**2 / (1 + pt.exp(q[0]) * scale**2))
    return -0.5 * (x * shrunk).sum() ** 2 - pt.log1p(scale**2).sum() - 0.5 * pt.sqr(q).sum()


def mixture(q: Any, x: Any) -> Any:
    """Two functions of one argument, one of both, and what only the gradient needs."""
    return pt.log(q[0] ** 2 * pt.exp(-pt.sqr(x - q)) + pt.exp(-pt.sqr(x + q))).sum()


def logits(q: Any, x: Any) -> Any:
    """Functions of one argument and of its negative stay together, as they share most of their work."""
    mean = q[0] + x * q
    chance = pt.sigmoid(mean)
    return (x * pt.log(chance) + pt.tanh(mean) * pt.log1p(-chance)).sum()


def with_all_of_it(q: Any, x: Any) -> Any:
    """Some arrays are needed as wholes: by a running sum, and by a loop in another order."""
    scale = pt.exp(pt.tanh(q) + pt.log1p(pt.exp(x)))
    return pt.log(pt.cumsum(scale)).sum() + (pt.erf(scale) * scale[::-1]).sum()


GRAPHS = {graph.__name__: graph for graph in (horseshoe, mixture, logits, with_all_of_it)}


@pytest.mark.parametrize("size", [1, 63, 64, 255, 481, 767, 768, 773, 1440, 1537])
@pytest.mark.parametrize("name", GRAPHS)
def test_value_and_gradient(name: str, size: int) -> None:
    """Also where rows are left over."""
    rng = np.random.default_rng(size)
    q, x = pt.vector("q", shape=(size,)), pt.vector("x", shape=(size,))
    density = GRAPHS[name](q, x)
    values = {x: rng.normal(size=size)}
    point = rng.normal(size=size) / 2
    value, slope = evaluate([density, pytensor.grad(density, q)], {q: point, **values})
    compiled = compile_log_density(q, density, values)
    found, gradient = compiled(point)
    np.testing.assert_allclose(found, value, rtol=1e-12)
    np.testing.assert_allclose(gradient, slope, rtol=1e-11, atol=1e-13)
    source = density_text(q, density, values, "density").text.source.partition("def density")[2]
    cut = name != "logits" and size >= LONG_LOOP
    assert not cut or source.count(f"range({rows_of(size)}):") > 1, "several loops over a block"
    assert ("blocks", cut and size >= 2 * rows_of(size)) == ("blocks", "for b in range(" in source)


def test_rows_of_a_block_leave_none_over_where_they_can() -> None:
    assert [rows_of(size) for size in (100, 767, 1000, 1536, 100_000)] == [100, 767, 500, 512, 500]


@pytest.mark.parametrize("seed", range(2000, 2040))
def test_random_graphs_whose_bodies_are_all_long(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = {
        "LONG_LOOP": 2 + seed % 3,
        "LONG_BODY": 2.0,
        "PIECE": float(seed % 7),
        "CALL": 1.0,
        "ROWS": range(1, 3),
        "WANTED": 2,
    }
    for name, value in numbers.items():
        monkeypatch.setattr(pieces, name, value)
    monkeypatch.setattr(unrolling, "UNROLL_OUTER", 1)
    check(recipe(seed), compiled=False)
