# ruff: noqa: E501  (program texts read better on one line)
"""Calls in loops that must run in order need no Numba, and have the derivative of their value."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

import pplc

pytestmark = pytest.mark.usefixtures("natively", "quickly")

FUNCTIONS = """
    real powers(real x, int n) { if (n == 0) return 1; return x * powers(x, n - 1); }
    real even(real x, int n) { if (n == 0) return x; return 0.5 * odd(x + 1, n - 1); }
    real odd(real x, int n) { if (n == 0) return x * x; return 0.3 * even(x, n - 1); }
    tuple(matrix, array[] vector) grown(matrix A, int n) {
        if (n == 0) return (A, {A[1]'});
        tuple(matrix[2, 2], array[n] vector[2]) less = grown(0.5 * A + A', n - 1);
        return (less.1 * A, append_array(less.2, {A[, 2]}));
    }
    complex doubled(complex c, int n) { return n == 0 ? c : doubled(c * c + 0.1, n - 1); }
    complex_vector turned(complex_vector w, complex c) { if (abs(c) > 10) return w; return w * c + w[1]; }
    void shrink_lp(real x, int n) { target += 0.1 * x; if (n > 0) shrink_lp(x * x, n - 1); }
"""
PROGRAM = """
    functions { FUNCTIONS }
    data { int N; complex d; }
    parameters { real x; matrix[2, 2] A; vector[3] z; }
    model {
        real t = 0.3;
        BEFORE
        for (n in 1:N) {
            BODY
            if (t > 2) t = t / 3;
        }
        target += t - x * x - sum(square(to_vector(A))) - dot_self(z) AFTER;
    }
"""
BODIES = {
    "a recursion": "t += powers(x + 0.1 * t, n);",
    "functions that call each other": "t = 0.2 * t + even(x, n) + odd(t, n + 1);",
    "a recursion with containers": "tuple(matrix[2, 2], array[n + 1] vector[2]) g = grown(A * t, n); t = 0.1 * t + sum(g.1) + sum(g.2[n]);",
    "a recursion that adds to the target": "shrink_lp(x * t, n); t += 0.1 * x;",
    "powers of matrices": "t = 0.5 * t + 0.1 * sum(matrix_power(A + t, n + 2)) + sum(matrix_power(A, 0)[1]);",
    "constraints of arrays": "array[2] matrix[3, 3] R = corr_matrix_constrain({z, z * x}, 3); t = 0.1 * t + R[1][1, 2] * x + R[2][2, 3] + simplex_constrain({z * t, z})[1][2];",
    "containers repeated": "array[2, 3] vector[3] y = rep_array(z * t, 2, 3); array[2, 2] matrix[2, 2] B = rep_array(A * t, 2, 2);"
    "t = 0.1 * t + sum(y[2, 3]) + sum(append_array(B, rep_array(A, 1, 2))[3, 1]) + B[2, 2, 1, 2];",
    "deep arrays": "array[2, 2, 2] matrix[2, 2] B = rep_array(A * t, 2, 2, 2); B[1, 2] = rep_array(A, 2); t = 0.1 * t + sum(B[1, 2, 1]) * x + B[2, 1, 1, 1, 2];",
    "sparse matrices": "matrix[2, 2] B = A * (1 + t); B[1, 2] = 0; t = 0.1 * t + sum(square(csr_extract_w(B))) + x * csr_extract_v(B)[3] + x * csr_extract_u(B)[2];",
    "Bessel functions": "t = 0.1 * t + bessel_first_kind(n, t + x) + bessel_second_kind(n - 2, 2 + x) + modified_bessel_first_kind(n, x) + modified_bessel_second_kind(n - 1, 2 + x);",
    "hypergeometric functions": "t = 0.1 * t + hypergeometric_2F1(0.5, 1 + x, 1.2, 0.3) + hypergeometric_3F2([1.1, 0.5, x]', [1.5, 2.0]', 0.3) + hypergeometric_pFq([x, 1.5]', [1.3, 2.5]', 0.4);",
    "special functions": "t = 0.1 * t + owens_t(x, t) + tgamma(x + 2.5) + 0.1 * wiener_lcdf_unnorm(1.5 + x, 1.5, 0.1, 0.4, x);",
    "picked out": "matrix[3, 3] M = rep_matrix(z * t, 3); M[, {1, 2}] = M[{3, 1, 2}][, {3, 1}]; array[2] matrix[2, 2] B = {A, A * t}; t = 0.1 * t + sum(M[{1, 1}, {2, 3}]) + x * sum(B[{2, 1}][1, , {2}]) + sum(B[, {2, 2}, 1][2]);",
}  # fmt: skip
COMPLEX = {
    "complex numbers": "complex a = n == 2 ? x * 1i : c * t; c = 0.2 * c * a + sqrt(a) + exp(c) / (2 + c); c += pow(x, n); t = 0.2 * t + abs(c) + norm(a);",
    "complex containers": "complex_matrix[2, 2] B = A * c + d; w = 0.3 * B * w + [t, z[1] * c]'; w[2] += x; array[2] complex q = {w[1], c}; c = 0.2 * c * sum(w) + q[2] + B[1, 2]; w = w[{2, 1}];",
    "complex functions": "c = 0.1 * doubled(c, n); w = 0.1 * turned(w, c); t = 0.2 * t + get_imag(c);",
}  # fmt: skip


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_native_and_differentiated(body: str) -> None:
    check(PROGRAM.replace("BODY", body).replace("BEFORE", "").replace("AFTER", ""))


@pytest.mark.parametrize("body", COMPLEX.values(), ids=COMPLEX)
def test_complex_numbers(body: str) -> None:
    before, after = "complex c = 0.1 + 0.4i; complex_vector[2] w = [c, 1]';", "+ get_imag(c) + 0.1 * get_real(w[2])"
    check(PROGRAM.replace("BODY", body).replace("BEFORE", before).replace("AFTER", after))


def check(program: str) -> None:
    model = pplc.compile_model(program.replace("FUNCTIONS", FUNCTIONS), {"N": 3, "d": 0.3 - 0.2j})
    point = 0.6 * np.sin(1.0 + np.arange(model.n_unconstrained))
    _, gradient = model.logp_dlogp(point)

    def slope(direction: np.ndarray) -> float:
        along = [model.logp_dlogp(point + k * direction)[0] for k in (-2, -1, 1, 2)]
        return (along[0] - 8 * along[1] + 8 * along[2] - along[3]) / 12e-4

    slopes = [slope(direction) for direction in 1e-4 * np.eye(len(point))]
    assert_allclose(gradient, slopes, rtol=1e-8, atol=1e-8 * float(np.abs(gradient).max()))
