"""Generated functions that differ in names and numbers only are compiled once: Stan's density, and how many there are."""

# ruff: noqa: E501  (program texts read better on one line)
from __future__ import annotations

import re

import pytest
from pplc.compiler.backend import alike

import pplc
from tests.lower.against_stan import assert_agrees

BODIES = {
    "names": ("while (x{n} < 2) x{n} = abs(x{n}) + exp(a[1]);", 2),
    "whole numbers": ("while (x{n} < {n} + 1) x{n} = 2 * abs(x{n}) + exp(a[1]);", 2),
    "real numbers": ("while (x{n} < 2) x{n} = {n}.5 * (abs(x{n}) + exp(a[1]));", 2),
    "several numbers": ("while (x{n} < {n} + 2.5) x{n} = {n}.5 * (abs(x{n}) + exp(a[1])) + 1;", 2),
    "ends of loops": ("for (i in {n}:{n} + 3) x{n} = sin(x{n}) * a[1] + i;", 2),
    "places": ("for (i in 1:2) x{n} = sin(x{n}) * a[{n}] + x{n} * i;", 18),
    "exponents": ("while (x{n} < 2) x{n} = 2 + abs(x{n}) ^ {n}.5;", 18),
    "functions": ("while (x{n} < 2) x{n} = f{n}(abs(x{n})) + 2 * exp(a[1]);", 18),
}  # fmt: skip
FUNCTIONS = " ".join(f"real f{n}(real x) {{ return x + {n}; }}" for n in range(1, 10))


def program(body: str, times: int = 9) -> str:
    loops = " ".join(f"real x{n} = a[{n}]; {body.replace('{n}', str(n))}" for n in range(1, times + 1))
    terms = " ".join(f"target += -square(x{n} / {n});" for n in range(1, times + 1))
    return f"functions {{ {FUNCTIONS} }} parameters {{ vector[9] a; }} transformed parameters {{ {loops} }} model {{ a ~ normal(0, 1); {terms} }}"


@pytest.mark.parametrize("name", BODIES)
def test_agrees_with_stan(name: str) -> None:
    assert_agrees(program(BODIES[name][0]), tolerance=1e-11)


@pytest.mark.parametrize("name", BODIES)
def test_how_many_functions(name: str) -> None:
    assert functions(program(BODIES[name][0])) == BODIES[name][1]


def test_few_that_differ_in_numbers_are_compiled_one_by_one() -> None:
    body = BODIES["whole numbers"][0]
    assert functions(program(body, alike.FEWEST - 1)) == 2 * (alike.FEWEST - 1)
    assert functions(program(BODIES["names"][0], 3)) == 2


def functions(text: str) -> int:
    source = pplc.compile_model(text, {}).generated_source
    return len(re.findall(r"^def loop_[0-9a-f]+\(", source, re.MULTILINE))
