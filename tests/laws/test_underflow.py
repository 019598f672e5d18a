"""Cdfs so far out that they are 0 or 1: a derivative of 0, where that of the logarithm times 0 would be nan."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from pplc.compiler.library.definitions import Distribution, Support
from pplc.compiler.library.densities import checked_arguments, parameters_of, pointwise
from pplc.compiler.library.registry import distributions
from pplc.compiler.types import Int, Type, Vector
from pytensor.compile.mode import Mode

FAR = (1e-9, 1e-5, 0.3, 5.0, 1e3, 1e6, 1e9)


def far_out(support: Support) -> list[float]:
    """Numbers near the ends of a parameter's interval."""
    lower, upper = support.lower, support.upper
    if support.integer:
        return [3.0]
    if lower is not None and upper is not None:
        return [lower, *(lower + (upper - lower) * share for share in (1e-9, 0.4)), upper]
    return [*FAR, *(-x for x in FAR)] if lower is None else [lower + x for x in FAR]


def cdfs() -> list[str]:
    return [
        name
        for name, d in sorted(distributions().items())
        if not d.discrete and (d.cdf or d.log_cdf) and not any(p.support.core for p in parameters_of(d))
    ]


def points(distribution: Distribution) -> list[Any]:
    """Every combination, thinned out, as one vector for each argument."""
    choices = [far_out(p.support) for p in parameters_of(distribution)]
    everything = np.array(list(product(*choices)))
    return list(everything[:: 1 + len(everything) // 80].T)


@pytest.mark.parametrize("name", cdfs())
def test_a_cdf_has_a_finite_derivative_wherever_it_is_defined(name: str) -> None:
    distribution = distributions()[name]
    arguments = [pt.dvector() for _ in parameters_of(distribution)]
    types: list[Type] = [Vector() if not p.support.integer else Int() for p in parameters_of(distribution)]
    value = pointwise(distribution, "cdf", arguments, types, 0)
    checked = checked_arguments(distribution, "cdf", arguments, types, 0)
    valid = pt.all([support.holds(argument) for _, support, argument in checked], axis=0)
    outputs = [value, valid, *pytensor.grad(value.sum(), arguments, disconnected_inputs="ignore")]
    function = pytensor.function(arguments, outputs, mode=Mode("py", None), on_unused_input="ignore")
    found, where, *slopes = function(*points(distribution))
    inside = where & np.isfinite(found)
    assert inside.any()
    for slope in slopes:
        assert np.isfinite(slope[inside]).all(), np.array(points(distribution)).T[inside & ~np.isfinite(slope)][:3]
