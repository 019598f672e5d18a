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
    ],
)
def test_like_stan(expression: str, at: float, expected: float) -> None:
    transformed = "transformed parameters { vector[2] v = [exp(x), 1]'; }"
    program = f"parameters {{ real x; real y; }} {transformed} model {{ target += {expression}; }}"
    model = pplc.compile_model(program, {})
    np.testing.assert_allclose(model.logp(np.array([at, 0.5])), expected, atol=1e-12)


def test_long_repeated_expressions_take_no_time() -> None:
    body = "".join(f"real a{k + 1} = cos(a{k}) * sin(a{k}); real b{k + 1} = cos(b{k}) * sin(b{k}); " for k in range(40))
    program = f"parameters {{ real x; }} model {{ real a0 = x; real b0 = x; {body} target += a40 - b40; }}"
    assert pplc.compile_model(program).logp(np.array([0.3])) == 0.0
