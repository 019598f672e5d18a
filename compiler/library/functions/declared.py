# ruff: noqa
"""Declared for the checker; not built yet."""

from __future__ import annotations

from ..definitions import Function

VV = "vector|row_vector|complex_vector|complex_row_vector"
SEG = f"{VV}|array[1:3] any"
_declared = {
    "size": ["(array[0:7] any) => int"],
    "num_elements": [
        "(vector|row_vector|matrix|complex_vector|complex_row_vector|complex_matrix|array[1:9] any) => int"
    ],
    "rows": ["(vector|row_vector|matrix|complex_vector|complex_row_vector|complex_matrix) => int"],
    "cols": ["(vector|row_vector|matrix|complex_vector|complex_row_vector|complex_matrix) => int"],
    "dims": ["(int|real|vector|complex|row_vector|matrix|array[1:8] any) => array[] int"],
    "head": [f"(T, int) => T for T in {SEG}"],
    "tail": [f"(T, int) => T for T in {SEG}"],
    "segment": [f"(T, int, int) => T for T in {SEG}"],
    "reverse": [f"(T) => T for T in {VV}|array[1:7] any"],
    "append_array": ["(T, T) => T for T in array[1:7] any"],
    "rep_array": [
        "(T, int) => array[] T for T in array[0:2] any",
        "(T, int, int) => array[,] T for T in array[0:2] any",
        "(T, int, int, int) => array[,,] T for T in array[0:2] any",
    ],
    "to_array_1d": [
        "(T) => array[] real for T in vector|row_vector|matrix|array[1:9] real",
        "(T) => array[] complex for T in complex_vector|complex_row_vector|complex_matrix",
        "(array[1:9] int) => array[] int",
    ],
    "to_matrix": [
        "(T) => matrix for T in vector|row_vector|matrix|array[] row_vector|array[,] int|array[,] real",
        "(T, int, int) => matrix for T in vector|row_vector|matrix|array[] int|array[] real",
        "(T, int, int, int) => matrix for T in vector|row_vector|matrix|array[] int|array[] real",
        "(T) => complex_matrix for T in complex_vector|complex_row_vector|complex_matrix|array[] complex_row_vector|array[,] complex",
        "(T, int, int) => complex_matrix for T in complex_vector|complex_row_vector|complex_matrix|array[] complex",
        "(T, int, int, int) => complex_matrix for T in complex_vector|complex_row_vector|complex_matrix|array[] complex",
    ],
    "to_vector": [
        "(vector|row_vector|matrix|array[] int|array[] real) => vector",
        "(complex_vector|complex_row_vector|complex_matrix|array[] complex) => complex_vector",
    ],
    "to_row_vector": [
        "(vector|row_vector|matrix|array[] int|array[] real) => row_vector",
        "(complex_vector|complex_row_vector|complex_matrix|array[] complex) => complex_row_vector",
    ],
    "to_array_2d": ["(matrix) => array[,] real", "(complex_matrix) => array[,] complex"],
    "append_col": [
        "(real, row_vector) => row_vector",
        "(row_vector, real|row_vector) => row_vector",
        "(vector|matrix, vector|matrix) => matrix",
        "(complex, complex_row_vector) => complex_row_vector",
        "(complex_row_vector, complex|complex_row_vector) => complex_row_vector",
        "(complex_vector|complex_matrix, complex_vector|complex_matrix) => complex_matrix",
    ],
    "append_row": [
        "(real, vector) => vector",
        "(vector, real|vector) => vector",
        "(row_vector|matrix, row_vector|matrix) => matrix",
        "(complex, complex_vector) => complex_vector",
        "(complex_vector, complex|complex_vector) => complex_vector",
        "(complex_row_vector|complex_matrix, complex_row_vector|complex_matrix) => complex_matrix",
    ],
    "rep_vector": ["(real, int) => vector", "(complex, int) => complex_vector"],
    "rep_row_vector": ["(real, int) => row_vector", "(complex, int) => complex_row_vector"],
    "rep_matrix": [
        "(real, int, int) => matrix",
        "(vector|row_vector, int) => matrix",
        "(complex, int, int) => complex_matrix",
        "(complex_vector|complex_row_vector, int) => complex_matrix",
    ],
    "transpose": [
        "(vector) => row_vector",
        "(row_vector) => vector",
        "(matrix) => matrix",
        "(complex_vector) => complex_row_vector",
        "(complex_row_vector) => complex_vector",
        "(complex_matrix) => complex_matrix",
    ],
    "add_diag": [
        "(matrix, real|vector|row_vector) => matrix",
        "(complex_matrix, complex|complex_vector|complex_row_vector) => complex_matrix",
    ],
    "block": ["(T, int, int, int, int) => T for T in matrix|complex_matrix"],
    "col": ["(matrix, int) => vector", "(complex_matrix, int) => complex_vector"],
    "row": ["(matrix, int) => row_vector", "(complex_matrix, int) => complex_row_vector"],
    "sub_col": ["(matrix, int, int, int) => vector", "(complex_matrix, int, int, int) => complex_vector"],
    "sub_row": ["(matrix, int, int, int) => row_vector", "(complex_matrix, int, int, int) => complex_row_vector"],
    "columns_dot_product": [
        "(T, T) => row_vector for T in vector|row_vector|matrix",
        "(T, T) => complex_row_vector for T in complex_vector|complex_row_vector|complex_matrix",
    ],
    "rows_dot_product": [
        "(T, T) => vector for T in vector|row_vector|matrix",
        "(T, T) => complex_vector for T in complex_vector|complex_row_vector|complex_matrix",
    ],
    "columns_dot_self": [
        "(T) => row_vector for T in vector|row_vector|matrix",
        "(T) => complex_row_vector for T in complex_vector|complex_row_vector|complex_matrix",
    ],
    "rows_dot_self": [
        "(T) => vector for T in vector|row_vector|matrix",
        "(T) => complex_vector for T in complex_vector|complex_row_vector|complex_matrix",
    ],
    "complex_schur_decompose": ["(matrix|complex_matrix) => tuple(complex_matrix, complex_matrix)"],
    "complex_schur_decompose_t": ["(matrix|complex_matrix) => complex_matrix"],
    "complex_schur_decompose_u": ["(matrix|complex_matrix) => complex_matrix"],
    "eigenvectors": ["(matrix|complex_matrix) => complex_matrix"],
    "eigenvalues": ["(matrix|complex_matrix) => complex_vector"],
    "eigendecompose": ["(matrix|complex_matrix) => tuple(complex_matrix, complex_vector)"],
    "eigendecompose_sym": [
        "(matrix) => tuple(matrix, vector)",
        "(complex_matrix) => tuple(complex_matrix, complex_vector)",
    ],
    "svd": [
        "(matrix) => tuple(matrix, vector, matrix)",
        "(complex_matrix) => tuple(complex_matrix, vector, complex_matrix)",
    ],
    "singular_values": ["(matrix|complex_matrix) => vector"],
    "diag_matrix": ["(vector) => matrix", "(complex_vector) => complex_matrix"],
    "trace": ["(matrix) => real", "(complex_matrix) => complex"],
    "diag_post_multiply": [
        "(matrix, vector|row_vector) => matrix",
        "(complex_matrix, complex_vector|complex_row_vector) => complex_matrix",
    ],
    "diag_pre_multiply": [
        "(vector|row_vector, matrix) => matrix",
        "(complex_vector|complex_row_vector, complex_matrix) => complex_matrix",
    ],
    "quad_form_diag": ["(matrix, vector|row_vector) => matrix"],
    "trace_dot": ["(matrix, matrix) => real"],
    "trace_gen_quad_form": ["(matrix, matrix, matrix) => real"],
    "multiply": [
        "(row_vector, vector) => real",
        "(vector, row_vector) => matrix",
        "(row_vector, matrix) => row_vector",
        "(matrix, vector) => vector",
        "(matrix, matrix) => matrix",
        "(complex_row_vector, complex_vector) => complex",
        "(complex_vector, complex_row_vector) => complex_matrix",
        "(complex_row_vector, complex_matrix) => complex_row_vector",
        "(complex_matrix, complex_vector) => complex_vector",
        "(complex_matrix, complex_matrix) => complex_matrix",
    ],
    "mdivide_right": [
        "(T, matrix) => T for T in row_vector|matrix",
        "(T, complex_matrix) => T for T in complex_row_vector|complex_matrix",
    ],
    "csr_extract": ["(matrix) => tuple(vector, array[] int, array[] int)"],
    "csr_extract_u": ["(matrix) => array[] int"],
    "csr_extract_v": ["(matrix) => array[] int"],
    "csr_extract_w": ["(matrix) => vector"],
    "csr_matrix_times_vector": ["(int, int, vector, array[] int, array[] int, vector) => vector"],
    "csr_to_dense_matrix": ["(int, int, vector, array[] int, array[] int) => matrix"],
    "fft": ["(complex_vector) => complex_vector"],
    "inv_fft": ["(complex_vector) => complex_vector"],
    "fft2": ["(complex_matrix) => complex_matrix"],
    "inv_fft2": ["(complex_matrix) => complex_matrix"],
    "hypergeometric_1F0": ["(real, real) => real"],
    "hypergeometric_2F1": ["(real, real, real, real) => real"],
    "inc_beta": ["(real, real, real) => real"],
    "inv_inc_beta": ["(real, real, real) => real"],
    "identity_matrix": ["(int) => matrix"],
    "linspaced_array": ["(int, real, real) => array[] real"],
    "linspaced_int_array": ["(int, int, int) => array[] int"],
    "linspaced_vector": ["(int, real, real) => vector"],
    "linspaced_row_vector": ["(int, real, real) => row_vector"],
    "one_hot_array": ["(int, int) => array[] real"],
    "one_hot_int_array": ["(int, int) => array[] int"],
    "one_hot_vector": ["(int, int) => vector"],
    "one_hot_row_vector": ["(int, int) => row_vector"],
    "matrix_exp_multiply": ["(matrix, matrix) => matrix"],
    "matrix_power": ["(matrix, int) => matrix"],
    "scale_matrix_exp_multiply": ["(real, matrix, matrix) => matrix"],
    "qr": ["(matrix) => tuple(matrix, matrix)"],
    "qr_thin": ["(matrix) => tuple(matrix, matrix)"],
    "uniform_simplex": ["(int) => vector"],
    "hmm_marginal": ["(matrix, matrix, vector) => real"],
    "hmm_hidden_state_prob": ["(matrix, matrix, vector) => matrix"],
    "hmm_latent_rng": ["(matrix, matrix, vector) => array[] int"],
    "lchoose": ["(int|real, int|real) => real elementwise"],
    "choose": ["(int, int) => int elementwise"],
    "student_t_qf": ["(real, real, real, real) => real"]
    + ["(S, S, S, S) => vector".replace("S", "real|vector|row_vector|array[] real")],
    "hypergeometric_3F2": ["(vector|row_vector|array[] real, vector|row_vector|array[] real, real) => real"],
    "hypergeometric_pFq": ["(vector|row_vector|array[] real, vector|row_vector|array[] real, real) => real"],
    "rising_factorial": ["(real, int) => real elementwise", "(int, int) => int elementwise"],
    "falling_factorial": ["(real, int) => real elementwise", "(int, int) => int elementwise"],
    "gp_dot_prod_cov": [
        "(T, real) => matrix for T in array[] real|array[] vector",
        "(T, T, real) => matrix for T in array[] real|array[] vector",
    ],
    "gp_periodic_cov": [
        "(T, real, real, real) => matrix for T in array[] real|array[] vector",
        "(T, T, real, real, real) => matrix for T in array[] real|array[] vector",
    ],
    "generate_laplace_options": ["(int|vector) => tuple(vector, real, int, int, int, int)"],
}
for _n in "gp_exp_quad_cov gp_exponential_cov gp_matern32_cov gp_matern52_cov".split():
    _declared[_n] = [
        "(T, real, real) => matrix for T in array[] real|array[] vector",
        "(T, T, real, real) => matrix for T in array[] real|array[] vector",
        "(array[] vector, real, array[] real) => matrix",
        "(array[] vector, array[] vector, real, array[] real) => matrix",
    ]
