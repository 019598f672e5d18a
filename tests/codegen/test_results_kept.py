"""Results of costly functions that the forward pass keeps for the sweep."""

from __future__ import annotations

import re

import numpy as np
import pytest
from pplc.compiler.codegen.loop_op import GeneratedLoop
from pplc.compiler.lower.program import Lowered, lower_program
from pytensor.graph.traversal import toposort

from .programs import check_gradient, checked

POINT = np.array([0.3, 0.2, -0.4, 0.1])
FUNCTION = "real grown(real x, real r) { real y = x; for (i in 1:3) y = 0.5 * pow(y, r) + exp(-y); return y; }"
COSTLY = re.compile(r"\b(power|exp|tanh|sin)\(")


def lowered(statements: str) -> Lowered:
    text = f"real s = a; vector[3] u = v; for (i in 1:4) {{ {statements} }} target += s + sum(u);"
    program = f"functions {{ {FUNCTION} }} parameters {{ real<lower=0> a; vector[3] v; }} model {{ {text} }}"
    return lower_program(checked(program), {})


def sweep_of(program: Lowered) -> str:
    [loop] = [node.op for node in toposort([program.log_density()]) if isinstance(node.op, GeneratedLoop)]
    kept = loop.code.kept
    assert kept is not None
    return kept.sweep


@pytest.mark.parametrize(
    "statements",
    [
        "s = 0.5 * pow(s, a) * exp(-s);",
        "real w = exp(-a * s); s = w * s + pow(w, 1.5);",  # a declaration, kept itself, too
        "s = exp(u[1] * sin(s)); u[2] = s * exp(-u[3] * s); u[3] += 0.1 * s;",  # nested, and an element
        "if (i > 2) s = a * exp(-s); else s = pow(s, a) * s;",  # in a branch
        "for (j in 1:i) s = 0.9 * s * exp(-0.1 * s * j);",  # in a loop in it
    ],
)
def test_the_sweep_computes_no_result_again(statements: str) -> None:
    program = lowered(statements)
    assert not COSTLY.search(sweep_of(program))
    check_gradient(program, POINT)


@pytest.mark.parametrize(
    "statements",
    [
        "s = s < 1 ? s * exp(-s) : pow(s, a);",  # one of two
        "s = grown(s, a) * exp(-a);",
        "int n = 0; while (s > 0.2 && n < 3) { s = 0.5 * s * exp(-0.1 * s); n += 1; }",  # as often as parameters say
        "s = log(s) > 0 || exp(s) > 2 ? 0.5 * s : exp(s);",
        "vector[3] w = exp(-u); u = w * exp(-s); s = pow(s, 0.9) * w[1];",
        "s = pow(s * 0, 0.5) + 0.3 * pow(s, 2);",  # a base of 0
    ],
)
def test_gradient(statements: str) -> None:
    check_gradient(lowered(statements), POINT)
