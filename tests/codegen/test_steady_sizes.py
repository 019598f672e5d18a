# ruff: noqa: E501  (program texts read better on one line)
"""Variables declared in a loop: with the same sizes each time they keep their memory, else their sizes are kept."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from pplc.compiler.codegen.loop_op import GeneratedLoop
from pplc.compiler.codegen.loop_source import sweep_source
from pplc.compiler.lower.program import Lowered, lower_program
from pytensor.graph.traversal import toposort

from .programs import checked, value_and_gradient

STATE = "vector[5] r = v; for (i in 1:4) {{ {declared} u = a * sin(r[1 : {size}]); {inner} r[1 : {size}] = tanh(u) * r[5]; }} target += sum(r);"
DECLARED = {  # sizes of a variable declared in the loop, and whether they are the same each time
    "vector[3]": ("3", True),
    "vector[K]": ("K", True),
    "vector[rows(v) - 2 * 1]": ("3", True),
    "vector[cols(m) + K - 3]": ("3", True),
    "vector[i]": ("i", False),
    "vector[n[i]]": ("n[i]", False),
}
INNER = "for (j in 1:2) { matrix[2, K] z = m * r[j]; array[2] vector[K] w; w[1] = z[1]' * u[1]; w[2] = z[2]'; r[j + 2] += sum(w[1] .* w[2]) * a; }"
DATA = {"K": 3, "n": np.array([2, 1, 3, 1])}
POINT = np.array([0.7, 0.5, -0.7, 0.1, 0.9, -0.3, 0.6, 0.1, -0.4, 0.8, 0.3, 0.2])


def lowered(statements: str, K: int = 3) -> Lowered:
    program = checked(
        f"data {{ int K; array[4] int n; }} parameters {{ real a; vector[5] v; matrix[2, 3] m; }} model {{ {statements} }}"
    )
    return lower_program(program, DATA | {"K": K})


def sweeps(program: Lowered) -> list[str]:
    nodes = toposort([program.log_density()])
    return [sweep_source(node.op.code) for node in nodes if isinstance(node.op, GeneratedLoop)]


@pytest.mark.parametrize("declared", DECLARED)
def test_value_and_gradient(declared: str) -> None:
    size, steady = DECLARED[declared]
    text = STATE.format(declared=declared, size=size, inner=INNER)
    program = lowered(text)
    [source] = sweeps(program)
    assert ("room_" in source) == (not steady)

    value, gradient = value_and_gradient(program, POINT)

    def run(point: np.ndarray) -> float:
        a, r, m = point[0], point[1:6].copy(), point[6:].reshape(3, 2).T
        for i in range(1, 5):
            count = {"i": i, "n[i]": DATA["n"][i - 1]}.get(size, 3)
            u = a * np.sin(r[:count])
            for j in range(2):
                z = m * r[j]
                r[j + 2] += np.sum(z[0] * u[0] * z[1]) * a
            r[:count] = np.tanh(u) * r[4]
        return float(np.sum(r))

    assert_allclose(value, run(POINT), rtol=1e-13)
    steps = np.eye(POINT.size) * 1e-6
    assert_allclose(gradient, [(run(POINT + d) - run(POINT - d)) / 2e-6 for d in steps], rtol=1e-6, atol=1e-8)


def test_a_negative_size_is_no_memory() -> None:
    """Where it is declared the statements fail, and the density is -inf."""
    program = lowered("real s = a; int k = 0; while (k < 3) { k += 1; vector[K - 4] u; s = sin(s); } target += s;")
    value, gradient = value_and_gradient(program, POINT)
    assert value == -np.inf
    assert np.isfinite(gradient).all()


def test_only_the_adjoint_is_asked_for() -> None:
    """The sweep looks at no value of `u`, but makes an adjoint of its size."""
    program = lowered("vector[2] r = v[1:2]; for (i in 1:4) { vector[2] u; u[1] = r[1] + a * r[2]; u[2] = n[i] * r[2]; r = u; }"
                      "target += sum(r);")  # fmt: skip
    value, gradient = value_and_gradient(program, POINT)
    a, r = POINT[0], POINT[1:3]
    step = [np.array([[1, a], [0, i]]) for i in DATA["n"]]
    assert_allclose(value, np.sum(step[3] @ step[2] @ step[1] @ step[0] @ r), rtol=1e-13)
    assert_allclose(gradient[1:3], np.sum(step[3] @ step[2] @ step[1] @ step[0], axis=0), rtol=1e-13)
    assert_allclose(gradient[0], r[1] * (1 + 2 + 2 + 2 * 3), rtol=1e-13)
