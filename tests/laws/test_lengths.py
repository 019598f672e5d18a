"""Laws of containers without elements and with one, for every distribution with numbers as outcome and parameters.

Without elements there is nothing to add or multiply up, so a log density is 0 and a cdf 1; one element counts as the
number it is. Whole programs are lowered and their graphs evaluated by PyTensor's Python machine.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np
import pytensor
import pytest
from pplc.compiler.library.definitions import Distribution
from pplc.compiler.library.densities import parameters_of
from pplc.compiler.lower.program import total
from pytensor.compile.mode import Mode
from scalar_calls import NUMBERS, call, declared, numbers, parts_of, point

import pplc

pytestmark = pytest.mark.filterwarnings("ignore::pplc.ProgramWarning")  # the programs leave ranges on purpose

# Stan has this one for single numbers only.
VECTORISED = [d for d in NUMBERS if d.name != "hypergeometric"]


def differences(distribution: Distribution, part: str) -> Iterator[tuple[str, float]]:
    """Expressions and what they must be, whatever the parameters."""
    name = f"{distribution.name}_{part}"
    single = numbers(distribution)
    whole = [p.support.integer for p in parameters_of(distribution)]
    one = [f"{{{n}}}" if i else f"[{n}]'" for n, i in zip(single, whole, strict=True)]
    none = ["rep_array(0, 0)" if i else "rep_vector(0, 0)" for i in whole]
    empty = 1.0 if part == "cdf" else 0.0
    yield call(name, none), empty
    place = zlib.crc32(name.encode()) % len(single)  # one among numbers: not the same for all parts
    yield call(name, [*single[:place], none[place], *single[place + 1 :]]), empty
    yield f"{call(name, single)} - {call(name, one)}", 0.0
    yield f"{call(name, [*single[:place], one[place], *single[place + 1 :]])} - {call(name, one)}", 0.0


@pytest.mark.parametrize("distribution", VECTORISED, ids=lambda d: d.name)
def test_no_and_one_element(distribution: Distribution) -> None:
    density, *cumulative = parts_of(distribution)
    one = zlib.crc32(distribution.name.encode()) % max(1, len(cumulative))  # they share their code: one of them will do
    parts = [density, *cumulative[one : one + 1]]
    claims = [claim for part in parts for claim in differences(distribution, part)]
    text = declared(distribution) + " model {\n"
    text += "".join(f"  target += {claim};\n" for claim, _ in claims) + "}"
    lowered = pplc.compile_model(text).lowered
    values = [total(term, lowered.table) for term in lowered.terms]
    table = lowered.table.values
    function = pytensor.function([lowered.position, *table], values, mode=Mode("py", None), on_unused_input="ignore")
    found = function(point(distribution), *table.values())
    for (claim, expected), value in zip(claims, found, strict=True):
        assert value == pytest.approx(expected, abs=1e-13), claim


@pytest.mark.parametrize(
    "call", ["categorical_lpmf(1 | p)", "categorical_logit_lpmf(1 | p)", "categorical_lpmf({1} | p)"]
)
def test_no_categories(call: str) -> None:
    model = pplc.compile_model(f"parameters {{ vector[0] p; }} model {{ target += {call}; }}")
    assert model.logp_dlogp(np.zeros(0))[0] == -np.inf


@pytest.mark.parametrize("block", ["data", "parameters"])
@pytest.mark.parametrize("size", [0, 2])
def test_no_vectors(block: str, size: int) -> None:
    """Vectors of any length, none of which there are, have the log density 0."""
    calls = [
        "multi_normal_lpdf(y | mu, M)", "multi_normal_cholesky_lpdf(y | mu, M)", "multi_normal_prec_lpdf(y | mu, M)",
        "multi_student_t_lpdf(y | 3.0, mu, M)", "multi_student_t_cholesky_lpdf(y | 3.0, mu, M)",
    ]  # fmt: skip
    declared = f"array[0] vector[{size}] y; array[0] row_vector[{size}] mu;"
    matrix = f"transformed data {{ matrix[{size}, {size}] M = identity_matrix({size}); }}"
    model = f"model {{ {' '.join(f'target += {call};' for call in calls)} }}"
    data = {"y": np.zeros((0, size)), "mu": np.zeros((0, size))} if block == "data" else {}
    program = f"{declared_in(block, declared, matrix)} {model}"
    assert pplc.compile_model(program, data).logp_dlogp(np.zeros(0))[0] == 0


def declared_in(block: str, declarations: str, transformed_data: str) -> str:
    blocks = [f"{block} {{ {declarations} }}", transformed_data]
    return " ".join(blocks if block == "data" else reversed(blocks))
