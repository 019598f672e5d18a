"""An assignment whose value reads the variable that it writes: all of the value comes before the first write."""

from __future__ import annotations

import re

import numpy as np
import pytest
from numpy.testing import assert_allclose

import pplc

CASES = {  # statements after `x` is declared, and the value of s with p = (1, 2) and y = (7, 8)
    "tuple(vector[2], real) x = (p, 0.5); x = (y, sin(x.1[2])); s = x.2;": np.sin(2),
    "array[2] tuple(vector[2], real) x = {(p, 0.5), (p, 0.1)}; x[1] = (y, sin(x[1].1[2])); s = x[1].2;": np.sin(2),
    "tuple(real, tuple(vector[2], real)) x = (0.5, (p, 0.1)); x.2 = (y, x.2.1[1] * x.2.1[2]); s = x.2.2;": 2.0,
    "array[2] vector[2] x = {p, y}; x[{2, 1}] = (y[1] > 2 ? x : {y, p}); s = x[1][1] + 10 * x[2][2];": 27.0,
    "array[2] vector[2] x = {p, p}; s = 0; for (e in x) { x[1] = y; x[2][1] = 4; s = 10 * s + sum(e); }": 36.0,
    "array[1] tuple(vector[2], real) x = {(p, 1)}; for (e in x) { x[1].1 = y; s = e.1[1] + 10 * x[1].1[1]; }": 71.0,
    "vector[2] x = p; x[{2, 1}] = (y[1] > 2 ? x : y); s = x[1] + 10 * x[2];": 12.0,
}


@pytest.mark.parametrize("statements", CASES)
def test_the_old_value_is_read(statements: str) -> None:
    quantities, local = (re.sub(r"\bs\b", name, statements) for name in "tu")
    model = pplc.compile_model(
        f"""data {{ vector[2] y; }} parameters {{ vector[2] p; }}
        transformed parameters {{ real s; {{ {statements} }} }}
        model {{ for (i in 1:2) {{ real u = 0; {local} target += u * p[i]; if (p[i] > 1.5) break; }} }}
        generated quantities {{ real t; {{ {quantities} }} }}""",
        {"y": [7.0, 8.0]},
    )
    position = np.array([1.0, 2.0])
    values = model.constrain(position, generated=True)
    assert_allclose([values["s"], values["t"]], CASES[statements], rtol=1e-14)
    value, gradient = model.logp_dlogp(position)
    assert_allclose(value, 3 * CASES[statements], rtol=1e-14)
    slopes = [(model.logp(position + step) - model.logp(position - step)) / 2e-6 for step in 1e-6 * np.eye(2)]
    assert_allclose(gradient, slopes, rtol=1e-6, atol=1e-8)