for _n in "zeros_vector ones_vector".split():
    _declared[_n] = ["(int) => vector"]
for _n in "zeros_row_vector ones_row_vector".split():
    _declared[_n] = ["(int) => row_vector"]
for _n in "zeros_array ones_array".split():
    _declared[_n] = ["(int) => array[] real"]
for _n in "zeros_int_array ones_int_array".split():
    _declared[_n] = ["(int) => array[] int"]
for _n in "chol2inv cholesky_decompose crossprod generalized_inverse inverse inverse_spd matrix_exp multiply_lower_tri_self_transpose qr_Q qr_R qr_thin_Q qr_thin_R tcrossprod".split():
    _declared[_n] = ["(matrix) => matrix"]
for _n in "determinant log_determinant log_determinant_spd".split():
    _declared[_n] = ["(matrix) => real"]
for _n in "eigenvectors_sym svd_U svd_V symmetrize_from_lower_tri".split():
    _declared[_n] = ["(T) => T for T in matrix|complex_matrix"]
for _n in "diagonal eigenvalues_sym".split():
    _declared[_n] = ["(matrix) => vector", "(complex_matrix) => complex_vector"]
for _n in "mdivide_left mdivide_left_spd mdivide_left_tri_low".split():
    _declared[_n] = ["(matrix, T) => T for T in vector|matrix"]
