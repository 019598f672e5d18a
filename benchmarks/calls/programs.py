"""Programs that call library functions: each call is multiplied by a parameter of its own.

The gradient with respect to that parameter is the call's value, constants included.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from pplc.compiler.library.definitions import Signature
from pplc.compiler.types import (
    Array,
    Complex,
    ComplexMatrix,
    ComplexRowVector,
    ComplexVector,
    Int,
    Matrix,
    Real,
    RowVector,
    Tuple,
    Type,
    Vector,
    array_of,
    core_dimensions,
    is_complex,
)

from benchmarks.calls.arguments import INNER_AXES, POINTS, Argument

# The signs or phases of these vectors are arbitrary: what is compared does not depend on them.
INVARIANT = {
    "eigenvectors_sym": "abs({})",
    "eigenvectors": "abs({})",
    "svd_U": "abs({})",
    "svd_V": "abs({})",
    "eigendecompose_sym": "abs({}.1)",
    "eigendecompose": "abs({}.1)",
    "svd": "abs({}.1)",
    "complex_schur_decompose_u": "abs({})",
    "complex_schur_decompose_t": "{0} .* conj({0})",
    "complex_schur_decompose": "{0}.2 .* conj({0}.2)",
}


class Way(StrEnum):
    """How a call is compiled: as part of the graph, inside a generated loop, as a generated quantity."""

    GRAPH = "graph"
    LOOP = "loop"
    GENERATED = "generated"


@dataclass(frozen=True)
class Case:
    """A call of a function: the signature and which of its arguments are data."""

    name: str
    signature: Signature
    data: frozenset[int] = frozenset()
    way: Way = Way.GRAPH
    arguments: list[Argument] = field(default_factory=list, compare=False, repr=False)

    def __str__(self) -> str:
        marked = f" with {', '.join(str(d + 1) for d in sorted(self.data))} as data" if self.data else ""
        return f"{self.signature}{marked}"

    @property
    def complex(self) -> bool:
        """Whether complex numbers occur, of which stanli has none."""
        return any(_has_complex(t) for t in (*self.signature.arguments, self.signature.result))


def _has_complex(type: Type) -> bool:
    return any(map(_has_complex, type.elements)) if isinstance(type, Tuple) else is_complex(type)


@dataclass
class Program:
    """The text of a program that makes some calls, its data, and where each call's numbers stand in a position."""

    text: str
    data: dict[str, Any]
    positions: list[np.ndarray]
    ranges: list[tuple[int, int]]


def program_of(cases: list[Case], stan: bool = False) -> Program:
    """All calls in one program; the last coordinate of each range is the factor of the call.

    With `stan` every call is in the model block, whatever its path.
    """
    data: dict[str, Any] = {}
    blocks: dict[str, list[str]] = {
        name: [] for name in ("data", "parameters", "transformed parameters", "model", "generated quantities")
    }
    pieces: list[list[np.ndarray]] = [[] for _ in range(POINTS)]
    ranges, offset = [], 0
    for number, case in enumerate(cases):
        begin = offset
        texts = []
        for place, argument in enumerate(case.arguments):
            names = []
            for letter, part in zip("xy", argument.parts or (argument,), strict=False):
                name = f"{letter}{number}_{place}"
                names.append(name)
                blocks[part.block].append(f"{part.declared} {name};")
                if part.block == "data":
                    data[name] = part.value
                else:
                    offset += len(part.value[0])
                    for point in range(POINTS):
                        pieces[point].append(part.value[point])
            texts.append(argument.build.format(*names))
        blocks["parameters"].append(f"real f{number};")
        offset += 1
        for point in range(POINTS):
            pieces[point].append(np.array([0.7 + 0.1 * point]))
        ranges.append((begin, offset))
        call = f"total({call_text(case.name, texts)})"
        if case.name.endswith("_jacobian"):  # may be called there only
            blocks["transformed parameters"].append(f"real j{number} = {call};")
            call = f"j{number}"
        match Way.GRAPH if stan else case.way:
            case Way.GRAPH:
                blocks["model"].append(f"target += f{number} * {call};")
            case Way.LOOP:
                loop = f"while (c{number} < 1) {{ target += f{number} * {call}; c{number} += 1; }}"
                blocks["model"].append(f"{{ int c{number} = 0; {loop} }}")
            case Way.GENERATED:
                blocks["model"].append(f"target += f{number};")
                blocks["generated quantities"].append(f"real g{number} = {call};")
    turned = [TURNED] if any("turned(" in line for lines in blocks.values() for line in lines) else []
    totals = dict.fromkeys(
        text for case in cases for text in total_functions(summed(case.name, case.signature.result), stan)
    )
    totals |= dict.fromkeys(total_functions(Real(), stan)) if blocks["transformed parameters"] else {}
    text = f"functions {{\n{''.join([*turned, *totals])}}}\n"
    text += "".join(f"{name} {{\n{chr(10).join(lines)}\n}}\n" for name, lines in blocks.items() if lines)
    return Program(text, data, [np.concatenate(p) for p in pieces], ranges)


