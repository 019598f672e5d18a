"""Probabilities and cdfs of counts at the ends of their parameters: derivatives are those from within."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from pplc.compiler.library.definitions import Distribution, Parameter
from pplc.compiler.library.densities import pointwise
from pplc.compiler.library.registry import distributions
from pplc.compiler.types import Int, Real
from pytensor.compile.mode import Mode

STEP = 1e-5
KINDS = ("lpmf", "cdf", "lcdf", "lccdf")
INTEGERS = (0, 1, 3)  # of an integer parameter: the number of trials


def ends(parameter: Parameter) -> list[float]:
    """The finite values at which the parameter's interval ends, where these belong to it."""
    support = parameter.support
    if support.core or support.integer or support.holds is None:
        return []
    bounds = [bound for bound in (support.lower, support.upper) if bound is not None]
    return [bound for bound in bounds if bool(support.holds(pt.constant(bound)).eval())]


def cases() -> list[tuple[str, str, float]]:
    found = []
    for name, distribution in sorted(distributions().items()):
        if distribution.discrete and not any(p.support.core for p in distribution.parameters):
            found += [(name, p.name, end) for p in distribution.parameters for end in ends(p)]
    return found


def function_of(distribution: Distribution, kind: str, moving: str, trials: int) -> Callable[[int, float], Any]:
    """(n, value of the parameter) to the value and its derivative."""
    outcome, x = pt.lscalar(), pt.dscalar()
    arguments, types = [outcome], [Int()]
    for parameter in distribution.parameters:
        arguments.append(x if parameter.name == moving else pt.constant(trials))
        types.append(Real() if parameter.name == moving else Int())  # type: ignore[arg-type]
    value = pointwise(distribution, kind, arguments, types, 0)
    gradient = pytensor.grad(value, x, disconnected_inputs="ignore")
    return pytensor.function([outcome, x], [value, gradient], mode=Mode("py", None), on_unused_input="ignore")


def test_there_are_cases() -> None:
    assert {name for name, _, _ in cases()} >= {"bernoulli", "binomial", "poisson"}


@pytest.mark.parametrize(("name", "parameter", "end"), cases())
@pytest.mark.parametrize("kind", KINDS)
def test_derivatives_at_an_end_are_those_from_within(name: str, parameter: str, end: float, kind: str) -> None:
    distribution = distributions()[name]
    has_trials = any(p.support.integer for p in distribution.parameters)
    step = STEP if end == 0 else -STEP
    for trials in INTEGERS if has_trials else INTEGERS[:1]:
        function = function_of(distribution, kind, parameter, trials)
        outcomes = range(-1, 5) if kind != "lpmf" else range(trials + 1 if has_trials else 2)
        for n in outcomes:
            value, gradient = function(n, end)
            if np.isfinite(value):
                near, far = function(n, end + step)[0], function(n, end + 2 * step)[0]
                difference = (4 * near - far - 3 * value) / (2 * step)
                assert gradient == pytest.approx(difference, abs=1e-6), (trials, n)