for _n in "mdivide_right_spd mdivide_right_tri_low".split():
    _declared[_n] = ["(T, matrix) => T for T in row_vector|matrix"]
for _n in "quad_form quad_form_sym".split():
    _declared[_n] = ["(matrix, vector) => real", "(matrix, matrix) => matrix"]
_declared["trace_quad_form"] = ["(matrix, vector) => real", "(matrix, matrix) => real"]
for _n in "Phi Phi_approx digamma erf erfc inv_Phi inv_erfc lambert_w0 lambert_wm1 lgamma std_normal_log_qf std_normal_qf tgamma trigamma".split():
    _declared[_n] = ["(int|real) => real elementwise"]
for _n in "beta lbeta log_falling_factorial log_rising_factorial log_modified_bessel_first_kind".split():
    _declared[_n] = ["(int|real, int|real) => real elementwise"]
for _n in "gamma_p gamma_q owens_t".split():
    _declared[_n] = ["(real, real) => real elementwise"]
for _n in "bessel_first_kind bessel_second_kind modified_bessel_first_kind modified_bessel_second_kind lmgamma".split():
    _declared[_n] = ["(int, real) => real elementwise"]
for _n in "wiener_lcdf_unnorm wiener_lccdf_unnorm".split():
    _declared[_n] = [
        f"({', '.join([k] * n)}{e}) => real" for k in ("real", "vector") for n in (5, 8) for e in ("", ", real")
    ]
