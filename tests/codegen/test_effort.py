"""How much work a piece of program is thought to be: loops whose bounds follow from data are counted."""

from __future__ import annotations

import numpy as np
import pytest
from pplc.compiler.codegen.effort import effort

from .programs import checked

DATA = "data { int N; array[N] int k; vector[N] v; matrix[2, 3] m; }"
VALUES = {"N": 40, "k": np.arange(1, 41), "v": np.zeros(40), "m": np.zeros((2, 3))}


def counted(statements: str) -> float:
    program = checked(f"{DATA} transformed data {{ real x = 0; {statements} }}")
    values = {declare.variable: VALUES[declare.variable.name] for declare in program.data}
    return effort(program.transformed_data, values)


@pytest.mark.parametrize(
    ("bounds", "trips"),
    [
        ("1:N", 40),
        ("2:(N - 1)", 38),
        ("1:(2 * N + 1)", 81),
        ("(-3):min(N, 4)", 8),
        ("1:N %/% 3", 13),
        ("1:size(v)", 40),
        ("1:cols(m)", 3),
        ("1:num_elements(m)", 6),
        ("1:rows(m)", 2),
        ("1:k[7]", 20),  # the mean
        ("N:1", 0),
    ],
)
def test_loops_are_as_long_as_their_bounds_say(bounds: str, trips: int) -> None:
    one = counted("for (i in 1:1) x += i;") - counted("")
    assert counted(f"for (i in {bounds}) x += i;") == pytest.approx(counted("") + one * trips, abs=2 + trips)


def test_a_triangle_is_half_a_square() -> None:
    square = counted("for (i in 1:N) for (j in 1:N) x += i * j;")
    for inner in ("1:i", "i:N", "(i + 1):N"):
        assert counted(f"for (i in 1:N) for (j in {inner}) x += i * j;") == pytest.approx(square / 2, rel=0.1)


def test_unknown_bounds_are_thought_to_be_far_apart() -> None:
    assert counted("int n = N; for (i in 1:n) x += i;") > 10 * counted("for (i in 1:N) x += i;")
