"""Loops over short inner axes are unrolled; buffers that a row loop fills anew must be read inside it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from pplc.compiler.backend.density import compile_log_density
from pytensor.compile.mode import Mode


def check(position: object, log_density: object, data: dict[object, np.ndarray], at: np.ndarray) -> None:
    gradient = pytensor.grad(log_density, position)
    function = pytensor.function(
        [position, *data], [log_density, gradient], mode=Mode(linker="py", optimizer=None), on_unused_input="ignore"
    )
    value, slope = function(at, *data.values())
    compiled = compile_log_density(position, log_density, data)(at)
    assert compiled[0] == pytest.approx(float(value), rel=1e-12)
    assert compiled[1] == pytest.approx(slope, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize(("rows", "columns"), [(2, 2), (5, 1), (3, 4), (20, 3)])
def test_rows_of_reversed_cumulative_sums(rows: int, columns: int) -> None:
    q = pt.tensor("q", dtype="float64", shape=(rows * columns,))
    x = q.reshape((rows, columns))
    z = pt.concatenate([pt.cumsum(x, axis=-1)[:, ::-1], pt.zeros_like(x[:, :1])], axis=-1)
    check(q, pt.log(pt.exp(z).sum(axis=-1)).sum(), {}, np.linspace(-1, 1, rows * columns))


@pytest.mark.parametrize(("inputs", "hidden"), [(30, 10), (30, 3), (4, 2)])
def test_network(inputs: int, hidden: int) -> None:
    outputs, cases = 4, 12
    random = np.random.default_rng(1)
    q = pt.tensor("q", dtype="float64", shape=(inputs * hidden + hidden * outputs,))
    alpha = q[: inputs * hidden].reshape((inputs, hidden))
    beta = q[inputs * hidden :].reshape((hidden, outputs))
    x = pt.tensor("x", dtype="float64", shape=(cases, inputs))
    scores = pt.dot(pt.tanh(pt.dot(x, alpha)), beta)
    log_density = (scores[:, 0] - pt.log(pt.exp(scores).sum(axis=-1))).sum()
    check(q, log_density, {x: random.normal(size=(cases, inputs))}, random.normal(size=q.type.shape[0]))


def test_loops_of_length_one_around_much() -> None:
    """What such a loop fills must not be read before it, however much there is in it."""
    q = pt.tensor("q", dtype="float64", shape=(3,))
    weights = pt.tensor("weights", dtype="float64", shape=(27,))
    terms = []
    for number, shape in enumerate([(1, 1, 1, 3, 3, 3), (1, 1, 1, 1, 3, 3, 3), (1, 1, 27)]):
        x = q[number : number + 1].reshape((1,) * len(shape))
        w = weights.reshape(shape)
        terms.append((pt.tanh(x * w) * pt.sin(x + w)).sum())
    check(q, pt.add(*terms), {weights: np.linspace(-1, 1, 27)}, np.array([0.2, 0.5, 0.9]))


@pytest.mark.parametrize(("function", "loop"), [(pt.exp, False), (pt.gammaln, True)])
def test_four_long_functions_stay_a_loop(
    function: Callable[[pt.TensorVariable], pt.TensorVariable], loop: bool
) -> None:
    """Which becomes one vector; written out, they are computed one by one."""
    q = pt.tensor("q", dtype="float64", shape=(4,))
    log_density = function(pt.exp(q)).sum()
    at = np.array([0.2, -0.5, 0.9, 2.0])
    check(q, log_density, {}, at)
    body = compile_log_density(q, log_density, {}).source.partition("def log_density")[2]
    assert ("in range(4)" in body) == loop
