"""Promotion and overload choice."""

from __future__ import annotations

import pytest
from pplc.compiler.library.definitions import Signature
from pplc.compiler.library.shorthand import expand, parse_type
from pplc.compiler.promotion import common_type, promotion_cost
from pplc.compiler.signatures import (
    Ambiguous,
    Argument,
    Chosen,
    NoneFits,
    NotData,
    WrongCount,
    WrongResult,
    WrongType,
    choose,
)
from pplc.compiler.types import FunctionType


def signatures(*declarations: str) -> list[Signature]:
    return [signature for declaration in declarations for signature in expand(declaration)]


def given(*types: str, varies: bool = True) -> list[Argument]:
    return [Argument(parse_type(type), varies) for type in types]


@pytest.mark.parametrize(
    ("narrow", "wide", "cost"),
    [
        ("int", "int", 0),
        ("int", "real", 1),
        ("int", "complex", 2),
        ("real", "complex", 1),
        ("matrix", "complex_matrix", 1),
        ("array[,] int", "array[,] real", 1),
        ("tuple(int, int)", "tuple(real, complex)", 3),
        ("array[] tuple(int, real)", "array[] tuple(real, real)", 1),
        ("real", "int", None),
        ("int", "vector", None),
        ("vector", "row_vector", None),
        ("array[] real", "vector", None),
        ("array[] int", "array[,] int", None),
        ("tuple(int, int)", "tuple(real, real, real)", None),
    ],
)
def test_promotion_cost(narrow: str, wide: str, cost: int | None) -> None:
    assert promotion_cost(parse_type(narrow), parse_type(wide)) == cost


@pytest.mark.parametrize(
    ("first", "second", "common"),
    [
        ("int", "real", "real"),
        ("complex", "int", "complex"),
        ("array[] int", "array[] real", "array[] real"),
        ("tuple(int, complex)", "tuple(real, real)", "tuple(real, complex)"),
        ("vector", "row_vector", None),
        ("int", "array[] int", None),
    ],
)
def test_common_type_is_symmetric(first: str, second: str, common: str | None) -> None:
    expected = parse_type(common) if common else None
    assert common_type(parse_type(first), parse_type(second)) == expected
    assert common_type(parse_type(second), parse_type(first)) == expected


def test_fewest_promotions_win() -> None:
    overloads = signatures("(complex) => complex", "(real) => real", "(int) => int")
    assert choose(overloads, given("int")) == Chosen(2)
    assert choose(overloads[:2], given("int")) == Chosen(1)
    assert choose(overloads[:1], given("int")) == Chosen(0)


def test_equally_many_promotions_are_ambiguous() -> None:
    assert choose(signatures("(real, int) => real", "(int, real) => real"), given("int", "int")) == Ambiguous((0, 1))


def test_int_to_complex_counts_as_two() -> None:
    overloads = signatures("(complex, int) => real", "(real, real) => real")
    assert choose(overloads, given("int", "int")) == Ambiguous((0, 1))


def test_data_only_argument() -> None:
    overloads = signatures("(data real) => int")
    assert choose(overloads, given("real", varies=False)) == Chosen(0)
    refused = choose(overloads, given("real"))
    assert isinstance(refused, NoneFits)
    assert refused.rejections[0].mismatch == NotData(0)


def test_the_nearest_overload_comes_first() -> None:
    refused = choose(
        signatures("(real) => real", "(vector, int) => real", "(real, vector) => real"), given("real", "real")
    )
    assert isinstance(refused, NoneFits)
    assert [rejection.mismatch for rejection in refused.rejections] == [
        WrongType(1, parse_type("vector"), parse_type("real")),
        WrongType(0, parse_type("vector"), parse_type("real")),
        WrongCount(1, 2),
    ]


def test_functions_are_not_promoted() -> None:
    overloads = signatures("((real, data array[] real) => vector) => real")
    fits = FunctionType(((False, parse_type("real")), (False, parse_type("array[] real"))), parse_type("vector"))
    assert choose(overloads, [Argument(fits, True)]) == Chosen(0)
    other = FunctionType(fits.parameters, parse_type("real"))
    refused = choose(overloads, [Argument(other, True)])
    assert isinstance(refused, NoneFits)
    mismatch = refused.rejections[0].mismatch
    assert isinstance(mismatch, WrongType)
    assert mismatch.inside == WrongResult(parse_type("vector"), parse_type("real"))


def test_a_function_of_data_is_not_called_with_parameters() -> None:
    overloads = signatures("((real) => real) => real")
    data_only = FunctionType(((True, parse_type("real")),), parse_type("real"))
    refused = choose(overloads, [Argument(data_only, True)])
    assert isinstance(refused, NoneFits)
