"""Matrix products, factors and triangular solves of every remainder of their unrolled loops, against NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from pplc.compiler.backend.functions import compile_function
from pplc.compiler.library.ops.cholesky import FactorGradient

SHAPES = [(16, 16, 16), (17, 19, 18), (40, 65, 23), (16, 131, 70), (3, 200, 5), (70, 10, 9), (2, 9, 400), (9, 1100, 11)]


@pytest.mark.parametrize("shape", SHAPES)
def test_products(shape: tuple[int, int, int]) -> None:
    n, inner, m = shape
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(n, inner)), rng.normal(size=(m, inner))
    x = pt.tensor("x", shape=a.shape, dtype="float64")
    y = pt.tensor("y", shape=b.shape, dtype="float64")
    product, twice = compile_function([x, y], [x @ y.T, pt.exp(x @ y.T / 50).sum(axis=0)], {})(a, b)
    np.testing.assert_allclose(product, a @ b.T, rtol=1e-13, atol=1e-12)
    np.testing.assert_allclose(twice, np.exp(a @ b.T / 50).sum(axis=0), rtol=1e-12)


@pytest.mark.parametrize(
    ("sides", "shape", "arguments"),
    [
        ("x @ y", (70, 10, 9), "xy"),
        ("x @ y.T", (40, 65, 23), "y"),
        ("x.T @ y", (70, 10, 9), "x"),
        ("x.T @ y.T", (2, 9, 400), "xy"),
        ("x @ y", (9, 1100, 11), "y"),
        ("x.T @ y", (66, 40, 3), "xy"),
        ("x @ y.T", (66, 40, 3), "y"),
        ("x.T @ y.T", (17, 19, 18), "x"),
    ],
)
def test_products_of_what_is_kept_by_rows_and_by_columns(
    sides: str, shape: tuple[int, int, int], arguments: str
) -> None:
    """Factors that are arguments, computed and data; what is computed from the product by element, row and column."""
    n, inner, m = shape
    rng = np.random.default_rng(0)
    a = rng.normal(size=(n, inner) if "x @" in sides else (inner, n))
    b = rng.normal(size=(inner, m) if sides.endswith("y") else (m, inner))
    x = pt.tensor("x", shape=a.shape, dtype="float64")
    y = pt.tensor("y", shape=b.shape, dtype="float64")
    outcome = rng.normal(size=(n, m))

    def build(library: Any, x: Any, y: Any) -> Any:
        product = eval(sides.replace("y", "library.tanh(y)"), {"x": x, "y": y, "library": library})
        both = library.tanh(product / 20) * product.sum(axis=0) - outcome
        joined = (library.concatenate if library is np else pt.concatenate)([both, product[:, :1]], axis=1)
        row = library.exp(joined - joined.max(axis=1)[:, None]).sum(axis=1)
        return [both, row, joined.T.ravel(), (both * product).sum()]

    results = build(pt, x, y)
    slopes = pytensor.grad(results[-1] + results[1].sum(), [x, y])
    values = {x: a, y: b}
    given = [side for side in values if side.name in arguments]
    known = {side: value for side, value in values.items() if side not in given}
    outputs = [*results, *(slope for slope, side in zip(slopes, values, strict=True) if side in given)]
    found = compile_function(given, outputs, known)(*(values[side] for side in given))
    for one, expected in zip(found, build(np, a, b), strict=False):
        np.testing.assert_allclose(one, expected, rtol=1e-11, atol=1e-11)
    for one, side in zip(found[len(results) :], given, strict=True):
        step = rng.normal(size=values[side].shape)
        ends = []
        for sign in (1, -1):
            moved = [value + sign * 1e-5 * step if key is side else value for key, value in values.items()]
            _, row, _, total = build(np, *moved)
            ends.append(total + row.sum())
        np.testing.assert_allclose((one * step).sum(), (ends[0] - ends[1]) / 2e-5, rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("n", [1, 2, 5, 6, 7, 8, 12, 15, 33])
def test_factors_and_solves(n: int) -> None:
    rng = np.random.default_rng(n)
    root = rng.normal(size=(n, n))
    a, b = root @ root.T + n * np.eye(n), rng.normal(size=(n, 3))
    x = pt.tensor("x", shape=a.shape, dtype="float64")
    y = pt.tensor("y", shape=b.shape, dtype="float64")
    factor = pt.linalg.cholesky(x)
    outputs = [factor, *(pt.linalg.solve_triangular(side, y, lower=lower)
                         for side, lower in ((factor, True), (factor.T, False)))]  # fmt: skip
    found, forwards, backwards = compile_function([x, y], outputs, {})(a, b)
    expected = np.linalg.cholesky(a)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(forwards, np.linalg.solve(expected, b), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(backwards, np.linalg.solve(expected.T, b), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("n", [1, 2, 7, 8, 9, 16, 19])
def test_solves_by_pivoting(n: int) -> None:
    rng = np.random.default_rng(n)
    a, b = rng.normal(size=(n, n)), rng.normal(size=(n, 3))
    x = pt.tensor("x", shape=a.shape, dtype="float64")
    y = pt.tensor("y", shape=b.shape, dtype="float64")
    solve = pt.linalg.solve
    outputs = [solve(x, y), solve(x, y[:, 0]), solve(x.T, y), pt.linalg.inv(x), pt.linalg.det(x)]
    expected = [np.linalg.solve(a, b), np.linalg.solve(a, b[:, 0]), np.linalg.solve(a.T, b), np.linalg.inv(a)]
    for found, one in zip(compile_function([x, y], outputs, {})(a, b), [*expected, np.linalg.det(a)], strict=True):
        np.testing.assert_allclose(found, one, rtol=1e-9, atol=1e-10)


def test_data_are_factored_once() -> None:
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(9, 9)), rng.normal(size=9)
    x = pt.tensor("x", shape=a.shape, dtype="float64")
    y = pt.tensor("y", shape=b.shape, dtype="float64")
    solver = compile_function([y], [pt.linalg.solve(x, y)], {x: a})
    np.testing.assert_allclose(solver(b)[0], np.linalg.solve(a, b), rtol=1e-11)
    prepared, called = solver.source.split("def prepare()")[1].split("def function(")
    assert "factor_lu(" in prepared
    assert "factor_lu(" not in called


@pytest.mark.parametrize("n", [1, 2, 4, 6, 11, 17, 22])
def test_gradient_of_a_factor(n: int) -> None:
    """Against what follows from dL = L Phi(L^-1 dA L^-T) with products and inverses."""
    rng = np.random.default_rng(n)
    root = rng.normal(size=(n, n))
    factor, slope = np.linalg.cholesky(root @ root.T + n * np.eye(n)), np.tril(rng.normal(size=(n, n)))
    x = pt.tensor("x", shape=(n, n), dtype="float64")
    y = pt.tensor("y", shape=(n, n), dtype="float64")
    [found] = compile_function([x, y], [FactorGradient()(x, y)], {})(factor, slope)
    inverse = np.linalg.inv(factor)
    halved = np.tril(factor.T @ slope) - 0.5 * np.diag(np.diag(factor.T @ slope))
    full = inverse.T @ (halved + halved.T) @ inverse
    np.testing.assert_allclose(found, np.tril(full) - 0.5 * np.diag(np.diag(full)), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("place", [0, 5, 12, 15, 16, 17])
def test_where_a_factor_ends_it_is_nan(place: int) -> None:
    x = pt.tensor("x", shape=(18, 18), dtype="float64")
    matrix = np.eye(18)
    matrix[place, place] = -1.0
    (found,) = compile_function([x], [pt.linalg.cholesky(x)], {})(matrix)
    assert np.isfinite(np.diag(found)[:place]).all()
    assert np.isnan(found[place, place])


def test_a_matrix_that_is_not_positive_definite_has_no_factor() -> None:
    x = pt.tensor("x", shape=(9, 9), dtype="float64")
    (found,) = compile_function([x], [pt.linalg.cholesky(x)], {})(np.ones((9, 9)) - 2 * np.eye(9))
    assert np.isnan(found).any()


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("n", [0, 1, 7])
def test_places_of_integers_among_sorted_ones(side: str, n: int, natively: None) -> None:
    among = np.sort(np.random.default_rng(n).integers(-3, 4, n))
    sought = np.arange(-5, 6)
    x = pt.tensor("x", shape=among.shape, dtype="int64")
    y = pt.tensor("y", shape=sought.shape, dtype="int64")
    (found,) = compile_function([x, y], [pt.searchsorted(x, y, side=side)], {})(among, sought)
    np.testing.assert_array_equal(found, np.searchsorted(among, sought, side=side))


@pytest.mark.parametrize("stack", [(1, 2), (2, 1), (2, 3)])
def test_gradient_through_one_matrix_of_a_stack_of_stacks(stack: tuple[int, int]) -> None:
    """PyTensor takes the gradient's `zeros[0, 0] = M` for diagonal matrices (`rewrite/assumptions.py`)."""
    shape = (*stack, 2, 2)
    x = pt.tensor("x", shape=shape, dtype="float64")
    weights = np.array([[1.0, 2.0], [3.0, 5.0]])
    slope = pytensor.grad((weights * (x @ x.mT)[0, 0]).sum(), x)
    at = np.random.default_rng(0).normal(size=shape)
    [found] = compile_function([x], [slope], {})(at)
    expected = np.zeros(shape)
    expected[0, 0] = (weights + weights.T) @ at[0, 0]
    np.testing.assert_allclose(found, expected, rtol=1e-12)
