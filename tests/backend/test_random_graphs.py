"""Random graphs agree with PyTensor's evaluation: as text run by Python, every access checked, and compiled."""

from __future__ import annotations

import numpy as np
import pytensor
import pytest
from pplc.compiler.backend.density import compile_log_density
from pplc.compiler.backend.fallback import NumbaFunction
from pplc.compiler.backend.graph import density_text

from .interpreter import interpret
from .random_graphs import Recipe, build, recipe
from .random_pool import evaluate

FOUND: tuple[Recipe, ...] = (  # recipes that once failed
    (5200, (("recurrence", 30068), ("joined", 457594), ("data", 915503), ("written", 671584))),
    (1856, (("diagonal", 284367), ("written", 685875), ("filled", 444212), ("repeated", 12447),
            ("product_with_transpose", 777500))),
)  # fmt: skip


def check(what: Recipe, compiled: bool) -> None:
    """Value and gradient, where they are finite; what needs Numba is compiled in other tests."""
    (q, density, data), point, values = build(what)
    value, slope = evaluate([density, pytensor.grad(density, q, disconnected_inputs="ignore")], values)
    if compiled:
        found, gradient = compile_log_density(q, density, data)(point)
    else:
        built = density_text(q, density, data, "density")
        found, gradient = interpret(built, "density", point)
    if np.isfinite(value):
        np.testing.assert_allclose(found, value, rtol=1e-9, atol=1e-9, err_msg=f"{what}")
        finite = np.isfinite(slope)
        scale = np.abs(slope[finite]).max(initial=1.0)
        np.testing.assert_allclose(gradient[finite], slope[finite], rtol=1e-8, atol=1e-8 * scale, err_msg=f"{what}")


@pytest.fixture(autouse=True)
def _without_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    def skipped(self: NumbaFunction) -> int:
        pytest.skip("needs Numba, which takes seconds")

    monkeypatch.setattr(NumbaFunction, "address", property(skipped))


@pytest.mark.parametrize("seed", range(20))
def test_text_of_random_graphs(seed: int) -> None:
    check(recipe(seed), compiled=False)


@pytest.mark.parametrize("seed", range(100, 106))
def test_compiled_random_graphs(seed: int) -> None:
    check(recipe(seed), compiled=True)


@pytest.mark.parametrize("what", FOUND)
def test_recipes_that_failed(what: Recipe) -> None:
    check(what, compiled=False)
