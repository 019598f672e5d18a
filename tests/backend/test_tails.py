"""Short loops over long functions are vectors to the end, the last of them in part masked."""

from __future__ import annotations

import os
import re

import numpy as np
import pytest
from numpy.testing import assert_allclose
from pplc.compiler.backend.llvm import tails
from pplc.compiler.backend.llvm.module import translate
from pplc.compiler.backend.machine import assemble, without_remarks

import pplc

LONG = "def long(x: float) -> float:\n    return " + " + ".join(f"x * {k}.5" for k in range(40)) + "\n\n"
SLOW = "def slow(x: float) -> float:\n    y = x\n    while y > 1.0:\n        y = y * 0.5\n    return y\n\n"


def marked(body: str, count: int = 7, decorator: str = "@fast") -> bool:
    """Whether a loop with this body is marked; its vectors are made, or not, without a word."""
    lines = "\n".join(f"        {line}" for line in body.split("; "))
    head = f"{decorator}\ndef f(q: floats, g: floats) -> float:\n    d = table_floats(0)\n    w = floats({count})\n"
    text = f"{LONG}{SLOW}{head}    s = 0.0\n    for i in range({count}):\n{lines}\n    return s + w[0]\n"
    module = translate(text, ("f",))
    assemble(module)
    assert tails.MARK not in tails.without(module)
    return re.search(r"br label %head\S+, !llvm\.loop !1$", module, re.MULTILINE) is not None


@pytest.mark.parametrize(("count", "expected"), [(4, False), (5, True), (8, False), (15, True), (17, False)])
def test_short_loops_that_fill_no_vectors(count: int, expected: bool, capfd: pytest.CaptureFixture[str]) -> None:
    assert marked("t = long(q[i]); s = s + t * d[i]; g[i + 2] = t; w[i] = t * t", count) == expected
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "body",
    [
        "s = s + q[i]",  # short
        "s = s + long(q[i]) * slow(q[i])",  # calls what has no version for vectors
        "s = 0.5 * s + long(q[i])",  # must run in order
        "t = long(q[i]); s = s + t; w[i] = s",
        "g[i] = long(q[i]); s = s + g[i]",  # reads what it writes
        "g[2 * i] = long(q[i])",  # writes here and there
        "d[i] = long(q[i])",  # to memory that may be read through another name
        "g[i] += long(q[i])",
        "if q[i] > 0.0: s = s + long(q[i])",
    ],
)
def test_other_loops_are_left_alone(body: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert not marked(body)
    assert capfd.readouterr().err == ""


def test_sums_need_permission_to_change_their_order() -> None:
    assert not marked("s = s + long(q[i])", decorator="@exact")
    assert marked("w[i] = long(q[i])", decorator="@exact")


PROGRAM = """
data { int N; vector[N] x; array[N] int y; array[N] int g; }
parameters { real a; vector[N] b; real<lower=0> s; vector<lower=0>[3] u; }
model {
  for (i in 1:N) {
    target += normal_lcdf(x[i] | a + b[g[i]], s);
    y[i] ~ neg_binomial_2(exp(a + b[i]), s + u[1 + y[i] % 3]);
    x[i] ~ student_t(4 + s, b[i], u[1 + i % 3]);
  }
}
"""


@pytest.mark.parametrize("size", [*range(5, 16), 17])
def test_value_and_gradient(size: int, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    random = np.random.default_rng(size)
    data = {
        "N": size, "x": random.normal(size=size), "y": random.poisson(3, size),
        "g": random.integers(1, size, size, endpoint=True),
    }  # fmt: skip
    point = random.normal(size=size + 5)
    found = []
    for short in (tails.SHORT, range(0)):
        monkeypatch.setattr(tails, "SHORT", short)
        monkeypatch.setenv("PPLC_CACHE_DIR", f"{tmp_path}/{len(short)}")
        value, gradient = pplc.compile_model(PROGRAM, data).logp_dlogp(point)
        found.append(np.array([value, *gradient]))
    assert_allclose(found[0], found[1], rtol=1e-12, atol=1e-13)


def test_remarks_on_loops_that_cannot_have_vectors_are_not_shown(capfd: pytest.CaptureFixture[str]) -> None:
    """LLVM writes them to the standard error by itself; what else comes there stays."""
    with without_remarks():
        os.write(2, b"remark: <unknown>:0:0: loop not vectorized: runtime pointer checks needed\nanother line\n")
    os.write(2, b"and one more\n")
    assert capfd.readouterr().err == "another line\nand one more\n"
