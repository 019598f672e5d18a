"""Linear algebra, orders and kernels of the library in loops that must run in order: native, right for all sizes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor
import pytest
from pplc.compiler.codegen import kernels, loader
from pplc.compiler.codegen.library_functions import definition
from pplc.compiler.library.expand import signatures_of
from pplc.compiler.types import Matrix, Type
from pytensor.compile.mode import Mode

import pplc

from ..lower.against_stan import assert_agrees

ALGEBRA = (
    "cholesky_decompose", "inverse", "inverse_spd", "chol2inv", "determinant", "log_determinant", "log_determinant_spd",
    "mdivide_left", "mdivide_left_spd", "mdivide_left_tri_low", "mdivide_right", "mdivide_right_spd",
    "mdivide_right_tri_low", "quad_form", "quad_form_sym", "trace_gen_quad_form", "trace", "add_diag", "diag_matrix",
    "symmetrize_from_lower_tri", "multi_normal_lpdf", "multi_normal_prec_lpdf", "multi_normal_cholesky_lpdf",
    "multi_student_t_lpdf", "wishart_lpdf", "matrix_exp", "scale_matrix_exp_multiply", "sort_asc", "sort_desc",
)  # fmt: skip
KERNELS = (
    "neg_binomial_2_lpmf", "neg_binomial_2_log_lpmf", "normal_lcdf", "beta_lccdf", "von_mises_lpdf", "skew_normal_lpdf",
    "poisson_lcdf", "student_t_lcdf", "sort_indices_asc", "rank", "max", "min", "wiener_lpdf", "svd",
    "eigendecompose_sym", "hypergeometric_2F1", "svd_U", "svd_V", "singular_values", "qr", "qr_Q", "qr_R", "qr_thin",
    "qr_thin_Q", "qr_thin_R", "bessel_first_kind", "bessel_second_kind", "modified_bessel_first_kind",
    "modified_bessel_second_kind", "owens_t", "tgamma", "csr_extract", "csr_extract_v", "csr_extract_w",
    "hypergeometric_3F2", "hypergeometric_pFq", "wiener_lcdf_unnorm",
)  # fmt: skip


COMPLEX = (
    "eigenvalues", "eigenvectors", "eigendecompose", "eigenvalues_sym", "eigenvectors_sym", "eigendecompose_sym",
    "svd", "singular_values",
)  # fmt: skip


def of_numbers_and_matrices(name: str) -> list[tuple[Type, ...]]:
    return [s.arguments for s in signatures_of(name) if "array" not in str(s) and "complex" not in str(s)][:2]


def _arguments(name: str, complex: bool) -> list[tuple[Type, ...]]:
    return [s.arguments for s in signatures_of(name) if ("complex" in str(s)) == complex][:3]


@pytest.mark.parametrize(
    ("name", "complex"), [*((name, False) for name in (*ALGEBRA, *KERNELS)), *((name, True) for name in COMPLEX)]
)
def test_has_a_text(name: str, complex: bool) -> None:
    """Without one the whole loop is compiled by Numba, which takes most of a minute."""
    for arguments in _arguments(name, complex):
        slots = kernels.flatten(*map(kernels.slots, arguments))
        active = tuple(slot.kind in "fc" for slot in slots)
        made = [kernels.value_kernel(name, arguments)]
        made += [kernels.adjoint_kernel(name, arguments, active)] if any(active) else []
        assert not any(kernel.rebuilt for kernel in made), arguments


def _value(type: Type, size: int, random: np.random.Generator) -> Any:
    """Any value; a matrix is positive definite."""
    if isinstance(type, Matrix):
        root = random.normal(size=(size, size))
        return root @ root.T + np.eye(size)
    return random.normal(size=size) if type.__class__.__name__.endswith("Vector") else np.float64(size + 2.5)


def _plain(kernel: kernels.Kernel) -> Any:
    assert kernel.source
    text = "\n".join([*map(definition, kernel.library), f"def f{kernel.source}"])
    return loader.load_plain(text).f


@pytest.mark.parametrize("name", ALGEBRA)
def test_text_is_the_graph(name: str) -> None:
    random = np.random.default_rng(3)
    sizes = (1, 2, 5, 20) if name.endswith("_lpdf") else (0, 1, 2, 5, 20)  # NumPy cannot reshape (0,) to (-1, 0)
    for arguments in of_numbers_and_matrices(name):
        active = (True,) * len(arguments)
        inputs, outputs = kernels.value_graph(name, arguments)
        given, gradients = kernels.adjoint_graph(name, arguments, active)
        value, adjoint = kernels.value_kernel(name, arguments), kernels.adjoint_kernel(name, arguments, active)
        for size in sizes:
            values = [_value(type, size, random) for type in arguments]
            with np.errstate(all="ignore"):
                (result,) = _check(_plain(value), inputs, outputs, values)
                _check(_plain(adjoint), given, gradients, [*values, random.normal(size=np.shape(result))])


def _check(text: Any, inputs: list[Any], outputs: list[Any], values: list[Any]) -> list[Any]:
    graph = pytensor.function(inputs, outputs, mode=Mode("py", None), on_unused_input="ignore")
    found, wanted = text(*values), graph(*values)
    for one, other in zip(found if isinstance(found, tuple) else (found,), wanted, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9 * np.max(np.abs(other), initial=1e-300))
    return list(wanted)


@pytest.mark.parametrize("name", ["multi_normal_lpdf", "multi_normal_cholesky_lpdf", "multi_normal_prec_lpdf"])
def test_density_of_nothing(name: str) -> None:
    for arguments in of_numbers_and_matrices(name):
        assert _plain(kernels.value_kernel(name, arguments))(np.empty(0), np.empty(0), np.empty((0, 0))) == 0


# Loops, compiled ----------------------------------------------------------------------------------

PROGRAM = """
    data { int T; int K; matrix[K, K] A; vector[K] y; array[T] int n; array[3] int k; }
    parameters { vector[K] x; real<lower=0> s; }
    model {
        vector[K] v = x;
        matrix[K, K] M = A;
        real a = 0.1;
        int c = 0;
        for (t in 1:T) { M = 0.9 * M + 0.1 * add_diag(v * v', s); BODY }
        target += a * s + c * s - dot_self(v) - sum(square(M));
    }
"""
BODIES = {
    "solves": "v = 0.5 * mdivide_left_spd(M, v) + 0.1 * mdivide_right_spd(x', M)'; a += sum(inverse_spd(M) * y);"
    "a += 0.1 * log_determinant(M) + sum(mdivide_left_tri_low(cholesky_decompose(M), inverse(M) * v));",
    "densities": "y ~ multi_normal({v, x}, M); v ~ multi_normal_cholesky(x, cholesky_decompose(M));"
    "y ~ multi_normal_prec(v, M); v = 0.9 * v + 0.1 * mdivide_left(M, y);",
    "orders": "v = 0.9 * sort_asc(v + 0.1 * y) + 0.1 * sort_desc(v * s); v += 0.1 * x[sort_indices_asc(v)];"
    "c += sum(sort_indices_desc(k)) + max(k) - min({n[t], 3}) + max(n[1:t]) + sort_desc(n)[1] + sort_asc(k)[2];",
    "kernels": "target += neg_binomial_2_lpmf(n[t] | exp(0.1 * sum(v)), s) + von_mises_lpdf(a | sum(v), s);"
    "v = matrix_exp(0.1 * M) * v * 0.1; a = 0.5 * a + 0.1 * sum(v);",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("size", [1, 3])
def test_agrees_with_stan_without_numba(body: str, size: int, natively: None) -> None:
    random = np.random.default_rng(size)
    root = random.normal(size=(size, size))
    data = {"T": 4, "K": size, "A": root @ root.T + np.eye(size), "y": random.normal(size=size),
            "n": [3, 0, 5, 1], "k": [3, 1, 2]}  # fmt: skip
    assert_agrees(PROGRAM.replace("BODY", body), data)


@pytest.mark.slow
def test_decompositions_are_those_of_graphs(natively: None) -> None:
    """stanli lacks these functions: the loop is compared with its iterations one after the other, which are a graph."""
    step = """
        M = 0.6 * M + 0.3 * A + 0.01 * x * v' + 0.01 * a;
        { tuple(matrix[4, 2], matrix[2, 2]) z = qr_thin(M); a += sum(z.1 * v) + sum(z.2 * v); }
        v = 0.5 * v + 0.1 * svd_U(M)' * x;
    """
    program = """
        data {{ matrix[4, 2] A; }}
        parameters {{ vector[4] x; vector[2] w; }}
        model {{ matrix[4, 2] M = A; vector[2] v = w; real a = 0; {} target += a - dot_self(v) - sum(square(M)); }}
    """
    random = np.random.default_rng(4)
    data, point = {"A": random.normal(size=(4, 2))}, random.normal(size=6)
    value, gradient = pplc.compile_model(program.format(f"for (t in 1:2) {{ {step} }}"), data).logp_dlogp(point)
    expected, slope = pplc.compile_model(program.format(2 * step), data).logp_dlogp(point)
    np.testing.assert_allclose(value, expected, rtol=1e-12)
    np.testing.assert_allclose(gradient, slope, rtol=1e-9)


def test_a_matrix_that_is_not_positive_definite_rejects_the_point() -> None:
    program = """
        data { int T; }
        parameters { real x; }
        model {
            matrix[2, 2] S = [[1, 0.5], [0.5, 1]];
            for (t in 1:T) {
                S = S + [[0, x], [x, 0]];
                target += multi_normal_lpdf(zeros_vector(2) | zeros_vector(2), S);
                S = 0.9 * S;
            }
        }
    """
    model = pplc.compile_model(program, {"T": 3})
    assert np.isfinite(model.logp_dlogp(np.array([0.1]))[0])
    assert not np.isfinite(model.logp_dlogp(np.array([2.0]))[0])
