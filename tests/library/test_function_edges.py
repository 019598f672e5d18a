"""Values and gradients of library functions where formulas break: ties, zeros, infinities, tails, truncation."""

from __future__ import annotations

import math

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from pplc.compiler.library.expand import implementation
from pplc.compiler.library.shorthand import parse_type
from pytensor.compile.mode import Mode

INFINITY = math.inf
PYTHON = Mode(linker="py", optimizer=None)


def value_and_gradient(name: str, types: str, *arguments: object) -> tuple[np.ndarray, list[np.ndarray]]:
    """Of the sum of the result, in the real arguments."""
    kinds = types.split(", ")
    values = [np.asarray(a, dtype="int64" if "int" in t else "float64") for a, t in zip(arguments, kinds, strict=True)]
    symbols = [
        pt.constant(v) if "int" in t else pt.tensor(dtype="float64", shape=v.shape)
        for v, t in zip(values, kinds, strict=True)
    ]
    inputs = [s for s in symbols if not isinstance(s, pt.TensorConstant)]
    result = implementation(name, tuple(map(parse_type, kinds))).build(*symbols)
    smooth = inputs and "float" in result.dtype
    gradients = pytensor.grad(pt.sum(result), inputs, disconnected_inputs="ignore") if smooth else []
    run = pytensor.function(inputs, [result, *gradients], mode=PYTHON)
    found, *slopes = run(*(v for v, t in zip(values, kinds, strict=True) if "int" not in t))
    return found, slopes


@pytest.mark.parametrize(
    ("name", "types", "arguments", "value"),
    [
        ("log_sum_exp", "vector", [[-INFINITY, -INFINITY]], -INFINITY),
        ("log_sum_exp", "vector", [[INFINITY, 1.0]], INFINITY),
        ("log_sum_exp", "vector", [[1.0, math.nan]], math.nan),
        ("log_sum_exp", "vector", [[-2000.0, -2000.0]], -2000 + math.log(2)),
        ("log_sum_exp", "vector", [[]], -INFINITY),
        ("log_sum_exp", "real, real", [math.nan, -INFINITY], math.nan),
        ("log_sum_exp", "real, real", [-INFINITY, -INFINITY], -INFINITY),
        ("log_diff_exp", "real, real", [-INFINITY, -INFINITY], -INFINITY),
        ("log_inv_logit_diff", "real, real", [INFINITY, 0.0], math.log(0.5)),
        ("lmultiply", "real, real", [0.0, 0.0], 0.0),
        ("log1m_exp", "real", [-1e-20], math.log(1e-20)),
        ("log_inv_logit", "real", [-800.0], -800.0),
        ("log1p_exp", "real", [800.0], 800.0),
        ("Phi", "real", [-35.0], 1.124910706472406e-268),
        ("std_normal_log_qf", "real", [-1e5], -447.19789367876837),
        ("gamma_q", "real, real", [2.0, 700.0], 701 * math.exp(-700)),
        ("lchoose", "real, real", [1e10, 3.0], math.log(1e10) * 3 - math.log(6) - 3e-10),
        ("hypot", "real, real", [1e200, 1e200], math.sqrt(2) * 1e200),
        ("max", "vector", [[]], -INFINITY),
        ("fmax", "real, real", [math.nan, 1.0], 1.0),
        ("fmod", "real, real", [-30.0, INFINITY], -30.0),
        ("fmod", "real, real", [-7.5, 2.0], -1.5),
        ("round", "real", [-2.5], -3.0),
        ("modulus", "int, int", [-7, 2], -1),
        ("divide", "int, int", [-7, 2], -3),
        ("choose", "int, int", [60, 30], 118264581564861424),
        ("choose", "int, int", [3, 5], 0),
        ("step", "real", [0.0], 1.0),
        ("int_step", "real", [0.0], 0),
        ("linspaced_int_array", "int, int, int", [5, 1, 3], [1, 1, 2, 2, 3]),
        ("linspaced_int_array", "int, int, int", [3, 1, 10], [1, 5, 9]),
        ("linspaced_int_array", "int, int, int", [1, 2, 5], [5]),
        ("lambert_w0", "real", [-1 / math.e], -1.0),
        ("hypergeometric_2F1", "real, real, real, real", [0.5, 1.0, 1.5, -3.0], math.atan(math.sqrt(3)) / math.sqrt(3)),
        ("log_modified_bessel_first_kind", "real, real", [200.0, 1e-3], 200 * math.log(5e-4) - math.lgamma(201)),
    ],
)
def test_values(name: str, types: str, arguments: list[object], value: float) -> None:
    np.testing.assert_allclose(value_and_gradient(name, types, *arguments)[0], value, rtol=2e-10)


@pytest.mark.parametrize(
    ("name", "types", "arguments", "gradients"),
    [
        ("log_sum_exp", "real, real", [1.5, 1.5], [0.5, 0.5]),
        ("log_sum_exp", "vector", [[-INFINITY, 0.0]], [[0.0, 1.0]]),
        ("lbeta", "real, real", [1.0, 1.0], [-1.0, -1.0]),
        ("distance", "vector, vector", [[1.0, 2.0], [1.0, 2.0]], [[0.0, 0.0], [0.0, 0.0]]),
        ("norm2", "vector", [[0.0, 0.0]], [[0.0, 0.0]]),
        ("inv_cloglog", "real", [800.0], [0.0]),
        ("pow", "real, real", [0.0, 2.0], [0.0, 0.0]),
        ("fmax", "real, real", [1.0, 1.0], [0.0, 1.0]),
        ("gp_matern32_cov", "array[] real, real, real", [[0.0, 0.0], 1.0, 2.0], [[0.0, 0.0], 8.0, 0.0]),
        ("inc_beta", "real, real, real", [2.0, 3.0, 0.0], [0.0, 0.0, 0.0]),
    ],
)
def test_gradients(name: str, types: str, arguments: list[object], gradients: list[object]) -> None:
    found = value_and_gradient(name, types, *arguments)[1]
    for one, expected in zip(found, gradients, strict=True):
        np.testing.assert_allclose(one, expected, atol=1e-12)
