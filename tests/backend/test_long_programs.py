"""Long programs: each statement is looked at a few times, however many there are and whatever they share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from pplc.compiler.backend.density import compile_log_density
from pplc.compiler.backend.schedule import storage
from pplc.compiler.backend.support import lift_conditions
from pplc.compiler.rewrite.pipeline import special_forms
from pytensor.compile.mode import Mode
from pytensor.graph.traversal import toposort

PLAIN = Mode(linker="py", optimizer=None)

STEPS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "products": lambda one, _, b: one * b,
    "squares": lambda one, _, b: one * one * b,
    "quotients": lambda one, two, b: one / (two * b),
    "sums": lambda one, two, b: one + two,
    "differences": lambda one, two, b: b - one - two,
    "exponentials": lambda one, two, b: pt.exp(-one) * b + pt.sigmoid(two) * pt.exp(-two),
}


def chain(step: Callable[[Any, Any, Any], Any], first: Any, b: Any, length: int) -> list[Any]:
    """Variables, each made of the two before it."""
    found = [first, first + b]
    while len(found) < length:
        found.append(step(found[-1], found[-2], b))
    return found


def operands(outputs: Sequence[Any]) -> int:
    return sum(len(node.inputs) for node in toposort(list(outputs)))


@pytest.mark.parametrize("step", STEPS)
def test_a_chain_grows_with_its_length(step: str) -> None:
    """Where each variable is wanted, none is written out again in those after it."""
    a, b = pt.dscalars("a", "b")
    sizes = [operands(special_forms(chain(STEPS[step], a, b, length))) for length in (40, 80)]
    assert sizes[1] < 2.2 * sizes[0]


@pytest.mark.parametrize("step", STEPS)
def test_special_forms_keep_values(step: str) -> None:
    a, b = pt.dscalars("a", "b")
    outputs = chain(STEPS[step], a, b, 7)
    plain, special = (pytensor.function([a, b], graphs, mode=PLAIN) for graphs in (outputs, special_forms(outputs)))
    np.testing.assert_allclose(special(0.7, 1.1), plain(0.7, 1.1), rtol=1e-12)


@pytest.mark.parametrize(
    ("build", "forms"),
    [
        (lambda x, y, z: (x * y * z) / (y * x), lambda x, y, z: z),
        (lambda x, y, z: (x / y + z) * y, lambda x, y, z: x + z * y),
        (lambda x, y, z: z * pt.exp(x) * pt.sigmoid(-x), lambda x, y, z: z * pt.sigmoid(x)),
        (lambda x, y, z: x - (y - z) - x, lambda x, y, z: z - y),
        (lambda x, y, z: x * 0.0 * y, lambda x, y, z: pt.constant(0.0)),
    ],
    ids=["cancelled", "distributed", "sigmoid", "sums", "zero"],
)
def test_short_products_are_taken_apart(build: Any, forms: Any) -> None:
    inputs = pt.dscalars("x", "y", "z")
    (found,) = special_forms([build(*inputs)])
    (wanted,) = special_forms([forms(*inputs)])
    assert operands([found]) == operands([wanted])
    values = [0.3, -1.2, 2.5]
    results = [pytensor.function(inputs, g, mode=PLAIN, on_unused_input="ignore")(*values) for g in (found, wanted)]
    np.testing.assert_allclose(results[0], results[1], rtol=1e-13)


def test_rows_of_a_long_chain() -> None:
    """Sums over rows of data look at what they share once; 60 variables would be 2**40 paths otherwise."""
    q, x, y = pt.vector("q", shape=(2,)), pt.vector("x", shape=(20,)), pt.vector("y", shape=(20,))
    rng = np.random.default_rng(0)
    values = {x: rng.normal(size=20), y: rng.normal(size=20)}
    *_, last = chain(lambda one, two, b: 0.5 * one + b * two, q[0] * x, q[1], 60)
    log_density = pt.sum(-0.5 * (y - last) ** 2)
    density = compile_log_density(q, log_density, values)
    point = np.array([0.3, -0.2])
    plain = pytensor.function([q, x, y], [log_density, pt.grad(log_density, q)], mode=PLAIN)
    expected, slope = plain(point, values[x], values[y])
    value, gradient = density(point)
    np.testing.assert_allclose(value, expected, rtol=1e-12)
    np.testing.assert_allclose(gradient, slope, rtol=1e-10)


def test_conditions_of_shared_terms() -> None:
    x = pt.dscalar("x")
    *_, last = chain(lambda one, two, b: one + two, pt.switch(x > 0, x, -np.inf), x, 60)
    value, conditions = lift_conditions(last)
    assert len(conditions) == 1
    assert operands([value]) < 200


@pytest.mark.parametrize("longest", [20, 1000])
def test_ends_of_long_chains_are_in_memory(longest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of many sums over arrays made of each other is traced back only as far as the next array in memory."""
    visits = []
    trace = storage.trace
    monkeypatch.setattr(storage, "trace", lambda *given: visits.append(trace(*given)) or visits[-1])
    monkeypatch.setattr(storage, "LONG_CHAIN", longest)
    q, x = pt.vector("q", shape=(40,)), pt.vector("x", shape=(30,))
    vectors = chain(lambda one, _, b: pt.tanh(one) * b, x + q[0], x, 40)
    log_density = sum(q[k] * pt.sum(pt.sqr(vector)) for k, vector in enumerate(vectors))
    values = {x: np.random.default_rng(1).normal(size=30)}
    density = compile_log_density(q, log_density, values)
    assert (sum(map(len, visits)) < 40 * 40) == (longest == 20)
    point = np.random.default_rng(2).normal(size=40)
    plain = pytensor.function([q, x], [log_density, pt.grad(log_density, q)], mode=PLAIN)
    expected, slope = plain(point, values[x])
    value, gradient = density(point)
    np.testing.assert_allclose(value, expected, rtol=1e-12)
    np.testing.assert_allclose(gradient, slope, rtol=1e-10, atol=1e-12)
