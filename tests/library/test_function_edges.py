"""Values and gradients of library functions where formulas break: ties, zeros, infinities, tails, truncation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from pplc.compiler.backend.functions import compile_function
from pplc.compiler.library.expand import implementation
from pplc.compiler.library.shorthand import parse_type
from pytensor.compile.mode import Mode

import pplc

INFINITY = math.inf
PYTHON = Mode(linker="py", optimizer=None)


def graphs(name: str, types: str, arguments: list[object]) -> tuple[list[Any], list[np.ndarray], list[Any]]:
    """The real arguments of a call, their values, and the result with the gradient of its sum."""
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
    return inputs, [v for v in values if v.dtype == "float64"], [result, *gradients]


def value_and_gradient(name: str, types: str, *arguments: object) -> tuple[np.ndarray, list[np.ndarray]]:
    """Of the sum of the result, in the real arguments."""
    inputs, values, outputs = graphs(name, types, list(arguments))
    found, *slopes = pytensor.function(inputs, outputs, mode=PYTHON)(*values)
    return found, slopes


VALUES: list[Any] = [
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
        ("hypot", "real, real", [-INFINITY, math.nan], INFINITY),
        ("fmod", "real, real", [5.0, 1e200], 5.0),
        ("fmod", "real, real", [1.0, 1e-8], math.fmod(1.0, 1e-8)),
        ("bessel_first_kind", "int, real", [1, INFINITY], 0.0),
        ("bessel_second_kind", "int, real", [1, INFINITY], 0.0),
        ("modified_bessel_second_kind", "int, real", [1, 1e12], 0.0),
        ("log_mix", "real, real, real", [0.0, 900.0, -2.0], -2.0),
        ("log_mix", "real, real, real", [0.5, -INFINITY, -INFINITY], -INFINITY),
        ("log_mix", "real, real, real", [1e-300, INFINITY, 0.0], INFINITY),
        ("log_mix", "vector, vector", [[0.0, 0.25, 0.75], [5000.0, 1.0, 1.0]], 1.0),
        ("log_modified_bessel_first_kind", "real, real", [-1.0, 1.0], -0.57064798749083128),
        ("log_modified_bessel_first_kind", "real, real", [-0.5, 2.0], 0.752637804433164),
        ("log_modified_bessel_first_kind", "real, real", [3001.0, 1e300], 1e300),
        ("log_modified_bessel_first_kind", "real, real", [1e200, 1e200], 5.3283997535355215e199),
        # outside the domain, and from what is no number
        ("bessel_second_kind", "int, real", [1, -1.0], math.nan),
        ("falling_factorial", "real, int", [2.0, -1], math.nan),
        ("falling_factorial", "real, int", [math.nan, 0], math.nan),
        ("gamma_p", "real, real", [1.0, math.nan], math.nan),
        ("gamma_p", "real, real", [-1.0, INFINITY], math.nan),
        ("gamma_q", "real, real", [1.0, math.nan], math.nan),
        ("hypergeometric_1F0", "real, real", [0.5, -2.0], math.nan),
        ("inv_erfc", "real", [0.0], math.nan),
        ("lbeta", "real, real", [1.0, -0.3], math.nan),
        ("lchoose", "real, real", [1.0, 2.5], math.nan),
        ("lmgamma", "int, real", [-1, 2.5], math.nan),
        ("log_falling_factorial", "real, real", [-0.3, 0.0], math.nan),
        ("log_rising_factorial", "real, real", [-0.3, 1.0], math.nan),
        ("log_mix", "real, real, real", [1.5, 0.0, 0.0], math.nan),
        ("log_mix", "vector, vector", [[1.5, -0.5], [0.0, 0.0]], math.nan),
]  # fmt: skip


@pytest.mark.parametrize(("name", "types", "arguments", "value"), VALUES)
def test_values(name: str, types: str, arguments: list[object], value: float) -> None:
    np.testing.assert_allclose(value_and_gradient(name, types, *arguments)[0], value, rtol=2e-10)


GRADIENTS: list[Any] = [
        ("log_sum_exp", "real, real", [1.5, 1.5], [0.5, 0.5]),
        ("log_sum_exp", "vector", [[-INFINITY, 0.0]], [[0.0, 1.0]]),
        ("lbeta", "real, real", [1.0, 1.0], [-1.0, -1.0]),
        ("distance", "vector, vector", [[1.0, 2.0], [1.0, 2.0]], [[0.0, 0.0], [0.0, 0.0]]),
        ("norm2", "vector", [[0.0, 0.0]], [[0.0, 0.0]]),
        ("sd", "vector", [[2.0, 2.0, 2.0]], [[0.0, 0.0, 0.0]]),
        ("sd", "vector", [[2.0]], [[0.0]]),
        ("sd", "matrix", [[[2.0, 2.0]]], [[[0.0, 0.0]]]),
        ("inv_cloglog", "real", [800.0], [0.0]),
        ("pow", "real, real", [0.0, 2.0], [0.0, 0.0]),
        ("fmax", "real, real", [1.0, 1.0], [0.0, 1.0]),
        ("gp_matern32_cov", "array[] real, real, real", [[0.0, 0.0], 1.0, 2.0], [[0.0, 0.0], 8.0, 0.0]),
        ("inc_beta", "real, real, real", [2.0, 3.0, 0.0], [0.0, 0.0, 0.0]),
        ("inc_beta", "real, real, real", [1.0, 3.0, 0.0], [0.0, 0.0, 3.0]),
        ("inc_beta", "real, real, real", [2.0, 1.0, 1.0], [0.0, 0.0, 2.0]),
        ("hypot", "real, real", [1.0, 1.0], [math.sqrt(0.5), math.sqrt(0.5)]),
        ("hypot", "real, real", [-1.0, 1.0], [-math.sqrt(0.5), math.sqrt(0.5)]),
        ("hypot", "real, real", [1e-200, 0.0], [1.0, 0.0]),
        ("fmod", "real, real", [7.5, -2.0], [1.0, 3.0]),
        ("log_mix", "real, real, real", [0.0, 0.0, 1.0], [math.exp(-1) - 1, 0.0, 1.0]),
        ("log_mix", "real, real, real", [1.0, 0.0, 1.0], [1 - math.e, 1.0, 0.0]),
        ("log_mix", "vector, vector", [[0.0, 1.0], [0.0, 1.0]], [[math.exp(-1), 1.0], [0.0, 1.0]]),
        ("log_modified_bessel_first_kind", "real, real", [-1.0, 1.0], [3.3052163448367304, 1.24019372387009]),
        ("log_modified_bessel_first_kind", "real, real", [1.0, 1.0], [-1.1751711029034493, 1.24019372387009]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "types", "arguments", "gradients"), GRADIENTS)
def test_gradients(name: str, types: str, arguments: list[object], gradients: list[object]) -> None:
    found = value_and_gradient(name, types, *arguments)[1]
    for one, expected in zip(found, gradients, strict=True):
        np.testing.assert_allclose(one, expected, atol=1e-12)


# Functions that are compiled in no time; those made of long kernels take Numba minutes.
QUICK = {
    *(
        "log_sum_exp",
        "log_diff_exp",
        "log_mix",
        "log1m_exp",
        "log1p_exp",
        "lmultiply",
        "hypot",
        "fmod",
        "fmax",
        "round",
    ),
    *("falling_factorial", "hypergeometric_1F0", "inv_cloglog", "pow", "distance", "norm2", "sd", "gp_matern32_cov"),
}


def test_machine_code_has_the_same_numbers() -> None:
    """All calls at once: the loops that are compiled, and their rewrites, need not be what PyTensor runs."""
    cases = [case for case in VALUES + GRADIENTS if case[0] in QUICK and 0 not in np.shape(case[2][0])]
    calls = [graphs(*case[:3]) for case in cases]
    inputs, values, outputs = ([x for call in calls for x in call[part]] for part in range(3))
    found = iter(compile_function(inputs, outputs, {})(*values))
    for (*call, expected), (_, _, graph) in zip(cases, calls, strict=True):
        value, *slopes = [next(found) for _ in graph]
        pairs = zip(slopes, expected, strict=True) if isinstance(expected, list) else [(value, expected)]
        for one, other in pairs:
            np.testing.assert_allclose(one, other, rtol=2e-10, atol=1e-12, err_msg=str(call))


def test_add_diag_of_tall_and_wide_matrices() -> None:
    text = """
        parameters { vector[2] y; }
        model { int n = 0; while (n < 1) { n += y[1] > 0 ? 2 : 1; target += WHAT; } }"""
    for matrix in ("[[1, 2], [3, 4], [5, 6]]", "[[1, 2, 3], [4, 5, 6]]"):
        call = f"sum(add_diag({matrix}, y) .* {matrix})"
        loop = pplc.compile_model(text.replace("WHAT", call), {})
        graph = pplc.compile_model(f"parameters {{ vector[2] y; }} model {{ target += {call}; }}", {})
        numbers = np.array(eval(matrix), dtype=float)
        diagonal = np.diagonal(numbers)
        position = np.array([0.5, -2.0])
        for model in (loop, graph):
            value, gradient = model.logp_dlogp(position)
            assert value == pytest.approx((numbers**2).sum() + diagonal @ position)
            np.testing.assert_allclose(gradient, diagonal)
