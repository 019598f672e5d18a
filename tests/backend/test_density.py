"""Compiled log densities agree with PyTensor's own evaluation of the unrewritten graph."""

from __future__ import annotations

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from pplc.compiler.backend.density import compile_log_density
from pytensor.compile.mode import Mode

from .corpus import CASES, Case


def reference(case: Case, point: np.ndarray) -> tuple[float, np.ndarray]:
    """Value and gradient by PyTensor's Python virtual machine, without any rewrite."""
    q, log_density, data = case
    gradient = pytensor.grad(log_density, q, disconnected_inputs="ignore")
    mode = Mode(linker="py", optimizer=None)
    function = pytensor.function([q, *data], [log_density, gradient], mode=mode, on_unused_input="ignore")
    value, slope = function(point, *data.values())
    return float(value), slope


def assert_agrees(case: Case, seed: int = 0) -> None:
    compiled = compile_log_density(*case)
    point = np.random.default_rng(seed).normal(size=compiled.size)
    value, gradient = compiled(point)
    expected, slope = reference(case, point)
    np.testing.assert_allclose(value, expected, rtol=1e-10, atol=1e-10)
    scale = np.abs(slope).max(initial=1.0)
    np.testing.assert_allclose(gradient, slope, rtol=1e-9, atol=1e-11 * scale, err_msg=compiled.source)


@pytest.mark.parametrize("name", CASES)
def test_agrees_with_pytensor(name: str) -> None:
    assert_agrees(CASES[name]())


def test_outside_the_support_is_minus_infinity() -> None:
    q = pt.vector("q", shape=(2,))
    density = pt.switch(pt.gt(q[0], 0), -q[0] * pt.exp(q[1]), -np.inf) + pt.sum(pt.switch(pt.lt(q, 5), q, -np.inf))
    compiled = compile_log_density(q, density, {})
    assert np.isfinite(compiled(np.array([1.0, 2.0]))[0])
    assert compiled(np.array([-1.0, 2.0]))[0] == -np.inf
    assert compiled(np.array([1.0, 6.0]))[0] == -np.inf
