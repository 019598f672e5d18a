"""Functions of the elements of arrays do what NumPy's own words would, for any number of axes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pplc.compiler.codegen import loader
from pplc.compiler.codegen.elementwise import ADD, COMBINE, COPY, DRAIN, FILL, RESTORE, SAVE, Elementwise, take
from pplc.compiler.codegen.unit import Unit

RANKS = range(1, 7)


def array(rank: int) -> np.ndarray:
    return np.random.default_rng(rank).normal(size=tuple(range(2, 2 + rank)))


def call(function: Elementwise, rank: int, *arguments: Any) -> Any:
    unit = Unit()
    name = function.call(unit, rank).partition("(")[0]
    return getattr(loader.load_plain(unit.source), name)(*arguments)


@pytest.mark.parametrize("rank", RANKS)
def test_copying_filling_adding(rank: int) -> None:
    x, to = array(rank), np.zeros_like(array(rank))
    call(COPY, rank, to, x)
    np.testing.assert_array_equal(to, x)
    call(ADD, rank, to, x)
    np.testing.assert_array_equal(to, 2 * x)
    call(FILL, rank, to, 3.0)
    np.testing.assert_array_equal(to, np.full(x.shape, 3.0))


@pytest.mark.parametrize("rank", RANKS)
def test_what_was_drained_is_zero(rank: int) -> None:
    x = array(rank)
    taken = call(DRAIN, rank, x)
    np.testing.assert_array_equal(taken, array(rank))
    assert not x.any()


@pytest.mark.parametrize("rank", RANKS)
def test_a_tape_gives_back_what_it_was_given(rank: int) -> None:
    x, back, tape = array(rank), np.empty_like(array(rank)), np.zeros(2 + array(rank).size)
    assert call(SAVE, rank, tape, 2, x) == tape.size
    np.testing.assert_array_equal(tape[2:], x.ravel())
    call(RESTORE, rank, tape, 2, back)
    np.testing.assert_array_equal(back, x)


@pytest.mark.parametrize("rank", RANKS)
def test_complex_numbers_of_their_parts(rank: int) -> None:
    np.testing.assert_array_equal(call(COMBINE, rank, array(rank), -array(rank)), array(rank) * (1 - 1j))


@pytest.mark.parametrize(("rank", "axis"), [(rank, axis) for rank in RANKS for axis in range(rank)])
def test_listed_positions_along_an_axis(rank: int, axis: int) -> None:
    unit = Unit()
    name = take(unit, rank, axis, "x", "listed").partition("(")[0]
    listed = np.array([2, 1, 2])
    found = getattr(loader.load_plain(unit.source), name)(array(rank), listed)
    np.testing.assert_array_equal(found, np.take(array(rank), listed - 1, axis))
