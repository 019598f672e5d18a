"""How large a container is: sizes are ints known when the graph is built, wherever shapes are static."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ...types import RowVector, Vector, dims_of
from ..definitions import Function, Tensor
from ..graph import pt
from ._axes import count, length, of_depth
from ._complex import by_parts

type Measure = Callable[[list[Any]], Tensor]


def _first(lengths: list[Any]) -> Tensor:
    return count(lengths[0])


def _product(lengths: list[Any]) -> Tensor:
    product: Any = 1
    for n in lengths:
        product = product * n
    return count(product)


def _all(lengths: list[Any]) -> Tensor:
    return pt.stack([count(n) for n in lengths]) if lengths else pt.zeros((0,), dtype="int64")


def _measuring(name: str, axes: int, types: str, result: str, measure: Measure, summary: str) -> tuple[Function, ...]:
    """A function of the lengths of an argument's axes; the same types with complex numbers are added."""

    def build(x: Tensor) -> Tensor:
        return measure([length(x, axis - axes) for axis in range(axes)])

    complex_types = "|".join(_complex(type) for type in types.split("|") if _complex(type))
    complex_twins = [Function(name, (f"({complex_types}) => {result}",), by_parts(build), summary=summary)]
    return Function(name, (f"({types}) => {result}",), build, summary=summary), *(complex_twins * bool(complex_types))


def _complex(type: str) -> str:
    """The type that holds complex numbers where this one holds reals; none for ints."""
    array, element = type.rpartition(" ")[::2]
    name = {"real": "complex", "int": ""}.get(element, f"complex_{element}")
    return name and f"{array} {name}".strip()


def _of_arrays(name: str, result: str, measure: Measure, highest: int, summary: str) -> tuple[Function, ...]:
    return tuple(
        function
        for axes in range(1, highest + 3)
        for function in _measuring(name, axes, of_depth(axes, highest=highest), result, measure, summary)
    )


SIZE = "The length of an array, or the number of elements."
COUNT = "The number of numbers inside."
DIMS = "The lengths of an array's axes, then the rows and columns of its elements, also where these are vectors."


def _dims(axes: int, *containers: str, measure: Measure = _all) -> Iterator[Function]:
    """`dims` of containers with so many axes, and of arrays of them."""
    for dimensions in range(9):
        array = f"array[{dimensions}:{dimensions}] " if dimensions else ""
        types = "|".join(f"{array}{container}" for container in containers)
        with_twin = _measuring("dims", dimensions + axes, types, "array[] int", measure, DIMS)
        yield from with_twin if dimensions or not axes else with_twin[:1]  # as in Stan, without complex vectors


sizes = (
    *_measuring("size", 0, "int|real", "int", _product, SIZE),
    *_measuring("size", 1, "vector|row_vector", "int", _product, SIZE),
    *_measuring("size", 2, "matrix", "int", _product, SIZE),
    *_of_arrays("size", "int", _first, 7, SIZE),
    *_measuring("num_elements", 1, "vector|row_vector", "int", _product, COUNT),
    *_measuring("num_elements", 2, "matrix", "int", _product, COUNT),
    *_of_arrays("num_elements", "int", _product, 9, COUNT),
    *_dims(0, "int", "real"),
    *_dims(1, "vector", measure=lambda lengths: _all(dims_of(Vector(), lengths, 1))),
    *_dims(1, "row_vector", measure=lambda lengths: _all(dims_of(RowVector(), lengths, 1))),
    *_dims(2, "matrix"),
    *_measuring("rows", 2, "matrix", "int", _first, "The number of rows."),
    *_measuring("rows", 1, "vector", "int", _first, "The length of a column vector."),
    *_measuring("rows", 0, "row_vector", "int", _product, "A row vector has one row."),
    *_measuring("cols", 1, "matrix|row_vector", "int", _first, "The number of columns."),
    *_measuring("cols", 0, "vector", "int", _product, "A column vector has one column."),
)
