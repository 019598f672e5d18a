"""Stan's types, without sizes and constraints (a type is what overloads are chosen by)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self, cast

type Type = (
    Int | Real | Complex | Vector | RowVector | Matrix | ComplexVector | ComplexRowVector | ComplexMatrix
    | Array | Tuple | FunctionType | Void | String
)  # fmt: skip


_ONLY: Final[dict[type[_Simple], _Simple]] = {}


class _Simple:
    """A type without parts: there is one object of each, so that comparing them is cheap."""

    __slots__ = ()
    text: str

    def __new__(cls) -> Self:
        """That object."""
        if cls not in _ONLY:
            _ONLY[cls] = super().__new__(cls)
        return cast(Self, _ONLY[cls])

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__


class Int(_Simple):
    text = "int"


class Real(_Simple):
    text = "real"


class Complex(_Simple):
    text = "complex"


class Vector(_Simple):
    text = "vector"


class RowVector(_Simple):
    text = "row_vector"


class Matrix(_Simple):
    text = "matrix"


class ComplexVector(_Simple):
    text = "complex_vector"


class ComplexRowVector(_Simple):
    text = "complex_row_vector"


class ComplexMatrix(_Simple):
    text = "complex_matrix"


BASIC: dict[str, Type] = {
    type.text: type
    for type in (
        Int(), Real(), Complex(), Vector(), RowVector(), Matrix(), ComplexVector(), ComplexRowVector(), ComplexMatrix()
    )
}  # fmt: skip
"""The types of variables that are not made of others, by name."""


class Void(_Simple):
    text = "void"


class String(_Simple):
    text = "string"


@dataclass(frozen=True, slots=True)
class Array:
    """An array with one or more dimensions; `element` is never itself an array."""

    element: Type
    dimensions: int = 1

    def __str__(self) -> str:
        return f"array[{',' * (self.dimensions - 1)}] {self.element}"


@dataclass(frozen=True, slots=True)
class Tuple:
    elements: tuple[Type, ...]

    def __str__(self) -> str:
        inside = ", ".join(map(str, self.elements))
        return f"tuple({inside}{',' if len(self.elements) == 1 else ''})"


@dataclass(frozen=True, slots=True)
class FunctionType:
    """The type of a function passed to a higher-order function; each parameter is (data_only, type).

    `suffix` is the ending of its name that gives it a special role (`lpdf`, `rng`, ...), or empty.
    """

    parameters: tuple[tuple[bool, Type], ...]
    result: Type
    suffix: str = ""

    def __str__(self) -> str:
        inside = ", ".join(f"{'data ' if data else ''}{type}" for data, type in self.parameters)
        return f"({inside}) => {self.result}"


def array_of(element: Type, dimensions: int = 1) -> Type:
    """`element` with `dimensions` more array dimensions in front (0 leaves it as it is)."""
    if dimensions == 0:
        return element
    if isinstance(element, Array):
        return Array(element.element, element.dimensions + dimensions)
    return Array(element, dimensions)


def element_of(array: Array) -> Type:
    """The type left when the first dimension of an array is indexed away."""
    return array.element if array.dimensions == 1 else Array(array.element, array.dimensions - 1)


def parts_of(type: Type) -> tuple[Type, ...]:
    """The types of the elements of a tuple; of an array of tuples, those of the arrays that it is kept as."""
    match type:
        case Tuple(elements):
            return elements
        case Array(Tuple(elements), dimensions):
            return tuple(array_of(element, dimensions) for element in elements)
        case _:
            return ()


def core_dimensions(type: Type) -> int:
    """How many axes a value of this type has (scalar 0, vector 1, matrix 2, arrays add theirs)."""
    match type:
        case Array(element, dimensions):
            return dimensions + core_dimensions(element)
        case Vector() | RowVector() | ComplexVector() | ComplexRowVector():
            return 1
        case Matrix() | ComplexMatrix():
            return 2
        case _:
            return 0


def dims_of[Length](type: Type, lengths: Sequence[Length], one: Length) -> list[Length]:
    """What `dims` says of a value whose axes have these lengths: a vector has rows and columns like a matrix."""
    match type.element if isinstance(type, Array) else type:
        case Vector() | ComplexVector():
            return [*lengths, one]
        case RowVector() | ComplexRowVector():
            return [*lengths[:-1], one, lengths[-1]]
        case _:
            return [*lengths]


def scalar_of(type: Type) -> Type:
    """The kind of number inside: that of the elements of arrays, vectors and matrices (a tuple stays itself)."""
    match type:
        case Array(element):
            return scalar_of(element)
        case Vector() | RowVector() | Matrix():
            return Real()
        case ComplexVector() | ComplexRowVector() | ComplexMatrix():
            return Complex()
        case _:
            return type


def is_complex(type: Type) -> bool:
    """Whether its numbers are complex; tuples are not looked into."""
    return isinstance(scalar_of(type), Complex)


def is_discrete(type: Type) -> bool:
    """Whether it holds nothing but integers: such a value has no derivative."""
    match type:
        case Int():
            return True
        case Array(element):
            return is_discrete(element)
        case Tuple(elements):
            return all(map(is_discrete, elements))
        case _:
            return False


def contains_int(type: Type) -> bool:
    """Whether an integer is anywhere in it."""
    match type:
        case Int():
            return True
        case Array(element):
            return contains_int(element)
        case Tuple(elements):
            return any(map(contains_int, elements))
        case _:
            return False
