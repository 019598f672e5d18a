"""Functions of matrices that are singular or not finite: known ones give what compiled code gives, no error."""

from __future__ import annotations

import numpy as np
import pytensor.tensor as pt
import pytest
import stanli
from pplc.compiler.backend.functions import CompiledFunction, compile_function
from pplc.compiler.library.evaluation import evaluate
from pplc.compiler.library.expand import implementation
from pplc.compiler.types import Matrix

import pplc

MATRICES = {
    "singular": [[1.0, 2.0], [2.0, 4.0]],
    "zero": [[0.0, 0.0], [0.0, 0.0]],
    "nan": [[np.nan, 0.0], [0.0, 1.0]],
    "infinite": [[np.inf, 0.0], [0.0, 1.0]],
    "infinite beside": [[1.0, np.inf], [0.0, 1.0]],
    "huge": [[1e200, 1e200], [0.0, 1e200]],
    "tiny": [[1e-200, 0.0], [0.0, 1e-200]],
}
OTHER = np.array([[1.0, 2.0], [0.5, 1.0]])
ALONE = ("inverse", "determinant", "log_determinant", "qr_Q", "qr_R", "qr_thin_Q", "qr_thin_R", "singular_values",
         "matrix_exp", "generalized_inverse", "chol2inv")  # fmt: skip
DIVISIONS = ("mdivide_left", "mdivide_right", "mdivide_left_tri_low", "mdivide_right_tri_low")


def graph(name: str, x: pt.TensorVariable) -> pt.TensorVariable:
    arguments = [x] if name in ALONE else [pt.constant(OTHER), x] if "right" in name else [x, pt.constant(OTHER)]
    found = implementation(name, (Matrix(),) * len(arguments))
    return found.build(*arguments)  # type: ignore[union-attr, misc, no-any-return]


@pytest.fixture(scope="module")
def compiled() -> CompiledFunction:
    x = pt.tensor(shape=(2, 2), dtype="float64")
    return compile_function([x], [graph(name, x) for name in (*ALONE, *DIVISIONS)], {})


def rounded(x: np.ndarray) -> np.ndarray:
    """With all that is not a number alike: it depends on the order of elimination."""
    return np.where(np.isfinite(x), x, np.nan)


@pytest.mark.parametrize("matrix", MATRICES)
def test_one_value(matrix: str, compiled: CompiledFunction) -> None:
    x = np.array(MATRICES[matrix])
    for name, found in zip((*ALONE, *DIVISIONS), compiled(x), strict=True):
        known = evaluate(graph(name, pt.constant(x)))
        np.testing.assert_allclose(rounded(known), rounded(found), rtol=1e-9, atol=1e-12, err_msg=name)


def test_square_factor_of_a_tall_matrix() -> None:
    x = np.array([[1.0, np.inf], [0.0, 1.0], [2.0, 1.0]])
    tall = pt.tensor(shape=(3, 2), dtype="float64")
    q = implementation("qr_Q", (Matrix(),)).build  # type: ignore[union-attr]
    (found,) = compile_function([tall], [q(tall)], {})(x)  # type: ignore[misc]
    np.testing.assert_array_equal(rounded(evaluate(q(pt.constant(x)))), rounded(found))  # type: ignore[misc]


def test_a_known_singular_matrix_is_no_error_of_a_program() -> None:
    """Its inverse is infinite, as in Stan."""
    text = """transformed data { matrix[2, 2] A = [[1, 2], [2, 4]]; matrix[2, 2] B = inverse(A); }
    parameters { real z; } model { target += z * (B[1, 2] > 1) + 0 * z; }"""
    position = np.ones(1)
    value, gradient = pplc.compile_model(text).logp_dlogp(position)
    expected, slopes = stanli.Model(stan_code=text).log_prob_grad(position)
    assert (value, list(gradient)) == (expected, list(slopes))
