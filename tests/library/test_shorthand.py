"""One line of shorthand stands for the overloads that it says."""

from __future__ import annotations

import pytest
from pplc.compiler.library.shorthand import expand, parse_type
from pplc.compiler.types import Array, FunctionType, Int, Matrix, Real, Tuple, Vector


def texts(declaration: str) -> list[str]:
    return [str(signature) for signature in expand(declaration)]


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("int", Int()),
        ("array[] int", Array(Int())),
        ("array[,,] vector", Array(Vector(), 3)),
        ("tuple(matrix, tuple(int, real))", Tuple((Matrix(), Tuple((Int(), Real()))))),
        ("(vector, data array[] int) => real", FunctionType(((False, Vector()), (True, Array(Int()))), Real())),
    ],
)
def test_types(text: str, type: object) -> None:
    assert parse_type(text) == type
    assert str(parse_type(text)) == text


def test_alternatives_combine() -> None:
    assert texts("(vector|row_vector, int|real) => real") == [
        "(vector, int) => real",
        "(vector, real) => real",
        "(row_vector, int) => real",
        "(row_vector, real) => real",
    ]


def test_a_variable_is_the_same_type_everywhere() -> None:
    assert texts("(T, int) => array[] T for T in vector|array[0:1] int") == [
        "(vector, int) => array[] vector",
        "(int, int) => array[] int",
        "(array[] int, int) => array[,] int",
    ]


def test_matrixwise_arguments_are_scalars_or_of_one_shape() -> None:
    found = texts("(real, real) => real matrixwise")
    assert len(found) == 10
    assert "(real, matrix) => matrix" in found
    assert "(vector, matrix) => matrix" not in found


def test_elementwise_goes_seven_arrays_deep() -> None:
    found = texts("(real) => real elementwise")
    assert len(found) == 32
    assert found[-1] == "(array[,,,,,,] matrix) => array[,,,,,,] matrix"


def test_ints_go_with_containers_as_arrays() -> None:
    found = texts("(int, real) => real elementwise")
    assert "(array[,] int, array[] vector) => array[] vector" in found
    assert "(array[] int, array[] vector) => array[] vector" not in found


def test_mixed_scalars_do_not_mix_in_containers() -> None:
    found = texts("(int|real, int|real) => real elementwise")
    assert "(array[] int, real) => array[] real" in found
    assert "(array[] int, array[] real) => array[] real" not in found


def test_data_marks_an_argument() -> None:
    (signature,) = expand("(vector, data real) => real")
    assert signature.data_only == (False, True)
    assert str(signature) == "(vector, data real) => real"
