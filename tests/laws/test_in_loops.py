"""Every distribution of numbers gives the same value and gradient in generated code as in a graph, truncated as well.

What truncation must add is spelled out by the distribution's own cdfs. Graphs are evaluated by PyTensor's Python
machine and generated code runs as Python, so that nothing is compiled.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytensor
import pytest
from numpy.testing import assert_allclose
from pplc.compiler.codegen import loader
from pplc.compiler.codegen.loop_source import Code, loop_source, sweep_source
from pplc.compiler.codegen.messages import new_buffer
from pplc.compiler.library.definitions import Distribution
from pplc.compiler.library.densities import parameters_of
from pytensor.compile.mode import Mode
from scalar_calls import NUMBERS, call, declared, numbers, parts_of, point

import pplc

pytestmark = pytest.mark.slow  # a second for each

HAVE_CDFS = [d for d in NUMBERS if len(parts_of(d)) > 2]  # loglogistic has one only


def in_graph(text: str, at: np.ndarray) -> tuple[float, np.ndarray]:
    lowered = pplc.compile_model(text).lowered
    density = lowered.log_density()
    slopes = pytensor.grad(density, lowered.position, disconnected_inputs="ignore")
    table = lowered.table.values
    mode = Mode("py", None)
    function = pytensor.function([lowered.position, *table], [density, slopes], mode=mode, on_unused_input="ignore")
    value, gradient = function(at, *table.values())
    return float(value), gradient


def generated(text: str, at: np.ndarray) -> tuple[float, np.ndarray]:
    """The model block as generated code, and its reverse sweep."""
    program = pplc.compile_model(text).program
    parameters = [node.variable for node in program.parameters]
    source, messages = loop_source(program.model, parameters, [])
    active = (True,) * len(parameters)
    code = Code(source, messages, program.model, tuple(parameters), (), active, (), ("target",), None)
    numbers = [np.float64(x) for x in at]
    buffer = new_buffer()
    (value,) = loader.load_plain(source).loop(buffer, *numbers)
    assert messages.error(buffer) is None
    adjoints = loader.load_plain(sweep_source(code)).loop(new_buffer(), *numbers, 1.0) if parameters else []
    return float(value), np.array(adjoints)


def check(distribution: Distribution, one: str, other: str | None = None) -> None:
    """Both texts as a graph, and the first as generated code, have one value and one gradient."""
    at = point(distribution)
    text = f"{declared(distribution)} model {{ {one} }}"
    value, gradient = in_graph(text, at)
    assert np.isfinite(value)
    for found, slopes in [generated(text, at), *([in_graph(text.replace(one, other), at)] if other else [])]:
        assert_allclose(found, value, rtol=1e-11, atol=1e-12)
        assert_allclose(slopes, gradient, rtol=1e-9, atol=1e-11 * max(1.0, np.abs(gradient).max(initial=0)))


@pytest.mark.parametrize("distribution", NUMBERS, ids=lambda d: d.name)
def test_generated_code(distribution: Distribution) -> None:
    names = [f"{distribution.name}_{part}" for part in parts_of(distribution)]
    weighted = (f"{1 + 0.3 * i:g} * {call(name, numbers(distribution))}" for i, name in enumerate(names))
    check(distribution, " ".join(f"target += {term};" for term in weighted))


@pytest.mark.parametrize("distribution", HAVE_CDFS, ids=lambda d: d.name)
def test_truncation(distribution: Distribution) -> None:
    truncated, spelled_out = zip(*truncations(distribution), strict=True)
    check(distribution, " ".join(truncated), " ".join(spelled_out))


def truncations(distribution: Distribution) -> Iterator[tuple[str, str]]:
    """Statements that are truncated below, above, and on both sides, each with what it stands for."""
    outcome, *rest = numbers(distribution)
    if parameters_of(distribution)[0].support.integer:
        low, high = str(max(int(outcome) - 1, 0)), str(int(outcome) + 1)
        below = str(int(low) - 1)  # the lower bound itself counts
    else:
        low, high = f"0.8 * {outcome}", f"1.15 * {outcome}"
        below = low
    statement = f"{outcome} ~ {distribution.name}({', '.join(rest)})"

    def part(kind: str, at: str) -> str:
        return call(f"{distribution.name}_{kind}", [at, *rest])

    yield f"{statement} T[{low}, ];", f"{statement}; target += -{part('lccdf', below)};"
    yield f"{statement} T[, {high}];", f"{statement}; target += -{part('lcdf', high)};"
    both = f"log_diff_exp({part('lcdf', high)}, {part('lcdf', below)})"
    yield f"{statement} T[{low}, {high}];", f"{statement}; target += -{both};"
