# ruff: noqa
"""Declared for the checker; not built yet."""

from __future__ import annotations

from ..definitions import Function

_declared: dict[str, list[str]] = {
    "complex_schur_decompose": ["(matrix|complex_matrix) => tuple(complex_matrix, complex_matrix)"],
    "complex_schur_decompose_t": ["(matrix|complex_matrix) => complex_matrix"],
    "complex_schur_decompose_u": ["(matrix|complex_matrix) => complex_matrix"],
    "eigenvectors": ["(matrix|complex_matrix) => complex_matrix"],
    "eigenvalues": ["(matrix|complex_matrix) => complex_vector"],
    "eigendecompose": ["(matrix|complex_matrix) => tuple(complex_matrix, complex_vector)"],
    "eigendecompose_sym": ["(complex_matrix) => tuple(complex_matrix, complex_vector)"],
    "svd": ["(complex_matrix) => tuple(complex_matrix, vector, complex_matrix)"],
    "singular_values": ["(complex_matrix) => vector"],
    "mdivide_right": ["(T, complex_matrix) => T for T in complex_row_vector|complex_matrix"],
    "fft": ["(complex_vector) => complex_vector"],
    "inv_fft": ["(complex_vector) => complex_vector"],
    "fft2": ["(complex_matrix) => complex_matrix"],
    "inv_fft2": ["(complex_matrix) => complex_matrix"],
    "generate_laplace_options": ["(int|vector) => tuple(vector, real, int, int, int, int)"],
    "eigenvectors_sym": ["(complex_matrix) => complex_matrix"],
    "svd_U": ["(complex_matrix) => complex_matrix"],
    "svd_V": ["(complex_matrix) => complex_matrix"],
    "eigenvalues_sym": ["(complex_matrix) => complex_vector"],
    "wiener_lcdf_unnorm": [
        "(real, real, real, real, real) => real",
        "(real, real, real, real, real, data real) => real",
        "(real, real, real, real, real, real, real, real) => real",
        "(real, real, real, real, real, real, real, real, data real) => real",
        "(vector, vector, vector, vector, vector) => real",
        "(vector, vector, vector, vector, vector, data real) => real",
        "(vector, vector, vector, vector, vector, vector, vector, vector) => real",
        "(vector, vector, vector, vector, vector, vector, vector, vector, data real) => real",
    ],
    "wiener_lccdf_unnorm": [
        "(real, real, real, real, real) => real",
        "(real, real, real, real, real, data real) => real",
        "(real, real, real, real, real, real, real, real) => real",
        "(real, real, real, real, real, real, real, real, data real) => real",
        "(vector, vector, vector, vector, vector) => real",
        "(vector, vector, vector, vector, vector, data real) => real",
        "(vector, vector, vector, vector, vector, vector, vector, vector) => real",
        "(vector, vector, vector, vector, vector, vector, vector, vector, data real) => real",
    ],
}
declared = tuple(Function(name, tuple(lines), None) for name, lines in _declared.items())
