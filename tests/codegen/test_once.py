"""A forward pass that keeps what the sweep needs, where user's functions are called."""

from __future__ import annotations

import numpy as np
import pytest
from pplc.compiler.codegen.loop_op import GeneratedLoop
from pplc.compiler.lower.program import Lowered, lower_program
from pytensor.graph.traversal import toposort

from .programs import check_gradient, checked, value_and_gradient

FUNCTIONS = """
real grown(real x, real r) { real y = r * x * (1 - x); if (y < 0) y *= 0.5; for (i in 1:2) y = sin(y) + x; return y; }
vector turned(vector x, real r) { vector[rows(x)] z = x * r; z[1] = grown(x[2], r); return tanh(z); }
real halved(real x) { real y = x; while (y > 0.1) y *= 0.5; return y; }
real refused(real x) { if (x > 0.6) reject("too large"); return x * x; }
vector cut(vector x) { if (x[1] < 0.4) return x[1:2]; return x; }
real added_lp(real x) { target += -x * x; return x; }
"""
POINT = np.array([0.3, 0.2, -0.4, 0.1])


def lowered(statement: str) -> Lowered:
    text = f"{{ real s = a; vector[3] u = v; for (i in 1:4) {{ {statement} }} target += s + sum(u); }}"
    program = checked(f"functions {{ {FUNCTIONS} }} parameters {{ real a; vector[3] v; }} model {{ {text} }}")
    return lower_program(program, {})


def is_kept(program: Lowered) -> bool:
    ops = [node.op for node in toposort([program.log_density()])]
    [loop] = [op for op in ops if isinstance(op, GeneratedLoop)]
    return loop.code.kept is not None


@pytest.mark.parametrize(
    ("statement", "kept"),
    [
        ("s = grown(s, a);", True),
        ("u = turned(u, s); s = grown(s, u[2]);", True),
        ("vector[3] w = turned(u, a); s += grown(s, w[1]); u = w;", True),
        ("s = refused(s);", True),
        ("s = halved(s + a);", False),
        ("s = added_lp(s) * a;", False),
        ("vector[2] w = cut(u); s += w[1] * w[2] * a;", True),
    ],
)
def test_value_and_gradient(statement: str, kept: bool) -> None:
    program = lowered(statement)
    assert is_kept(program) == kept
    check_gradient(program, POINT)


def test_a_function_that_rejects() -> None:
    value, gradient = value_and_gradient(lowered("s = refused(s);"), np.array([0.9, 0.2, -0.4, 0.1]))
    assert value == -np.inf
    assert np.isfinite(gradient).all()


LEARNING = """
data { int N; int T; array[N] int n_trials; array[N, T] int choice; array[N, T] real reward; }
parameters { vector[N] rate; real scale; }
model {
  for (i in 1:N) {
    vector[2] value = rep_vector(0, 2);
    vector[2] chances;
    for (t in 1:n_trials[i]) {
      chances = softmax(value * scale);
      if (choice[i, t] > 0) target += log(chances[choice[i, t]]);
      value[2] += rate[i] * (reward[i, t] - value[2]) * 0.5;
      value *= 0.9;
    }
  }
}
"""


@pytest.mark.parametrize(("subjects", "trials"), [(3, 4), (40, 500)])
def test_long_loops_of_known_length_are_kept(subjects: int, trials: int) -> None:
    """Only what decides how much is kept is run beforehand, so that the number of steps matters little."""
    random = np.random.default_rng(1)
    shape = (subjects, trials)
    data = {
        "N": subjects, "T": trials, "n_trials": random.integers(1, trials, subjects, endpoint=True),
        "choice": random.integers(0, 2, shape, endpoint=True), "reward": random.normal(size=shape),
    }  # fmt: skip
    program = lower_program(checked(LEARNING), data)
    assert is_kept(program)
    point = random.normal(size=subjects + 1)
    if subjects <= 4:
        check_gradient(program, point)
