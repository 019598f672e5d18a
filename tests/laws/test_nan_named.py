"""A density that is nan says where nan came from: the function, its arguments and their values, whatever the function.

What is declared to be outside a function's domain is said in those words; all other calls are found by running the
statements once more.
"""

from __future__ import annotations

import numpy as np
import pytensor.tensor as pt
import pytest
from function_cases import case_of
from pplc.compiler.library import registry
from pplc.compiler.library.evaluation import evaluate
from pplc.compiler.library.expand import implementation, signatures_of
from pplc.compiler.types import Real

import pplc

pytestmark = pytest.mark.filterwarnings("ignore::pplc.ProgramWarning")

OUTSIDE = (-np.inf, -2.5, 0.0, 1.5, np.inf)


def calls() -> list[tuple[str, int]]:
    """Functions of reals alone with a real result, and the argument that is replaced."""
    found = []
    for name in sorted(registry.functions()):
        signature = next((s for s in signatures_of(name) if {*s.arguments, s.result} == {Real()}), None)
        if signature is not None and implementation(name, signature.arguments).build is not None:
            found += [(name, place) for place in range(len(signature.arguments))]
    return found


def nan_at(name: str, place: int) -> np.ndarray | None:
    """Arguments, all of them numbers, of which the function makes nan."""
    signature = next(s for s in signatures_of(name) if {*s.arguments, s.result} == {Real()})
    function = implementation(name, signature.arguments)
    usual = [float(value) for value in case_of(function, signature).arguments]
    for value in OUTSIDE:
        given = np.array([*usual[:place], value, *usual[place + 1 :]])
        if np.isnan(evaluate(pt.as_tensor(function.build(*map(pt.constant, given))))):
            return given
    return None


NAN = [(name, place) for name, place in calls() if nan_at(name, place) is not None]


@pytest.mark.parametrize(("name", "place"), NAN)
def test_the_call_is_named(name: str, place: int) -> None:
    at = nan_at(name, place)
    assert at is not None
    names = [f"a{number}" for number in range(len(at))]
    bar = " | " if name.endswith("_lpdf") else ", "
    call = f"{name}({bar.join([names[0], ', '.join(names[1:])] if names[1:] else names)})"
    program = f"parameters {{ {' '.join(f'real {n};' for n in names)} }} model {{ target += {call}; }}"
    model = pplc.compile_model(program)
    problem = model.failure(at)
    assert problem is not None
    assert f"`{name}`" in problem.title
    assert f"is {at[place]:g}" in problem.title
    assert problem.mark.span.text in (call, *names)


PROGRAMS = {
    "target += a - a;": "`a - a` is nan where x is inf and y is inf",
    "while (s < 2) { s += 1; target += log(s - 3); }": "`log` is nan where x is -2",
    "matrix[1, 1] m = [[a]]; target += sum(matrix_exp(m));": "`matrix_exp` is nan where x is [[inf]]",
    "target += f(-2);": "`log` is nan where x is -2",
    "vector[2] v = sqrt([-1, 4]'); target += sum(v);": "`sqrt` is nan where x is [-1,4]",
}


@pytest.mark.parametrize(("statements", "sentence"), PROGRAMS.items())
def test_in_statements(statements: str, sentence: str) -> None:
    model = pplc.compile_model(
        f"""functions {{ real f(real x) {{ return log(x); }} }}
        parameters {{ real a; }} model {{ real s = 0; {statements} }}"""
    )
    problem = model.failure(np.array([np.inf]))
    assert problem is not None
    assert problem.title.startswith(sentence)


def test_what_comes_to_nothing_is_not_blamed() -> None:
    """nan that does not reach the density, where that is zero or a number."""
    model = pplc.compile_model("parameters { real a; } model { real b = log(a); target += a < 0 ? a : b; }")
    assert model.failure(-np.ones(1)) is None
    model = pplc.compile_model("parameters { real a; } model { real b = log(a); target += negative_infinity(); }")
    assert model.failure(-np.ones(1)) is None
