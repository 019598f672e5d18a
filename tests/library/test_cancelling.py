"""What a program subtracts from itself or divides by itself: nan where it is not finite, or 0 below the line."""

from __future__ import annotations

import numpy as np
import pytest

import pplc

HUGE = 800.0  # exp of it is infinite


@pytest.mark.parametrize(
    ("expression", "at", "expected"),
    [
        ("exp(x) - exp(x)", HUGE, np.nan),
        ("exp(x) - exp(x)", 1.0, 0.0),
        ("(y + exp(x)) - exp(x)", HUGE, np.nan),
        ("y - exp(x) + exp(x)", HUGE, np.nan),
        ("-exp(x) + (2 + exp(x))", HUGE, np.nan),
        ("-exp(x) + (2 + exp(x))", 1.0, 2.0),
        ("exp(x) / exp(x)", HUGE, np.nan),
        ("exp(-x) / exp(-x)", HUGE, np.nan),
        ("x / x", 0.0, np.nan),
        ("x / x", 3.0, 1.0),
        ("(y * x) / x", 0.0, np.nan),
        ("(y / x) * x", 0.0, np.nan),
        ("sum([exp(x), 1] - [exp(x), 1])", HUGE, np.nan),
        ("sum([x, 1] ./ [x, 1])", 0.0, np.nan),
        ("v[1] - v[1] + v[2]", HUGE, np.nan),
        ("sum([x, y]) - x", HUGE, 0.5),
        ("sum([exp(x), 1]) - exp(x)", 1.0, 1.0),
        ("x - sum([x]')", 1.0, 0.0),
        ("get_real(to_complex(x, 0) * to_complex(y, 1) / to_complex(x, 0))", 0.0, np.nan),
        ("get_real(to_complex(x, y) * to_complex(0, 1) / to_complex(x, y))", 1.0, 0.0),
        ("get_real(to_complex(x, 0) / to_complex(x, 0))", 0.0, np.nan),
    ],
)
def test_like_stan(expression: str, at: float, expected: float) -> None:
    transformed = "transformed parameters { vector[2] v = [exp(x), 1]'; }"
    program = f"parameters {{ real x; real y; }} {transformed} model {{ target += {expression}; }}"
    model = pplc.compile_model(program, {})
    np.testing.assert_allclose(model.logp(np.array([at, 0.5])), expected, atol=1e-12)


@pytest.mark.parametrize(
    ("expression", "at", "expected"),
    [
        ("x * 1e308 * 10", 0.0, 0.0),
        ("1e308 * (10 * x)", 0.0, 0.0),
        ("(3 * x) * 1e308 * 0.1", 0.0, 0.0),
        ("x * 1e308 * 10", 1e-3, 1e306),
        ("(x * 1e200) / 1e-200", 0.0, 0.0),
        ("x / 1e200 / 1e200", 1e250, 1e-150),
        ("(x * 1e-200) * 1e-200", 1e250, 1e-150),
        ("dot_product([x, y]', [1e200, 0]') * 1e200", 0.0, 0.0),
    ],
)
def test_constants_are_not_multiplied_out_of_the_range_of_numbers(expression: str, at: float, expected: float) -> None:
    for program in (f"target += {expression};", f"int i = 0; while (i < 1) {{ i += 1; target += {expression}; }}"):
        model = pplc.compile_model(f"parameters {{ real x; real y; }} model {{ {program} }}")
        np.testing.assert_allclose(model.logp(np.array([at, 0.5])), expected, rtol=1e-14)


def test_long_repeated_expressions_take_no_time() -> None:
    body = "".join(f"real a{k + 1} = cos(a{k}) * sin(a{k}); real b{k + 1} = cos(b{k}) * sin(b{k}); " for k in range(40))
    program = f"parameters {{ real x; }} model {{ real a0 = x; real b0 = x; {body} target += a40 - b40; }}"
    assert pplc.compile_model(program).logp(np.array([0.3])) == 0.0
