"""Types of the random programs, with their sizes, and how they are written.

A type is a text (`real`) or a tuple that begins with its kind: ("vector", 3), ("array", 2, element),
("tuple", element, ...).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

type Kind = Any  # str | tuple[Any, ...]


def name_of(kind: Kind) -> str:
    return kind if isinstance(kind, str) else kind[0]


def declared(kind: Kind) -> str:
    """The type with its sizes."""
    if isinstance(kind, str):
        return kind
    match kind[0]:
        case "array":
            sizes, inner = [], kind
            while name_of(inner) == "array":
                sizes.append(str(inner[1]))
                inner = inner[2]
            return f"array[{', '.join(sizes)}] {declared(inner)}"
        case "tuple":
            return f"tuple({', '.join(map(declared, kind[1:]))})"
        case name:
            return f"{name}[{', '.join(map(str, kind[1:]))}]"


def unsized(kind: Kind) -> str:
    """The type of an argument."""
    if isinstance(kind, str):
        return kind
    match kind[0]:
        case "array":
            commas, inner = "", kind[2]
            while name_of(inner) == "array":
                commas, inner = commas + ",", inner[2]
            return f"array[{commas}] {unsized(inner)}"
        case "tuple":
            return f"tuple({', '.join(map(unsized, kind[1:]))})"
        case name:
            return name


def leaves(kind: Kind, path: str) -> Iterator[tuple[str, str]]:
    """(text, scalar type) of every number in a value."""
    match name_of(kind):
        case "int" | "real" | "complex":
            yield path, kind
        case "array":
            for i in range(1, kind[1] + 1):
                yield from leaves(kind[2], f"{path}[{i}]")
        case "tuple":
            for i, element in enumerate(kind[1:], 1):
                yield from leaves(element, f"{path}.{i}")
        case name:
            scalar = "complex" if name.startswith("complex") else "real"
            for at in product(*(range(1, size + 1) for size in kind[1:])):
                yield f"{path}[{', '.join(map(str, at))}]", scalar


def weighed(kind: Kind, path: str) -> str:
    """A number to which every part of a value contributes in its own way."""
    terms = []
    for number, (part, scalar) in enumerate(leaves(kind, path)):
        weight = 0.2 + 0.07 * (number % 11)
        one = {"int": part, "real": f"sin({part})", "complex": f"(get_real({part}) - 0.6 * get_imag({part}))"}[scalar]
        terms.append(f"{weight:.2f} * {one}")
    return " + ".join(terms) or "0"
