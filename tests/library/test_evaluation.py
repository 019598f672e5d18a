"""Graphs worked out in Python."""

from __future__ import annotations

import numpy as np
import pytensor.tensor as pt
import pytest
from pplc.compiler.library.evaluation import evaluate
from pplc.compiler.library.kernels.plain import plain
from pytensor.compile.builders import OpFromGraph


def nothing(x):
    return 0.0, 0.0


def test_operations_that_are_graphs_are_not_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(OpFromGraph, "perform")
    x = pt.dvector("x")
    sums = pt.logsumexp(x) + pt.logaddexp(x, 2.0) + 1
    known = np.array([0.5, 3.0])
    np.testing.assert_allclose(evaluate(sums, {x: known}), np.logaddexp(*known) + np.logaddexp(known, 2) + 1)


def test_kernels_divide_their_literals_as_machines_do() -> None:
    def kernel(x):
        if x == 0:
            zero = 0.0
            return 1.0 / zero
        both = nothing(x)
        return both[0] / both[1]

    assert plain(kernel)(0.0) == np.inf
    assert np.isnan(plain(kernel)(1.0))
