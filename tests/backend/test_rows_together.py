"""Rows of a matrix that go side by side through the loops inside, and loops over rows that go block by block."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from pplc.compiler.backend.graph import density_text
from pplc.compiler.backend.loops import columns
from pplc.compiler.backend.schedule import blocks, groups, storage, together, unrolling

from .interpreter import interpret
from .random_graphs import recipe
from .random_pool import evaluate
from .test_random_graphs import check


def wide_regression(q: Any, x: Any, rows: int, columns: int) -> Any:
    return -pt.softplus(-(x @ q[:columns]) * q[columns]).sum()


def used_up_by_row(q: Any, x: Any, rows: int, columns: int) -> Any:
    """Each row has an array of its own that no later row needs, and sums along both axes."""
    shares = pt.exp(x * q[:columns])
    shares = shares / shares.sum(axis=1, keepdims=True)
    return (shares**2).sum(axis=1).prod() + pt.log(shares.sum(axis=0)).sum() + q[columns]


def products_both_ways(q: Any, x: Any, rows: int, columns: int) -> Any:
    scale = pt.exp(-(x @ q[:columns]))
    return (-0.5 * (scale * (x @ pt.exp(q[:columns]))) ** 2 - pt.log(scale)).sum() + (q[columns] * (x.T @ scale)).max()


def scale_and_mean(q: Any, x: Any, rows: int, columns: int) -> Any:
    """Two products with one matrix, one with another that is made of it, and weights."""
    scale = pt.exp(x @ q[:columns])
    mean = x @ pt.tanh(q[:columns]) + q[columns] * (x**2) @ pt.exp(q[:columns])
    return (-0.5 * (1 + x[:, 0] ** 2) * (mean / scale) ** 2 - pt.log(scale)).sum()


def mixture(q: Any, x: Any, rows: int, columns: int) -> Any:
    """Each row has an array of its own, between whose reading and reading again something is computed for each row."""
    shares = pt.exp(x * q[:columns])
    return (pt.log(shares.sum(axis=1)) * q[columns]).sum() - pt.exp(-(x @ q[:columns])).sum()


GRAPHS = {
    graph.__name__: graph for graph in (wide_regression, used_up_by_row, products_both_ways, scale_and_mean, mixture)
}
BY_PRODUCTS = ("wide_regression", "products_both_ways", "scale_and_mean")


@pytest.mark.parametrize("shape", [(16, 40), (17, 33), (19, 300), (15, 40), (16, 521), (18, 600), (18, 1024)])
@pytest.mark.parametrize("name", GRAPHS)
def test_value_and_gradient(name: str, shape: tuple[int, int]) -> None:
    source = source_of_checked(name, shape)
    rows, _ = shape
    long = {(16, 521): 8, (18, 600): 9, (18, 1024): 6}  # the last are rows that the cache keeps in one of its sets
    together = long.get(shape, 4) if name in BY_PRODUCTS else 4
    assert ("side by side", 16 <= rows < 64) == ("side by side", f"range({rows // together})" in source)


@pytest.mark.parametrize("shape", [(64, 33), (211, 40), (219, 40), (267, 40), (134, 128), (85, 300), (190, 511)])
@pytest.mark.parametrize("name", [*BY_PRODUCTS, "mixture"])
def test_long_loops_go_block_by_block(name: str, shape: tuple[int, int]) -> None:
    """Some rows are left over, by which a block, or those side by side, do not divide all."""
    source = source_of_checked(name, shape)
    assert ("blocks", shape[0] > 64) == ("blocks", "for b in range(" in source.partition("def density")[2])
    assert ("by columns", shape[1] <= blocks.MOST_COLUMNS and name != "mixture") == ("by columns", "pt0[" in source)


@pytest.mark.parametrize("shape", [(1400, 6), (500, 32)])
@pytest.mark.parametrize("name", BY_PRODUCTS)
@pytest.mark.parametrize("beyond", [blocks.BEYOND_CACHE, 100])
def test_products_with_narrow_matrices_go_by_columns(
    name: str, shape: tuple[int, int], beyond: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also a matrix that is too large for the cache."""
    monkeypatch.setattr(blocks, "BEYOND_CACHE", beyond)
    source = source_of_checked(name, shape).partition("def density")[2]
    assert "for b in range(" in source
    assert "pt0[" in source


def source_of_checked(name: str, shape: tuple[int, int]) -> str:
    """The code of a graph, whose value and gradient are compared with those by PyTensor."""
    rows, columns = shape
    rng = np.random.default_rng(rows)
    q, x = pt.vector("q", shape=(columns + 1,)), pt.matrix("x", shape=shape)
    density = GRAPHS[name](q, x, rows, columns)
    values = {x: rng.normal(size=shape) / 10}
    point = rng.normal(size=columns + 1) / 2
    value, slope = evaluate([density, pytensor.grad(density, q)], {q: point, **values})
    built = density_text(q, density, values, "density")
    found, gradient = interpret(built, "density", point)
    np.testing.assert_allclose(found, value, rtol=1e-12)
    np.testing.assert_allclose(gradient, slope, rtol=1e-11, atol=1e-13)
    return built.text.source


SMALL = {"UNROLL_INNER": 1, "UNROLL_OUTER": 1, "UNROLL_SUMS": 1, "LONG_ROW": 2, "LONG_LOOP": 2, "FEWEST_ROWS": 4}
SMALL |= {"FEWEST_COLUMNS": 2, "ADDED": range(3, 1, -1), "SUMMED": range(2, 1, -1)}


@pytest.mark.parametrize("seed", range(1000, 1020))
def test_random_graphs_whose_rows_all_go_side_by_side(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = 1 + seed % 3
    numbers = {"TOGETHER": rows, "TOGETHER_LONG": rows + seed % 2, "BLOCK": 1 + seed % 2, "CHEAP": 2.0}
    numbers |= {"VECTOR": rows * (rows + seed % 2), "CACHED": 20, "VECTORS": 2 * rows}
    for name, value in {**SMALL, **numbers}.items():
        for module in (blocks, columns, groups, storage, together, unrolling):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, value)
    check(recipe(seed), compiled=False)
