"""QR, singular values and pseudo-inverses: native, at every shape and rank, with gradients against exact formulas."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from pplc.compiler.backend.functions import compile_function
from pplc.compiler.library.functions import decompositions, solving
from pplc.compiler.library.kernels import orthogonal, singular
from pplc.compiler.library.kernels.plain import plain

EPSILON = 2.0**-52


pytestmark = pytest.mark.usefixtures("natively")


def random(m: int, n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(100 * m + n + seed).normal(size=(m, n))


MATRICES = {
    **{f"{m} x {n}": random(m, n) for m, n in [(0, 0), (1, 1), (2, 2), (5, 5), (5, 3), (3, 5), (30, 30), (40, 7)]},
    "no columns": np.zeros((4, 0)),
    "no rows": np.zeros((0, 3)),
    "zero": np.zeros((4, 3)),
    "identity": np.eye(4),
    "rank one": np.outer(np.arange(6.0), np.arange(4.0)),
    "wide, rank two": random(3, 2) @ random(2, 6),
    "equal values": np.linalg.qr(random(6, 4))[0],
    "huge": 1e300 * random(3, 2),
    "tiny": 1e-300 * random(3, 2),
}


COMPILED = {"30 x 30", "5 x 3", "3 x 5"}  # the others run as plain Python, which is the same kernel


def compiled(function: Any, shape: tuple[int, ...]) -> Any:
    x = pt.tensor("x", shape=shape, dtype="float64")
    results = function.build(x)
    return compile_function([x], list(results) if isinstance(results, list | tuple) else [results], {})


def parts(name: str, function: Any, kernel: Any) -> Any:
    """The parts of a matrix by a function of the library, or by the kernel behind it."""
    x = MATRICES[name]
    return compiled(function, x.shape)(x) if name in COMPILED else plain(kernel)(x)


def close(a: np.ndarray, b: np.ndarray, count: int) -> None:
    np.testing.assert_allclose(a, b, rtol=0, atol=8 * max(count, 1) * EPSILON)


@pytest.mark.parametrize("name", MATRICES)
def test_qr(name: str) -> None:
    x = MATRICES[name]
    (m, n), scale = x.shape, max(np.abs(x).max(initial=0.0), 1e-300)
    q, r = parts(name, decompositions.qr_thin, orthogonal.thin)
    assert q.shape == (m, min(m, n))
    assert r.shape == (min(m, n), n)
    close(q.T @ q, np.eye(min(m, n)), m)
    close(q @ (r / scale), x / scale, m)
    assert (np.tril(r, -1) == 0).all()
    assert (np.diag(r) >= 0).all()
    square = plain(orthogonal.full)(x)
    close(square[:, : min(m, n)] @ (r / scale), x / scale, m)
    close(square.T @ square, np.eye(m), m)


def test_qr_of_the_identity_is_exact() -> None:
    for part in plain(orthogonal.thin)(np.eye(3)):
        assert (part == np.eye(3)).all()


@pytest.mark.parametrize("shape", [(4, 2), (2, 3)])
def test_qr_with_a_square_q(shape: tuple[int, int]) -> None:
    x = random(*shape)
    q, r = compiled(decompositions.qr, shape)(x)
    assert q.shape == (shape[0], shape[0])
    assert r.shape == shape
    close(q @ r, x, 4)


@pytest.mark.parametrize("name", MATRICES)
def test_svd(name: str) -> None:
    x = MATRICES[name]
    least, scale = min(x.shape), max(np.abs(x).max(initial=0.0), 1e-300)
    left, values, right = parts(name, decompositions.svd, singular.singular)
    count = max(*x.shape, 1)
    close(left.T @ left, np.eye(least), count)
    close(right.T @ right, np.eye(least), count)
    close((left * (values / scale)) @ right.T, x / scale, count)
    close(values / scale, np.linalg.svd(x / scale, compute_uv=False), count)
    assert (np.diff(values) <= 0).all()


def test_small_singular_values_are_as_exact_as_large_ones() -> None:
    x = random(5, 4) * 10.0 ** -np.arange(0, 40, 10)
    with mp.workdps(120):
        exact = [float(value) for value in mp.svd_r(mp.matrix(x.tolist()), compute_uv=False)]
    _, values, _ = plain(singular.singular)(x)
    np.testing.assert_allclose(values, exact, rtol=1e-14)


@pytest.mark.parametrize("name", ["5 x 5", "5 x 3", "3 x 5", "rank one", "wide, rank two", "zero", "no rows"])
def test_generalized_inverse(name: str) -> None:
    x = MATRICES[name]
    inverse = plain(singular.pseudo_inverse)(x)
    np.testing.assert_allclose(inverse, np.linalg.pinv(x), rtol=0, atol=1e-13)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_an_element_that_is_not_finite_gives_nan(bad: float) -> None:
    x = np.array([[bad, 1.0], [2.0, 3.0], [4.0, 5.0]])
    for part in (*plain(singular.singular)(x), *plain(orthogonal.thin)(x), plain(orthogonal.full)(x)):
        assert np.isnan(part).any()


# Gradients --------------------------------------------------------------------------------------


def gradient(function: Any, shape: tuple[int, int], x: np.ndarray) -> np.ndarray:
    at = pt.tensor("x", shape=shape, dtype="float64")
    (found,) = compile_function([at], [pytensor.grad(function(at), at)], {})(x)
    return found


@pytest.mark.parametrize("shape", [(5, 5), (5, 3), (3, 5)])
def test_the_gradient_of_a_matrix_made_up_of_its_parts(shape: tuple[int, int]) -> None:
    """It is the weight of its elements, also where singular values are nearly, or quite, equal."""
    weight = random(*shape, 3)

    def made_up(x: Any) -> Any:
        left, values, right = decompositions.svd.build(x)
        return pt.sum(weight * ((left * values) @ right.T))

    def from_factors(x: Any) -> Any:
        q, r = decompositions.qr_thin.build(x)
        return pt.sum(weight * (q @ r))

    x = random(*shape)
    np.testing.assert_allclose(gradient(made_up, shape, x), weight, rtol=0, atol=1e-12)
    np.testing.assert_allclose(gradient(from_factors, shape, x), weight, rtol=0, atol=1e-12)


@pytest.mark.parametrize("shape", [(4, 4), (5, 3), (3, 5)])
def test_the_gradient_of_a_pseudo_inverse(shape: tuple[int, int]) -> None:
    """Where singular values are equal, it has one all the same."""
    x = np.eye(*shape)
    weight = random(*shape[::-1])
    found = gradient(lambda at: pt.sum(weight * solving.generalized_inverse.build(at)), shape, x)
    h, direction = 1e-5, random(*shape, 5)
    slope = np.sum(weight * (np.linalg.pinv(x + h * direction) - np.linalg.pinv(x - h * direction))) / (2 * h)
    assert np.sum(found * direction) == pytest.approx(slope, rel=1e-8)


def test_the_gradient_of_the_distance_to_a_subspace() -> None:
    """|b - U U' b|^2 does not depend on signs, nor on how vectors of close singular values are turned."""
    m, n = 6, 3
    b = random(m, 1)[:, 0]
    for spread in (1.0, 1e-12):  # of the singular values
        x = np.linalg.qr(random(m, n))[0] @ np.diag([1, 1 + spread, 1 + 2 * spread]) @ np.linalg.qr(random(n, n))[0]
        expected = -2 * np.outer(b - x @ np.linalg.pinv(x) @ b, np.linalg.pinv(x) @ b)
        for basis in (decompositions.svd_U, decompositions.qr_thin_Q):
            found = gradient(lambda at, basis=basis: distance(basis.build(at), b), (m, n), x)
            np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


def distance(basis: Any, b: np.ndarray) -> Any:
    return pt.sum(pt.sqr(b - basis @ (basis.T @ b)))


@pytest.mark.parametrize("shape", [(5, 3), (3, 5)])
def test_the_gradient_of_the_square_q(shape: tuple[int, int]) -> None:
    weight = random(shape[0], shape[0], 7)
    x, direction = random(*shape), random(*shape, 9)
    at = pt.tensor("x", shape=shape, dtype="float64")
    value = pt.sum(weight * decompositions.qr_Q.build(at))
    function = compile_function([at], [value, pytensor.grad(value, at)], {})
    h = 1e-5
    slope = (function(x + h * direction)[0] - function(x - h * direction)[0]) / (2 * h)
    assert np.sum(function(x)[1] * direction) == pytest.approx(slope, rel=1e-8)
