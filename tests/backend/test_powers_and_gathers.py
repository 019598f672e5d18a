"""What is computed once: a power and the one in its derivative, functions of elements that many rows pick."""

from __future__ import annotations

import numpy as np

import pplc
from tests.lower.against_stan import assert_agrees

RANDOM = np.random.default_rng(4)
DATA = {
    "N": 40,
    "K": 5,
    "y": RANDOM.normal(size=40),
    "d": np.maximum(RANDOM.uniform(-0.3, 2, size=40), 0),
    "g": RANDOM.integers(1, 5, size=40),  # the last is never picked
    "w": RANDOM.uniform(1, 2, size=5),
}
HEAD = "data { int N; int K; vector[N] y; vector[N] d; array[N] int g; vector[K] w; } "


def _body(text: str) -> str:
    """The loops that run with every gradient."""
    source = pplc.compile_model(text, DATA).generated_source
    return source[source.index("def log_density") :]


def test_a_power_and_its_derivative_are_one_evaluation() -> None:
    text = HEAD + "parameters { real<lower=0> r; real<lower=0> p; } model { y ~ normal((r * d) ^ p, 1); }"
    assert _body(text).count("power(") == 1
    assert_agrees(text, DATA, tolerance=1e-12)


def test_functions_come_before_gathers() -> None:
    text = HEAD + "parameters { vector[K] m; vector[K] s; } model { y ~ normal(m[g], exp(s[g])); m ~ normal(0, 1); }"
    rows = _body(text).split("for i0 in range(")[2:]
    assert any(loop.startswith("40)") or loop.startswith("10)") for loop in rows)
    assert not any("exp(" in loop or " / " in loop for loop in rows)
    assert_agrees(text, DATA, tolerance=1e-12)


def test_elements_that_are_never_picked_have_a_derivative_of_0() -> None:
    text = HEAD + "parameters { vector<lower=0>[4] s; } model { y ~ normal(0, sqrt(append_row(s, 0))[g] + 1); }"
    assert_agrees(text, DATA, tolerance=1e-12)


def test_logarithms_of_picked_scales_are_sums() -> None:
    text = HEAD + "parameters { real<lower=0> s; } model { y ~ normal(0, (s * w)[g]); }"
    assert "log(" not in _body(text)
    assert_agrees(text, DATA, tolerance=1e-12)
