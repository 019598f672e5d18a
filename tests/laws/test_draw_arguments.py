"""Arguments of `_rng` functions: what Stan refuses is never drawn from, and containers make containers."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytensor.tensor as pt
import pytest
from pplc.compiler.library.definitions import Distribution, Support
from pplc.compiler.library.densities import draw_validity, drawn_from
from pplc.compiler.library.registry import distributions
from pytensor.compile.mode import Mode
from univariate import each, rng_for, value_in

import pplc

PYTHON = Mode(linker="py", optimizer=None)
SCALAR = [d for d in distributions().values() if d.draw and not any(p.support.core for p in drawn_from(d))]


def outside(support: Support) -> list[Any]:
    """Values that do not belong to a support."""
    if support.integer:
        return [] if support.lower is None else [int(support.lower) - 1]
    found = [np.nan]
    if support.lower is not None:
        found += [support.lower - 1e-3, *([support.lower] if "greater than" in support.text else [])]
    if support.upper is not None:
        found += [support.upper + 1e-3, *([support.upper] if "less than" in support.text else [])]
    return found


@each([d for d in SCALAR if d.parameters])
def test_every_parameter_is_checked_before_a_draw(distribution: Distribution) -> None:
    rng = rng_for(distribution)
    taken = drawn_from(distribution)

    def valid(values: list[Any]) -> bool:
        constants = [pt.constant(v, dtype="int64" if p.support.integer else "float64")
                     for v, p in zip(values, taken, strict=True)]  # fmt: skip
        return all(bool(holds.eval(mode=PYTHON)) for *_, holds in draw_validity(distribution, constants))

    for place, parameter in enumerate(taken):
        values = [value_in(p.support, rng) for p in taken]
        assert valid(values)
        for broken in outside(parameter.support):
            assert not valid([*values[:place], broken, *values[place + 1 :]]), (parameter.name, broken)


# In a program -------------------------------------------------------------------------------------

REFUSED = [
    "normal_rng(0, -1)", "sum(normal_rng({1.0, 2.0}, {1.0, -1.0}))", "uniform_rng(2, 1)", "poisson_rng(-1)",
    "poisson_rng(0)", "sum(multinomial_rng([0.5, 0.5]', -2))",
]  # fmt: skip
ALLOWED = {
    "num_elements(poisson_rng(rep_array(1.5, 0)))": 0, "sum(multinomial_rng([0.2, 0.8]', 5))": 5,
    "num_elements(normal_rng(rep_vector(0, 3), 1))": 3, "num_elements(normal_rng({0.0}, {1.0, 2.0}[1:1]))": 1,
}  # fmt: skip
ALSO_REFUSED = [
    "exponential_rng(0)", "normal_rng(not_a_number(), 1)", "sum(wishart_rng(0.5, identity_matrix(2)))",
    "sum(multi_normal_rng([0, 0]', [[1, 2], [2, 1]]))", "sum(dirichlet_rng([1, 0]'))", "binomial_rng(-1, 0.5)",
    "bernoulli_rng(1.5)", "bernoulli_logit_rng(not_a_number())", "discrete_range_rng(5, 2)",
    "neg_binomial_2_rng(1, -1)", "categorical_rng([0.5, 0.6]')", "hypergeometric_rng(20, 5, 6)",
]  # fmt: skip
ALSO_ALLOWED = {
    "binomial_rng(0, 0.3)": 0, "binomial_rng(4, 1)": 4, "bernoulli_rng(0)": 0, "trace(lkj_corr_rng(3, 1.5))": 3,
    "size(multi_normal_rng({[0, 0]', [1, 1]'}, identity_matrix(2)))": 2,
}  # fmt: skip


@cache
def drawn(which: int, calls: tuple[str, ...]) -> float:
    """One of several expressions, all of them in one program."""
    branches = " else ".join(f"if (which == {i}) y = {call};" for i, call in enumerate(calls))
    program = (
        "data { int which; } parameters { real z; } model { z ~ std_normal(); }"
        f"generated quantities {{ real y; {branches} }}"
    )
    return float(pplc.compile_model(program, {"which": which}).constrain(np.zeros(1), generated=True, seed=1)["y"])


def judge(refused: list[str], allowed: dict[str, int]) -> None:
    calls = (*refused, *allowed)
    for number, call in enumerate(calls):
        found = drawn(number, calls)
        assert np.isnan(found) if call in refused else found == allowed[call], call


def test_impossible_draws_are_missing_and_edges_are_not() -> None:
    judge(REFUSED, ALLOWED)


@pytest.mark.slow
def test_so_they_are_for_more_distributions() -> None:
    judge(ALSO_REFUSED, ALSO_ALLOWED)
