"""Conditions under which a density is not zero stand at the root: no gradient looks at them, no loop waits for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from pplc.compiler.backend.support import lift_conditions
from pplc.compiler.library.distributions._terms import within
from pplc.compiler.library.zeros import defined, zero_beyond
from pytensor.graph.traversal import ancestors

SWITCHES = {"within": (within, 1), "defined": (defined, 1), "zero beyond": (zero_beyond, 0)}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", SWITCHES)
def test_switches_leave_sums(name: str, dtype: str) -> None:
    switch, kept = SWITCHES[name]
    x = pt.vector("x", shape=(3,))
    with pytensor.config.change_flags(floatX=dtype):
        density: Any = switch(pt.gt(x, 0), -(x**2)).sum() - 1.0
    inner, conditions = lift_conditions(density)
    assert len(conditions) == kept
    assert not [variable for variable in ancestors([inner]) if variable.owner and "Switch" in str(variable.owner.op)]
    np.testing.assert_allclose(inner.eval({x: np.array([1.0, 2.0, 3.0])}), -15.0)


def test_other_switches_stay() -> None:
    x = pt.vector("x", shape=(3,))
    density = pt.switch(pt.gt(x, 0), -(x**2), np.nan).sum()
    assert lift_conditions(density) == (density, [])
