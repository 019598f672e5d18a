"""Every rewrite changes its example, and neither value nor gradient of anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from pplc.compiler.backend.density import compile_log_density
from pplc.compiler.rewrite.pipeline import rewrites, special_forms
from pytensor.compile.mode import Mode
from pytensor.graph.fg import FunctionGraph
from pytensor.graph.rewriting.basic import WalkingGraphRewriter

from tests.backend.corpus import CASES

PLAIN = Mode(linker="py", optimizer=None)


@pytest.mark.parametrize("name", rewrites())
def test_example_is_changed_and_keeps_its_value(name: str) -> None:
    rewrite = rewrites()[name]
    inputs, output = rewrite.example()
    graph = FunctionGraph(inputs, [output], clone=True)
    before = pytensor.printing.debugprint(graph, file="str")
    WalkingGraphRewriter(rewrite.rewriter).rewrite(graph)
    assert pytensor.printing.debugprint(graph, file="str") != before
    rng = np.random.default_rng(0)
    values = [rng.normal(size=x.type.shape) for x in inputs]
    old = pytensor.function(inputs, output, mode=PLAIN)(*values)
    new = pytensor.function(graph.inputs, graph.outputs, mode=PLAIN)(*values)[0]
    np.testing.assert_allclose(new, old, rtol=1e-13)


@pytest.mark.parametrize("case", ["eight_schools", "varying_slopes", "student", "mixture", "random_walk"])
@pytest.mark.parametrize("name", rewrites())
def test_densities_do_not_depend_on_it(name: str, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with_it = compile_log_density(*CASES[case]())
    monkeypatch.setenv("PPLC_REWRITES_OFF", name)
    without = compile_log_density(*CASES[case]())
    point = np.random.default_rng(1).normal(size=with_it.size)
    value, gradient = with_it(point)
    expected, slope = without(point)
    np.testing.assert_allclose(value, expected, rtol=1e-12)
    np.testing.assert_allclose(gradient, slope, rtol=1e-10, atol=1e-12 * np.abs(slope).max())


@pytest.mark.parametrize("copies", [0, 1, 3])
@pytest.mark.parametrize("reduce", [pt.all, pt.any, pt.sum, pt.prod], ids=lambda f: f.__name__)
def test_reductions_of_copies(reduce: Callable[..., Any], copies: int) -> None:
    """None of no copies is false, and no copy of true is any."""
    x = pt.dscalar("x")
    reduced = reduce(pt.alloc(x > 0, copies, copies))
    (simplified,) = special_forms([reduced])
    plain, special = (
        pytensor.function([x], result, mode=PLAIN, on_unused_input="ignore") for result in (reduced, simplified)
    )
    assert [special(1.0), special(-1.0)] == [plain(1.0), plain(-1.0)]
