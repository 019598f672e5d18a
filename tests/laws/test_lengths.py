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
from pplc.compiler.library.definitions import Distribution, Parameter
from pplc.compiler.library.densities import parameters_of
from pplc.compiler.library.expand import is_library_name
from pplc.compiler.library.registry import distributions
from pplc.compiler.lower.program import total
from pytensor.compile.mode import Mode

import pplc
from benchmarks.arguments import DOMAINS, INTEGERS

PARTS = ("lpdf", "lpmf", "cdf", "lcdf", "lccdf")


def takes_numbers(distribution: Distribution) -> bool:
    """All but those whose arguments are vectors, and the one that Stan has for single numbers only."""
    everything = parameters_of(distribution)
    return all(p.support.core == 0 and p.vectorised for p in everything) and distribution.name != "hypergeometric"


NUMBERS = [d for d in distributions().values() if takes_numbers(d)]


def outside(distribution: Distribution, place: int, parameter: Parameter) -> str:
    """A number where the argument may be one, as text: whole numbers stand for themselves, others are parameters."""
    if not parameter.support.integer:
        return f"x{place}"
    choices = INTEGERS.get(distribution.name, (2,))
    return str(choices[min(place, len(choices) - 1)])


def call(name: str, arguments: list[str]) -> str:
    first, *rest = arguments
    return f"{name}({first}{' | ' if rest else ''}{', '.join(rest)})"


def differences(distribution: Distribution, part: str) -> Iterator[tuple[str, float]]:
    """Expressions and what they must be, whatever the parameters."""
    name = f"{distribution.name}_{part}"
    parameters = parameters_of(distribution)
    numbers = [outside(distribution, place, p) for place, p in enumerate(parameters)]
    whole = [p.support.integer for p in parameters]
    one = [f"{{{n}}}" if i else f"[{n}]'" for n, i in zip(numbers, whole, strict=True)]
    none = ["rep_array(0, 0)" if i else "rep_vector(0, 0)" for i in whole]
    empty = 1.0 if part == "cdf" else 0.0
    yield call(name, none), empty
    place = zlib.crc32(name.encode()) % len(numbers)  # one among numbers: not the same for all parts
    yield call(name, [*numbers[:place], none[place], *numbers[place + 1 :]]), empty
    yield f"{call(name, numbers)} - {call(name, one)}", 0.0
    yield f"{call(name, [*numbers[:place], one[place], *numbers[place + 1 :]])} - {call(name, one)}", 0.0


@pytest.mark.parametrize("distribution", NUMBERS, ids=lambda d: d.name)
def test_no_and_one_element(distribution: Distribution) -> None:
    density, *cumulative = [part for part in PARTS if is_library_name(f"{distribution.name}_{part}")]
    one = zlib.crc32(distribution.name.encode()) % max(1, len(cumulative))  # they share their code: one of them will do
    parts = [density, *cumulative[one : one + 1]]
    claims = [claim for part in parts for claim in differences(distribution, part)]
    reals = [place for place, p in enumerate(parameters_of(distribution)) if not p.support.integer]
    text = f"parameters {{ {' '.join(f'real x{place};' for place in reals)} }} model {{\n"
    text += "".join(f"  target += {claim};\n" for claim, _ in claims) + "}"
    lowered = pplc.compile_model(text).lowered
    values = [total(term, lowered.table) for term in lowered.terms]
    table = lowered.table.values
    function = pytensor.function([lowered.position, *table], values, mode=Mode("py", None), on_unused_input="ignore")
    found = function([inside(distribution, place) for place in reals], *table.values())
    for (claim, expected), value in zip(claims, found, strict=True):
        assert value == pytest.approx(expected, abs=1e-13), claim


@pytest.mark.parametrize(
    "call", ["categorical_lpmf(1 | p)", "categorical_logit_lpmf(1 | p)", "categorical_lpmf({1} | p)"]
)
def test_no_categories(call: str) -> None:
    model = pplc.compile_model(f"parameters {{ vector[0] p; }} model {{ target += {call}; }}")
    assert model.logp_dlogp(np.zeros(0))[0] == -np.inf


def inside(distribution: Distribution, place: int) -> float:
    """A moderate value of an argument."""
    intervals = DOMAINS.get(distribution.name)
    if intervals is not None and not isinstance(intervals[0], float):
        low, high = intervals[min(place, len(intervals) - 1)]
        return 0.4 * low + 0.6 * high
    support = parameters_of(distribution)[place].support
    match support.lower, support.upper:
        case None, None:
            return 0.6
        case lower, None:
            return lower + 0.8
        case None, upper:
            return upper - 0.8
        case lower, upper:
            return 0.4 * lower + 0.6 * upper