_S = "(vector, vector, data array[] real, data array[] int) => vector"
for _n in "algebra_solver algebra_solver_newton".split():
    _declared[_n] = [
        f"({_S}, vector, vector, array[] real, array[] int{e}) => vector" for e in ("", ", real, real, real")
    ]
_S = "(real, real, array[] real, data array[] real, data array[] int) => real"
_declared["integrate_1d"] = [
    f"({_S}, real, real, array[] real, array[] real, array[] int{e}) => real" for e in ("", ", real")
]
_S = "(real, array[] real, array[] real, data array[] real, data array[] int) => array[] real"
for _n in "integrate_ode_adams integrate_ode_bdf integrate_ode_rk45".split():
    _declared[_n] = [
        f"({_S}, array[] real, real, array[] real, array[] real, array[] real, array[] int{e}) => array[,] real"
        for e in ("", ", real, real, real")
    ]
_declared["integrate_ode"] = [_declared["integrate_ode_rk45"][0]]
_declared["map_rect"] = [
    "((vector, vector, data array[] real, data array[] int) => vector, vector, array[] vector, array[,] real, array[,] int) => vector"
]
for _n in """ode_rk45 ode_rk45_tol ode_ckrk ode_ckrk_tol ode_adams ode_adams_tol ode_bdf ode_bdf_tol ode_adjoint_tol_ctl dae dae_tol
solve_newton solve_newton_tol solve_powell solve_powell_tol reduce_sum reduce_sum_static
integrate_1d_gauss_kronrod integrate_1d_gauss_kronrod_tol integrate_1d_double_exponential integrate_1d_double_exponential_tol
laplace_marginal laplace_marginal_tol laplace_latent_rng laplace_latent_tol_rng laplace_latent_solve laplace_latent_solve_tol""".split():
    _declared[_n] = []
for _k in ("bernoulli_logit", "neg_binomial_2_log", "poisson_log"):
    for _n in (
        f"laplace_marginal_{_k}_lpmf",
        f"laplace_marginal_tol_{_k}_lpmf",
        f"laplace_latent_{_k}_rng",
        f"laplace_latent_tol_{_k}_rng",
    ):
        _declared[_n] = []
declared = tuple(Function(name, tuple(lines), None) for name, lines in _declared.items())
