"""Determinants of singular matrices have derivatives, their cofactors; logarithms of determinants do not overflow."""

from __future__ import annotations

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from numpy.testing import assert_allclose
from pplc.compiler.backend.functions import compile_function
from pplc.compiler.library.functions import solving
from pplc.compiler.library.kernels.cofactors import cofactors
from pplc.compiler.library.kernels.plain import plain

import pplc

RNG = np.random.default_rng(3)


def whole(rows: int, rank: int) -> np.ndarray:
    """A matrix of whole numbers of this rank, with rounding errors in no product."""
    return (RNG.integers(-3, 4, (rows, rank)) @ RNG.integers(-3, 4, (rank, rows))).astype(float)


MATRICES = {
    "no rows": np.zeros((0, 0)),
    "one 0": np.zeros((1, 1)),
    "one number": np.full((1, 1), 3.0),
    "rank 1 of 2": np.array([[1.0, 2.0], [2.0, 4.0]]),
    "zeros": np.zeros((3, 3)),
    "a column of zeros": np.array([[0.0, 0.0, 1.0], [0.0, 2.0, 3.0], [0.0, 4.0, 5.0]]),
    "rank 3 of 4": whole(4, 3),
    "rank 2 of 4": whole(4, 2),
    "regular": RNG.normal(size=(5, 5)),
    "singular but for rounding": RNG.normal(size=(9, 8)) @ RNG.normal(size=(8, 9)),
    "tiny": 1e-200 * RNG.normal(size=(2, 2)),
    "huge": 1e200 * RNG.normal(size=(2, 2)),
}


def by_minors(x: np.ndarray) -> np.ndarray:
    size = range(x.shape[0])
    minors = [[np.linalg.det(np.delete(np.delete(x, i, 0), j, 1)) for j in size] for i in size]
    return np.array([[(-1) ** (i + j) * minors[i][j] for j in size] for i in size]).reshape(x.shape)


@pytest.mark.parametrize("name", MATRICES)
def test_the_derivative_is_the_cofactors(name: str, natively: None) -> None:
    matrix = MATRICES[name]
    x = pt.tensor("x", shape=matrix.shape, dtype="float64")
    value = solving.determinant.build(x)
    found = compile_function([x], [pytensor.grad(value, x)], {})(matrix)[0]
    expected = by_minors(matrix)
    size = np.max(np.abs(matrix), initial=0.0) ** max(matrix.shape[0] - 1, 0)
    assert_allclose(found, expected, rtol=1e-12, atol=1e-12 * size)
    with np.errstate(all="ignore"):
        singular = np.linalg.matrix_rank(matrix) < matrix.shape[0]
        inverse = np.full(matrix.shape, np.nan) if singular else np.linalg.inv(matrix)
        determinant = np.linalg.det(matrix)
    assert_allclose(plain(cofactors)(matrix, inverse, determinant), expected, rtol=1e-12, atol=1e-12 * size)


def test_in_a_density_and_in_loops() -> None:
    """det(a b' + d I) with d = 0, where it has rank one, in a statement and in a loop of unknown length."""
    model = pplc.compile_model(
        """functions { real f(matrix x) { return determinant(x); } }
        data { int n; } parameters { vector[2] a; vector[2] b; real d; array[2] matrix[2, 2] m; }
        model {
          matrix[2, 2] x = a * b' + add_diag(rep_matrix(0, 2, 2), d);
          target += 3 * determinant(x);
          for (k in 1:2) target += k * determinant(m[k]);
          int i = 0;
          while (i < n) { i += 1; target += f(x) * i + determinant(x * (1 + 0.1 * i)); if (a[1] > 10) break; }
        }""",
        {"n": 2},
    )
    position = np.array([1.0, 2.0, -1.0, 3.0, 0.0, 1.0, 2.0, 2.0, 4.0, 0.0, 0.0, 0.0, 0.0])
    value, gradient = model.logp_dlogp(position)
    assert_allclose(value, 0.0, atol=1e-14)
    steps = 1e-4 * np.eye(len(position))
    slopes = [(model.logp(position + step) - model.logp(position - step)) / 2e-4 for step in steps]
    assert_allclose(gradient, slopes, rtol=1e-8, atol=1e-8)
    assert gradient[4] != 0


@pytest.mark.parametrize("scale", [1e3, 1e-3])
def test_logarithms_do_not_overflow(scale: float) -> None:
    """Determinants of 200 rows are beyond 1e308 or below its inverse, in data, in densities and with the derivative."""
    matrix = RNG.normal(size=(200, 200)) + 20 * np.eye(200)
    model = pplc.compile_model(
        """data { int n; matrix[n, n] x; } transformed data { real known = log_determinant(x); }
        parameters { real s; }
        model { target += log_determinant(s * x) + log(abs(determinant(s * x))) - known; }
        generated quantities { real q = log_determinant(s * x); }""",
        {"n": 200, "x": matrix.tolist()},
    )
    exact = np.linalg.slogdet(matrix)[1] + 200 * np.log(scale)
    value, gradient = model.logp_dlogp(np.array([scale]))
    assert_allclose(value, 2 * exact - np.linalg.slogdet(matrix)[1], rtol=1e-12)
    assert_allclose(gradient, [400 / scale], rtol=1e-10)
    assert_allclose(model.constrain(np.array([scale]), generated=True)["q"], exact, rtol=1e-12)
