"""Decompositions of complex matrices, and of real ones into complex parts: native, at every shape and rank."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from pplc.compiler.backend.functions import compile_function
from pplc.compiler.library.expand import implementation
from pplc.compiler.library.kernels import complex_singular, general, hermitian, schur
from pplc.compiler.library.kernels.plain import plain
from pplc.compiler.types import ComplexMatrix

import pplc

EPSILON = 2.0**-52


pytestmark = pytest.mark.usefixtures("natively")


def random(m: int, n: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(100 * m + n + seed)
    return rng.normal(size=(m, n)) + 1j * rng.normal(size=(m, n))


def joined(pairs: np.ndarray) -> np.ndarray:
    return pairs[..., 0] + 1j * pairs[..., 1]


def parted(z: np.ndarray) -> np.ndarray:
    return np.stack([z.real, z.imag], axis=-1)


SQUARE = {
    **{f"random {n}": random(n, n) for n in (0, 1, 2, 5, 12)},
    "real": random(5, 5).real + 0j,
    "identity": np.eye(3) + 0j,
    "zero": np.zeros((3, 3)) + 0j,
    "rank one": np.ones((4, 4)) + 0j,
    "defective": np.diag(np.ones(3), 1) + 2 * np.eye(4) + 0j,
    "a cycle": np.roll(np.eye(6), 1, axis=0) + 0j,
    "each twice": np.kron(np.eye(2), random(3, 3)),
    "huge": 1e300 * random(3, 3),
    "tiny": 1e-300 * random(3, 3),
}
OBLONG = {f"{m} x {n}": random(m, n) for m, n in [(5, 3), (3, 5), (4, 0), (0, 3), (12, 12)]} | {
    "oblong, rank two": random(6, 2) @ random(2, 4)
}


def close(a: np.ndarray, b: np.ndarray, count: int) -> None:
    np.testing.assert_allclose(a, b, rtol=0, atol=8 * max(count, 1) * EPSILON)


def scaled(z: np.ndarray) -> tuple[np.ndarray, float]:
    scale = max(np.abs(z).max(initial=0.0), 1e-300)
    return z / scale, scale


@pytest.mark.parametrize("name", SQUARE)
def test_schur(name: str) -> None:
    z, scale = scaled(SQUARE[name])
    n = len(z)
    u, t = map(joined, plain(schur.schur)(parted(SQUARE[name])))
    close(u @ (t / scale) @ u.conj().T, z, 2 * n)
    close(u @ u.conj().T, np.eye(n), n)
    assert (np.tril(t, -1) == 0).all()


@pytest.mark.parametrize("name", SQUARE)
def test_eigenvectors(name: str) -> None:
    z, scale = scaled(SQUARE[name])
    n = len(z)
    vectors, values = map(joined, plain(general.eigen)(parted(SQUARE[name])))
    close(z @ vectors, vectors * (values / scale), 2 * n)
    close(np.linalg.norm(vectors, axis=0), np.ones(n), 1)
    if name != "defective":
        expected = np.linalg.eigvals(z)
        for value in values / scale:  # eigenvalues come in any order
            assert np.abs(expected - value).min() < 100 * n * EPSILON


@pytest.mark.parametrize("name", SQUARE)
def test_hermitian_eigenvectors(name: str) -> None:
    z = SQUARE[name] + SQUARE[name].conj().T
    n = len(z)
    vectors, values = map(joined, plain(hermitian.hermitian_eigen)(parted(z)))
    z, scale = scaled(z)
    close((vectors * (values / scale)) @ vectors.conj().T, z, n)
    close(vectors.conj().T @ vectors, np.eye(n), n)
    close(values.real / scale, np.linalg.eigvalsh(z), n)
    assert (np.diff(values.real) >= 0).all()
    assert (values.imag == 0).all()


@pytest.mark.parametrize("name", SQUARE | OBLONG)
def test_svd(name: str) -> None:
    z, scale = scaled((SQUARE | OBLONG)[name])
    least, count = min(z.shape), max(z.shape)
    left, values, right = plain(complex_singular.complex_singular)(parted((SQUARE | OBLONG)[name]))
    left, right = joined(left), joined(right)
    close((left * (values / scale)) @ right.conj().T, z, count)
    close(left.conj().T @ left, np.eye(least), count)
    close(right.conj().T @ right, np.eye(least), count)
    close(values / scale, np.linalg.svd(z, compute_uv=False), count)
    assert (np.diff(values) <= 0).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_an_element_that_is_not_finite_gives_nan(bad: float) -> None:
    z = parted(np.array([[bad, 1j], [-1j, 2]]))
    for kernel in (schur.schur, general.eigen, hermitian.hermitian_eigen, complex_singular.complex_singular):
        assert all(np.isnan(part).any() for part in plain(kernel)(z)), kernel


# Gradients --------------------------------------------------------------------------------------


def run(function: str, shape: tuple[int, int], total: Any) -> Any:
    """Value and gradient of a total of the parts, compiled; a part is a pair of real arrays, or a real array."""
    z = pt.tensor("z", shape=(*shape, 2), dtype="float64")
    found = implementation(function, (ComplexMatrix(),)).build(z)
    found = found if isinstance(found, list | tuple) else [found]
    pairs = [(p[..., 0], p[..., 1]) if p.type.shape[-1] == 2 and p.ndim > 1 else p for p in found]
    value = total(*pairs)
    compiled = compile_function([z], [value, pytensor.grad(value, z)], {})
    return lambda at: compiled(parted(at))


def agrees_with_differences(function: Any, z: np.ndarray, direction: np.ndarray) -> None:
    h = 1e-3

    def difference(h: float) -> float:
        return float(function(z + h * direction)[0] - function(z - h * direction)[0]) / (2 * h)

    slope = np.sum(function(z)[1] * parted(direction))
    assert slope == pytest.approx((4 * difference(h / 2) - difference(h)) / 3, rel=1e-8)


def sizes(*pairs: Any) -> Any:
    """A weighted sum of squared absolute values, which phases leave alone."""
    total = 0.0
    for number, pair in enumerate(pairs):
        squares = pt.sqr(pair[0]) + pt.sqr(pair[1]) if isinstance(pair, tuple) else pt.sqr(pair)
        total = total + pt.sum(squares.flatten() * pt.cos(1.0 + number + pt.arange(squares.size)))
    return total


@pytest.mark.parametrize(
    ("function", "shape"),
    [
        ("eigendecompose", (4, 4)),
        ("eigendecompose_sym", (4, 4)),
        ("complex_schur_decompose", (4, 4)),
        ("svd", (5, 3)),
        ("svd", (3, 5)),
    ],
)
def test_gradients(function: str, shape: tuple[int, int]) -> None:
    z, direction = random(*shape), random(*shape, 7)
    if function == "eigendecompose_sym":
        z, direction = z + z.conj().T, direction + direction.conj().T
    agrees_with_differences(run(function, shape, sizes), z, direction)


def test_the_gradient_where_eigenvalues_are_equal_up_to_rounding() -> None:
    """Of the resolvent, along a direction in which the cluster stays one."""
    n = 6
    q = np.linalg.qr(random(n, n))[0]
    clustered = np.array([1, 1, 1, 1 + 1e-15, 2, 3])
    z, growth = (q * clustered) @ q.conj().T, (q * np.sqrt(np.round(clustered))) @ q.conj().T
    c = random(n, n, 3) + random(n, n, 3).conj().T
    inverse = np.linalg.inv(z + 0.1 * np.eye(n))

    def total(vectors: Any, values: Any) -> Any:
        weights = 1 / (values[0] + 0.1)
        x, y = vectors
        real = (x * weights) @ x.T + (y * weights) @ y.T
        imaginary = (y * weights) @ x.T - (x * weights) @ y.T
        return pt.sum(c.real * real) + pt.sum(c.imag * imaginary)

    (_, found) = run("eigendecompose_sym", (n, n), total)(z)
    expected = np.sum((-inverse @ c @ inverse).conj() * growth).real
    assert np.sum(found * parted(growth)) == pytest.approx(expected, rel=1e-11)


def test_a_program_with_complex_decompositions_compiles_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = pplc.compile_model(
            """
            parameters { matrix[3, 3] a; }
            model { target += -sum(square(abs(eigenvalues(a)))) - sum(square(a)); }
            """,
            {},
        )
        a = random(3, 3).real
        value, _ = model.logp_dlogp(a.T.ravel())
    assert value == pytest.approx(-np.sum(np.abs(np.linalg.eigvals(a)) ** 2) - np.sum(a**2), rel=1e-12)
