# ruff: noqa: E501  (program texts read better on one line)
"""What ends the statements ends their sweep: no derivative is written beyond the end of a container."""

from __future__ import annotations

import re

import numpy as np
import pytest

import pplc

BEYOND = {
    "an increment": ("", "while (i < 100000) { target += v[i]; i += 1; }", "index 4 of `v` is out of range 1 to 3"),
    "a function": ("real f(vector w, int k) { return square(w[k]); }", "while (i < 100000) { target += f(v, i); i += a > 5 ? 2 : 1; }", "index 4 of `w` is out of range 1 to 3"),
    "a function of a function": ("real f(vector w, int k) { return square(w[k]); } real g(vector w, int k) { return f(w, k) + 1; }", "while (i < 100000) { target += g(v, i); i += a > 5 ? 2 : 1; }", "index 4 of `w` is out of range 1 to 3"),
    "a slice": ("", "while (i < 100000) { target += sum(v[i:(i + 1)]); i += a > 5 ? 2 : 1; }", "index 4 of `v` is out of range 1 to 3"),
    "a density": ("", "while (i < 100000) { v[i] ~ normal(a, 1); i += a > 5 ? 2 : 1; }", "index 4 of `v` is out of range 1 to 3"),
    "sizes": ("", "while (i < 100000) { target += dot_product(v[1:i], v[1:1]); i += a > 5 ? 2 : 1; }", "`dot_product`: x and y differ in size (2 and 1)"),
}  # fmt: skip


@pytest.mark.parametrize(("function", "loop", "sentence"), BEYOND.values(), ids=BEYOND)
def test_sweeps_stop_where_the_statements_do(function: str, loop: str, sentence: str) -> None:
    text = f"functions {{ {function} }} parameters {{ real a; vector[3] v; }} model {{ int i = 1; {loop} }}"
    model = pplc.compile_model(text.replace("functions {  }", ""), {})
    position = np.array([0.3, 1.0, 2.0, 3.0])
    value, gradient = model.logp_dlogp(position)
    assert value == -np.inf
    assert np.abs(gradient).sum() == 0
    problem = model.failure(position)
    assert problem is not None
    assert problem.title == sentence


def test_an_increment_that_cannot_fail_is_not_computed_again() -> None:
    text = """
        functions { real f(real x) { return sin(x) * exp(x); } }
        parameters { real a; }
        model { int i = 0; while (i < 5) { i += a > 5 ? 2 : 1; target += f(a * i); } }"""
    source = pplc.compile_model(text, {}).generated_source
    assert len(re.findall(r" = f__\w+\(", source)) == 1  # by the loop


@pytest.mark.parametrize(("increment", "calls"), [("f(v, i)", 2), ("f(v, i) * a", 3)])
def test_a_call_is_made_again_if_its_value_is_wanted(increment: str, calls: int) -> None:
    """By the loop, by the forward pass of the sweep, as it may fail, and on the way back for the derivative by `a`."""
    text = f"""
        functions {{ real f(vector w, int k) {{ return square(w[k]); }} }}
        parameters {{ real a; vector[3] v; }}
        model {{ int i = 1; while (i < 4) {{ target += {increment}; i += a > 5 ? 2 : 1; }} }}"""
    model = pplc.compile_model(text, {})
    assert len(re.findall(r" = f__\w+\(", model.generated_source)) == calls
    position = np.array([0.3, 1.0, 2.0, 3.0])
    factor = position[0] if calls == 3 else 1.0
    by_a = np.square(position[1:]).sum() if calls == 3 else 0.0
    np.testing.assert_allclose(model.logp_dlogp(position)[1], [by_a, *(2 * factor * position[1:])], rtol=1e-14)
