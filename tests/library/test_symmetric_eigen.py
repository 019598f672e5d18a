"""Eigenvalues and eigenvectors of symmetric matrices, and gradients through them where eigenvalues are close."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from pplc.compiler.backend.functions import compile_function
from pplc.compiler.library.functions.decompositions import eigendecompose_sym
from pplc.compiler.library.kernels.plain import plain
from pplc.compiler.library.kernels.symmetric import symmetric_eigen

EPSILON = 2.0**-52


pytestmark = pytest.mark.usefixtures("natively")


def smooth(points: int, rate: float = 1.0) -> np.ndarray:
    """A Gaussian kernel, most of whose eigenvalues are zero up to rounding."""
    at = np.linspace(-2, 2, points)
    return np.exp(-rate * (at[:, None] - at) ** 2)


def random(n: int, seed: int = 0) -> np.ndarray:
    x = np.random.default_rng(n + seed).normal(size=(n, n))
    return x + x.T


MATRICES = {
    **{f"random {n}": random(n) for n in (0, 1, 2, 3, 5, 30)},
    "zero": np.zeros((4, 4)),
    "identity": np.eye(5),
    "diagonal": np.diag([3.0, -1.0, 2.0]),
    "rank one": np.ones((6, 6)),
    "each twice": np.kron(np.eye(2), random(5)),
    "clustered": smooth(30) + 1e-5 * np.eye(30),
    "huge": 1e300 * random(4),
    "tiny": 1e-300 * random(4),
    "graded": np.diag(10.0 ** np.arange(8)) @ random(8) @ np.diag(10.0 ** np.arange(8)),
}


COMPILED = {"random 0", "random 30", "clustered"}  # the others run as plain Python, which is the same kernel


def compiled(n: int) -> Any:
    x = pt.tensor("x", shape=(n, n), dtype="float64")
    return compile_function([x], list(eigendecompose_sym.build(x)), {})


@pytest.mark.parametrize("name", MATRICES)
def test_a_symmetric_matrix_is_made_up_of_its_eigenvectors(name: str) -> None:
    x = MATRICES[name]
    n = len(x)
    if name in COMPILED:
        vectors, values = compiled(n)(x)
    else:
        values, vectors = plain(symmetric_eigen)(x)
    scale = max(np.abs(x).max(initial=0.0), 1e-300)
    rounding = 8 * max(n, 1) * EPSILON
    np.testing.assert_allclose((vectors * (values / scale)) @ vectors.T, x / scale, rtol=0, atol=rounding)
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(n), rtol=0, atol=rounding)
    np.testing.assert_allclose(values / scale, np.linalg.eigvalsh(x / scale), rtol=0, atol=rounding)
    assert (np.diff(values) >= 0).all()


def test_eigenvalues_to_the_last_digits() -> None:
    x = smooth(6, 0.3)
    with mp.workdps(40):
        exact = np.array([float(value) for value in mp.eigsy(mp.matrix(x.tolist()), eigvals_only=True)])
    values, _ = plain(symmetric_eigen)(x)
    np.testing.assert_allclose(values, exact, rtol=0, atol=4 * EPSILON * np.linalg.norm(x))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_an_element_that_is_not_finite_gives_nan(bad: float) -> None:
    assert all(np.isnan(part).all() for part in plain(symmetric_eigen)(np.array([[0, bad], [bad, 1]])))


def resolvent_gradient(n: int) -> Any:
    """The gradient of sum(C .* V diag(1 / (w + 0.1)) V') as a function of (x, C); it is -R C R, R = (x + 0.1)^-1."""
    x, c = (pt.tensor(name, shape=(n, n), dtype="float64") for name in "xc")
    vectors, values = eigendecompose_sym.build(x)
    total = pt.sum(c * ((vectors / (values + 0.1)) @ vectors.T))
    return compile_function([x, c], [pytensor.grad(total, x)], {})


def test_the_gradient_where_eigenvalues_are_equal_up_to_rounding() -> None:
    """In the direction in which the rate of a kernel grows; a gap of rounding errors must not divide anything."""
    n = 30
    gradient = resolvent_gradient(n)
    at = np.linspace(-2, 2, n)
    for seed, rate in enumerate([0.1, 0.7, 1.0, 1.5, 4.0, 30.0]):
        c = random(n, seed)
        x = smooth(n, rate) + 1e-5 * np.eye(n)
        growth = -((at[:, None] - at) ** 2) * smooth(n, rate)
        inverse = np.linalg.inv(x + 0.1 * np.eye(n))
        expected = -inverse @ c @ inverse
        (found,) = gradient(x, c)
        size = np.sum(abs(expected * growth))
        assert abs(np.sum((found - expected) * growth)) < 1e-13 * size, rate
        assert np.isfinite(found).all()


def test_the_gradient_where_eigenvalues_stay_equal() -> None:
    """A periodic kernel has each eigenvalue twice, whatever its parameters are."""
    n = 12
    distance = np.minimum(np.arange(n), n - np.arange(n))
    places = (np.arange(n)[:, None] - np.arange(n)) % n
    x, growth = np.exp(-0.3 * distance)[places], (-distance * np.exp(-0.3 * distance))[places]
    c = random(n)
    inverse = np.linalg.inv(x + 0.1 * np.eye(n))
    (found,) = resolvent_gradient(n)(x, c)
    assert np.sum(found * growth) == pytest.approx(np.sum(-inverse @ c @ inverse * growth), rel=1e-12)


def test_the_gradient_where_eigenvalues_are_apart() -> None:
    n = 5
    x, c = random(n) + 10 * np.eye(n), random(n)
    inverse = np.linalg.inv(x + 0.1 * np.eye(n))
    (found,) = resolvent_gradient(n)(x, c)
    np.testing.assert_allclose(found, -inverse @ c @ inverse, rtol=1e-11)


def test_second_derivatives() -> None:
    """Of the trace of the inverse: 2 tr(R D R D R) in a direction D."""
    n = 4
    x = pt.tensor("x", shape=(n, n), dtype="float64")
    direction = pt.tensor("direction", shape=(n, n), dtype="float64")
    vectors, values = eigendecompose_sym.build(x)
    total = pt.sum(pt.diag((vectors / values) @ vectors.T))
    slope = pt.sum(pytensor.grad(total, x) * direction)
    function = compile_function([x, direction], [pt.sum(pytensor.grad(slope, x) * direction)], {})
    at, along = random(n) + 10 * np.eye(n), random(n, 1)
    inverse = np.linalg.inv(at)
    expected = 2 * np.trace(inverse @ along @ inverse @ along @ inverse)
    assert function(at, along)[0] == pytest.approx(expected, rel=1e-10)
