"""Matrices that are symmetric by construction need no check; for all others one is made."""

from __future__ import annotations

import numpy as np
import pytest

import pplc

pytestmark = pytest.mark.filterwarnings("ignore::pplc.ProgramWarning")  # the programs leave ranges on purpose

SYMMETRIC = (
    "gp_exp_quad_cov(x, a, b)",
    "gp_matern32_cov(x, a, b)",
    "gp_periodic_cov(x, a, b, 1.0)",
    "add_diag(gp_exp_quad_cov(x, a, b), 0.1)",
    "gp_exp_quad_cov(x, a, b) + diag_matrix(square(v))",
    "gp_exp_quad_cov(x, a, b) + gp_matern52_cov(x, b, a)",
    "quad_form_diag(S, v)",
    "tcrossprod(L)",
    "multiply_lower_tri_self_transpose(L)",
    "L * L'",
    "crossprod(L) + identity_matrix(3)",
    "L + L'",
    "S",
)
OTHERS = (
    "gp_exp_quad_cov(x, a, b) .* (v * [1, 2, 3])",
    "gp_exp_quad_cov(x, z, a, b)",
    "diag_pre_multiply(v, C)",
    "L * C",
)


def checks(matrix: str) -> int:
    program = f"""
      data {{ array[3] real x; array[3] real z; matrix[3, 3] C; }}
      parameters {{
        real<lower=0> a; real<lower=0> b; vector<lower=0>[3] v; cholesky_factor_cov[3] L; cov_matrix[3] S;
      }}
      model {{ target += sum(cholesky_decompose({matrix})); }}
    """
    values = {"x": [0.1, 0.5, 2.0], "z": [0.2, 0.5, 2.0], "C": (np.eye(3) + 0.1).tolist()}
    return sum("symmetric" in check.text for check in pplc.compile_model(program, values).lowered.checks)


@pytest.mark.parametrize("matrix", SYMMETRIC)
def test_no_check(matrix: str) -> None:
    assert checks(matrix) == 0


@pytest.mark.parametrize("matrix", OTHERS)
def test_check(matrix: str) -> None:
    assert checks(matrix) == 1