def call_text(name: str, arguments: list[str]) -> str:
    """A call in a form that does not depend on arbitrary signs."""
    bar = name.endswith(("_lpdf", "_lpmf", "_cdf", "_lcdf", "_lccdf")) and len(arguments) > 1
    inside = arguments[0] + " | " + ", ".join(arguments[1:]) if bar else ", ".join(arguments)
    return INVARIANT.get(name, "{}").format(f"{name}({inside})")


def summed(name: str, result: Type) -> Type:
    """The type of what is added up of a call's result."""
    if name not in INVARIANT:
        return result
    text = INVARIANT[name]
    part = result.elements[".2" in text] if isinstance(result, Tuple) else result
    return Matrix() if text.startswith("abs") and part == ComplexMatrix() else part


# Constrained vectors as row vectors.
TURNED = (
    "array[] row_vector turned(array[] vector x) "
    "{ array[size(x)] row_vector[size(x[1])] y; for (i in 1:size(x)) y[i] = x[i]'; return y; }\n"
)

# The weighted sum of a vector: short for our compiler; stanli needs to know the length of a linspaced_vector.
_DOT = "return dot_product(cos(linspaced_vector(size(x), 1, 1 + size(x))), x);"
_LOOP = (
    "real t = 0; int n = size(x); for (i in 1:n) t += cos(n == 1 ? 2.0 : 1 + (i - 1) * n / (n - 1.0)) * x[i]; return t;"
)


def total_functions(type: Type, stan: bool = False) -> Iterator[str]:
    """Definitions of `total` for a type and its elements: the sum of all numbers, with weights that tell them apart."""
    match type:
        case Int() | Real():
            body = "return x;"
            type = Real()
        case Complex():
            body = "return get_real(x) + 0.7 * get_imag(x);"
        case Vector():
            body = _LOOP if stan else _DOT
        case RowVector():
            yield from total_functions(Vector(), stan)
            body = "return total(x');"
        case Matrix():
            yield from total_functions(Vector(), stan)
            body = "return total(to_vector(x));"
        case ComplexVector() | ComplexRowVector():
            yield from total_functions(Vector() if type == ComplexVector() else RowVector(), stan)
            body = "return total(get_real(x)) + 0.7 * total(get_imag(x));"
        case ComplexMatrix():
            yield from total_functions(Matrix(), stan)
            body = "return total(get_real(x)) + 0.7 * total(get_imag(x));"
        case Tuple(elements):
            for element in elements:
                yield from total_functions(element, stan)
            body = f"return {' + '.join(f'{1 + 0.3 * i:g} * total(x.{i + 1})' for i in range(len(elements)))};"
        case Array(Int() | Real(), 1):
            yield from total_functions(Vector(), stan)
            body = "return total(to_vector(x));"
        case Array(Int() | Real()):
            yield from total_functions(Array(Real(), 1), stan)
            body = "return total(to_array_1d(x));"
        case Array(element, dimensions) if (short := dimensions + core_dimensions(element) - INNER_AXES) > 0:
            inner = array_of(element, max(0, dimensions - short))
            yield from total_functions(inner, stan)
            body = f"return total(x[{', '.join(['1'] * min(short, dimensions))}]);"
        case Array(element, dimensions):
            yield from total_functions(element, stan)
            body = _array_body(dimensions)
        case _:
            raise TypeError(f"no total of {type}")
    yield f"real total({type} x) {{ {body} }}\n"


def _array_body(dimensions: int) -> str:
    names = [f"i{axis}" for axis in range(dimensions)]
    sizes = [f"x[{', '.join(names[:axis])}]" if axis else "x" for axis in range(dimensions)]
    loops = " ".join(f"for ({name} in 1:size({part}))" for name, part in zip(names, sizes, strict=True))
    weight = " + ".join(f"{3**axis} * {name}" for axis, name in enumerate(names))
    return f"real t = 0; {loops} t += cos({weight}) * total(x[{', '.join(names)}]); return t;"
