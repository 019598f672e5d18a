"""Types of the random programs, with their sizes, and how they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from benchmarks.typed.choices import Choices


@dataclass(frozen=True)
class Kind:
    """A type with its sizes: a vector's length, a matrix's rows and columns, an array's first axis."""

    name: str
    sizes: tuple[int, ...] = ()
    elements: tuple[Kind, ...] = ()  # the one of an array, those of a tuple

    @property
    def prefix(self) -> str:
        return "complex_" if self.name.startswith("complex") else ""

    @property
    def scalar(self) -> Kind:
        """The type of a number of it, if it is a number, vector or matrix."""
        if self.name == "int":
            return self
        return COMPLEX if self.name.startswith("complex") else REAL

    @property
    def row(self) -> Kind:
        return Kind(f"{self.prefix}row_vector", self.sizes[1:])

    @property
    def column(self) -> Kind:
        return Kind(f"{self.prefix}vector", self.sizes[:1])

    def names(self) -> set[str]:
        """The names of all types in it."""
        return {self.name}.union(*(element.names() for element in self.elements))


INT, REAL, COMPLEX = Kind("int"), Kind("real"), Kind("complex")
NO_SIZES: Mapping[str, int] = {}


def array(size: int, element: Kind) -> Kind:
    return Kind("array", (size,), (element,))


def tuple_of(*elements: Kind) -> Kind:
    return Kind("tuple", (), elements)


def kind_of(text: str, sizes: Mapping[str, int] = NO_SIZES) -> Kind:
    """The type that a text like `array[2] vector[n]` declares; `sizes` says what its names of sizes stand for."""
    name, bracket, rest = text.partition("[")
    if not bracket:
        return Kind(name)
    listed, _, element = rest.partition("]")
    numbers = tuple(sizes[size] if size in sizes else int(size) for size in listed.split(", "))
    return Kind("array", numbers, (kind_of(element.strip(), sizes),)) if name == "array" else Kind(name, numbers)


def any_kind(choose: Choices, depth: int = 2, *, integers: bool = True) -> Kind:
    """A random type, with arrays and tuples to so many levels."""

    def size() -> int:
        return choose.any([0, 1, 1, 2, 2, 2, 3, 3, 3])

    def inner() -> Kind:
        return any_kind(choose, depth - 1, integers=integers)

    names = ["real"] * 3 + ["vector"] * 2
    names += ["complex", "row_vector", "matrix", "complex_vector", "complex_matrix", "complex_row_vector"]
    names += ["int"] * integers
    if depth:
        names += ["array"] * 5 + ["pair", "triple"] * 2
    match choose.any(names):
        case "array":
            return array(size(), inner())
        case "pair":
            return tuple_of(inner(), inner())
        case "triple":
            return tuple_of(inner(), inner(), inner())
        case "matrix" | "complex_matrix" as name:
            return Kind(name, (size(), size()))
        case "int" | "real" | "complex" as name:
            return Kind(name)
        case name:
            return Kind(name, (size(),))


def declared(kind: Kind) -> str:
    """The type with its sizes."""
    if kind.name == "tuple":
        return f"tuple({', '.join(map(declared, kind.elements))})"
    sizes = list(kind.sizes)
    if kind.name != "array":
        return f"{kind.name}[{', '.join(map(str, sizes))}]" if sizes else kind.name
    (inner,) = kind.elements
    while inner.name == "array":
        sizes += inner.sizes
        (inner,) = inner.elements
    return f"array[{', '.join(map(str, sizes))}] {declared(inner)}"


def unsized(kind: Kind) -> str:
    """The type of an argument."""
    if kind.name == "tuple":
        return f"tuple({', '.join(map(unsized, kind.elements))})"
    if kind.name != "array":
        return kind.name
    commas, (inner,) = "", kind.elements
    while inner.name == "array":
        commas, (inner,) = commas + ",", inner.elements
    return f"array[{commas}] {unsized(inner)}"


def leaves(kind: Kind, path: str) -> Iterator[tuple[str, Kind]]:
    """(text, scalar type) of every number in a value."""
    match kind:
        case Kind("array", (size,), (element,)):
            for i in range(1, size + 1):
                yield from leaves(element, f"{path}[{i}]")
        case Kind("tuple"):
            for i, element in enumerate(kind.elements, 1):
                yield from leaves(element, f"{path}.{i}")
        case Kind(_, ()):
            yield path, kind
        case _:
            for at in product(*(range(1, size + 1) for size in kind.sizes)):
                yield f"{path}[{', '.join(map(str, at))}]", kind.scalar


def weighed(kind: Kind, path: str) -> str:
    """A number to which every part of a value contributes in its own way."""
    terms = []
    for number, (part, scalar) in enumerate(leaves(kind, path)):
        weight = 0.2 + 0.07 * (number % 11)
        one = {INT: part, REAL: f"sin({part})", COMPLEX: f"(get_real({part}) - 0.6 * get_imag({part}))"}[scalar]
        terms.append(f"{weight:.2f} * {one}")
    return " + ".join(terms) or "0"
