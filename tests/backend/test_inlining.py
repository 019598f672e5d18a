"""Small functions become part of their callers, unless a caller would be so long that LLVM took minutes."""

from __future__ import annotations

import re

import pytest
from pplc.compiler.backend.llvm import inlining
from pplc.compiler.backend.llvm.module import translate

import pplc

FUNCTIONS = """
def cube(x: float) -> float:
    return x * x * x

def polynomial(x: float) -> float:
    return 1.0 + x * (2.0 + x * (3.0 + x * (4.0 + x * (5.0 + x * (6.0 + cube(x))))))

def f(x: floats, n: int) -> float:
    s = 0.0
    for i in range(n):
        s = s + polynomial(x[i])
"""


@pytest.mark.parametrize(("times", "called"), [(3, False), (1000, True)])
def test_calls_outside_of_loops_stay_calls_where_they_are_many(times: int, called: bool) -> None:
    lines = [f"    s = s + polynomial(s) + cube(x[{i}])\n" for i in range(times)]
    text = translate(FUNCTIONS + "".join(lines) + "    return s\n", ("f",))
    calls = re.findall(r"@(polynomial|cube)\(double %\S+\)( noinline)?\n", text)
    inside_loop, outside = calls[1], calls[2:]
    assert inside_loop == ("polynomial", "")
    assert set(outside) == {("polynomial", " noinline" if called else ""), ("cube", "")}


def test_value_and_gradient_of_a_long_program(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    """Each statement has functions of its own; whether they are inlined changes no more than the last digits."""
    declared = "".join(f"real<lower=0> a{i}; " for i in range(3))
    stated = "".join(f"a{i} ~ gamma({i + 1}.5, a{(i + 1) % 3});" for i in range(3))
    found = []
    for most in (0, 10**9):
        monkeypatch.setattr(inlining, "MOST", most)
        monkeypatch.setenv("PPLC_CACHE_DIR", f"{tmp_path}/{most}")
        model = pplc.compile_model(f"parameters {{ {declared} }} model {{ {stated} }}", {})
        value, gradient = model.logp_dlogp([0.3 * i - 0.7 for i in range(3)])
        found.append([value, *gradient])
    assert found[0] == pytest.approx(found[1], rel=1e-13)
