"""Generated loops taken into a program give what the same text gives as plain Python over NumPy."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytensor.tensor as pt
import pytest
from pplc.compiler.backend.functions import CompiledFunction, compile_function
from pplc.compiler.codegen import loader
from pplc.compiler.codegen.elementwise import ADD, COPY, take
from pplc.compiler.codegen.messages import new_buffer
from pplc.compiler.codegen.unit import Unit
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op

X = np.arange(12.0).reshape(4, 3) ** 1.5 - 7.0


class Loop(Op):  # type: ignore[misc]
    """An op with generated source, from one matrix to one array."""

    __props__ = ("source", "shape")

    def __init__(self, source: str, shape: tuple[int, ...]) -> None:
        self.source = source
        self.shape = shape

    def make_node(self, *inputs: Any) -> Apply:
        return Apply(self, list(inputs), [pt.TensorType("float64", self.shape)()])

    def perform(self, node: Apply, inputs: Sequence[Any], storage: list[list[Any]]) -> None:
        raise AssertionError("not called")


BODIES = {
    "column": "y = x[1:3, 2]\n    r = y.copy()",
    "column written": "r = np.zeros((4, 3))\n    r[:, 1] = x[:, 0]\n    copy_1__(r[1:4, 2], x[0:3, 1])",
    "column added to": "r = x.copy()\n    add_1__(r[:, 0], x[:, 2])",
    "listed positions along a fourth axis": "listed = np.array((3, 1), np.int64)\n"
    "    r = take_3_of_4__(x.copy().reshape(1, 2, 2, 3), listed)",
    "element of a view": "y = x[1:, 1:]\n    r = np.full(1, y[2, 1] * y[-1, 0])",
    "row of a view": "y = x[1:, 1:]\n    r = y[1].copy()",
    "transposed": "r = x.T.copy()",
    "transposed piece": "y = x.T\n    r = y[1:, 2].copy()",
    "sum": "r = np.full(1, np.sum(x))",
    "sum of a column": "r = np.full(1, np.sum(x[:, 1]))",
    "sum over rows": "r = np.sum(x, 0)",
    "sum over columns": "r = np.sum(x, 1)",
    "joined": "r = np.concatenate((x[:, 0].copy(), x[1]))",
    "joined matrices": "r = np.concatenate((x, x[1:2]))",
    "added": "r = x[0:2] + x[2:4]",
    "reshaped": "r = x[:, 1].copy().reshape(2, 2)",
    "reshaped transpose": "r = x.T.copy().reshape(x.size)",
    "repeated along rows": "r = np.empty((2,) + x[1].shape)\n    r[:] = x[1]",
    "repeated along columns": "r = np.empty((4, 2))\n    r[:] = x[:, 1].copy().reshape(4, 1)",
    "repeated number": "r = np.empty((2, 2))\n    r[:] = x[1, 1]",
    "sizes": "s = np.array(x.shape, np.int64)\n    r = np.full(s[1], 1.0 * s[0])",
    "one variable, two layouts": "y = x[0]\n    if x[0, 0] < 0.0:\n        y = x[0:3, 1]\n    r = y.copy()",
    "small arrays in a loop": "r = np.zeros(4)\n    for i in range(4):\n        v = np.full(1, x[i, 0])\n"
    "        w = v\n        v = np.full(1, 2.0)\n        r[i] = w[0] * v[0]",
}  # fmt: skip


def compiled(body: str) -> tuple[CompiledFunction, np.ndarray]:
    unit = Unit()
    for function in (COPY, ADD):
        function.call(unit, 1)
    take(unit, 4, 3, "", "")
    unit.add(f"@entry\ndef loop(_messages, x):\n    {body}\n    return (r, )")
    source = unit.source
    expected = np.asarray(loader.load_plain(source).loop(new_buffer(), X.copy())[0], dtype="float64")
    x = pt.matrix("x", shape=X.shape)
    return compile_function([x], [Loop(source, expected.shape)(x)], {}), expected


@pytest.mark.parametrize("name", BODIES)
def test_agrees_with_numpy(name: str) -> None:
    function, expected = compiled(BODIES[name])
    assert not function.bound.text.externals, "compiled by Numba instead"
    (result,) = function(X)
    np.testing.assert_allclose(result, expected, rtol=1e-14)


def test_threads_do_not_disturb_each_other() -> None:
    body = "r = np.zeros(3)\n    for i in range(x.shape[0]):\n        r = r + np.sum(x[i:], 0)"
    function, _ = compiled(body)
    assert not function.bound.text.externals
    draws = np.random.default_rng(0).normal(size=(4000, *X.shape))
    (expected,) = function.over_draws(draws)
    results: list[Any] = [None] * 4
    threads = [
        threading.Thread(target=lambda k=k: results.__setitem__(k, function.over_draws(draws)[0])) for k in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        np.testing.assert_array_equal(result, expected)


ALIKE = {
    "names": (
        "a = x[0, 1]\n    b = x[1, 1]\n    r = a - 2.0 * b",
        "b = x[0, 1]\n    c = x[1, 1]\n    r = b - 2.0 * c",
        True,
    ),
    "names crossed": (
        "a = x[0, 1]\n    b = x[1, 1]\n    r = a - 2.0 * b",
        "a = x[0, 1]\n    b = x[1, 1]\n    r = b - 2.0 * a",
        False,
    ),
    "another step": ("a = x[0, 1]\n    r = a + 1.0", "a = x[0, 1]\n    b = a\n    r = b + 1.0", False),
    "numbers": ("r = x[0, 1] * 2.0", "r = x[0, 1] * 3.0", False),
    "functions": ("r = exp(x[0, 1])", "r = expm1(x[0, 1])", False),
}


@pytest.mark.parametrize("name", ALIKE)
def test_functions_that_differ_in_names_only_are_one(name: str) -> None:
    first, second, are_one = ALIKE[name]
    sources = [f"def loop(_messages, x):\n    {body}\n    return (r,)\n" for body in (first, second)]
    x = pt.matrix(shape=X.shape)
    function = compile_function([x], [Loop(source, ())(x) for source in sources], {})
    for found, source in zip(function(X), sources, strict=True):
        np.testing.assert_allclose(found, loader.load_plain(source).loop(new_buffer(), X)[0], rtol=1e-14)
    assert function.source.count("def loop_") == (3 if are_one else 6)


def test_whole_numbers_that_are_known_are_told_to_loops() -> None:
    n, x = pt.lscalar("n"), pt.matrix(shape=X.shape)
    loop = Loop(
        "def loop(_messages, n, x):\n    r = 0.0\n    for k in range(n):\n        r += x[k, 0]\n    return (r,)\n", ()
    )
    known = compile_function([x], [loop(pt.constant(2), x), loop(pt.constant(3), x)], {})
    np.testing.assert_allclose(known(X), [X[:2, 0].sum(), X[:3, 0].sum()], rtol=1e-14)
    unknown = compile_function([n, x], [loop(n, x)], {})
    np.testing.assert_allclose(unknown(4, X), [X[:, 0].sum()], rtol=1e-14)
