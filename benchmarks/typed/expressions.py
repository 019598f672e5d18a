"""Expressions of the random programs: of any type, and bounded.

The tables say what there is for a type. In a text `<vector[n]>` stands for an expression of that type, `<same>` for one
of the whole's type and `<:n>` for an index that keeps n positions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from benchmarks.typed.choices import Choices
from benchmarks.typed.kinds import COMPLEX, INT, NO_SIZES, REAL, Kind, kind_of
from benchmarks.typed.places import Places, Scope

BOUNDED_BY_SINE = ("real", "vector", "row_vector", "matrix")
TESTS = ("<real> > <real>", "<int> == <int>", "<real> > 0 && <real> < 0.5", "<real> < -0.2 || <int> > 1", "K == 2")
OF_REALS = (
    "(<same> + <same>)", "(<same> - <same>)", "<real> * <same>", "-<same>",
    "exp(<same>)", "inv_logit(<same>)", "square(<same>)", "<same> / (3 + <real>)",
)  # fmt: skip
LARGE = {
    "real": (
        *OF_REALS, "<same> * <same>", "dot_product(<vector[n]>, <vector[n]>)", "log_sum_exp(<vector[n]>)",
        "sum(<vector[n]>)", "get_real(<complex>)", "norm(<complex>)", "get_imag(<complex>)", "mean(<array[n] real>)",
        "normal_lpdf(<real> | <real>, exp(<real>))", "sum(<matrix[2, n]>)", "<int> + <real>", "fmax(<same>, <same>)",
        "(<real>)^2", "(<int> %/% 2) * <real>", "<vector[n]>' * <vector[n]>", "size(<array[n] real>)",
    ),
    "complex": (
        "(<same> + <same>)", "<same> * <same>", "conj(<same>)", "(<same> - <real>)", "<same> / (4 + <real>)", "-<same>",
        "exp(<same> / 4)", "sum(<complex_vector[2]>)", "<real> * <same>", "to_complex(<real>, get_imag(<same>))",
        "dot_product(<complex_vector[2]>, <complex_vector[2]>)", "<same> * 1i",
    ),
    "vector": (
        *OF_REALS, "(<same> .* <same>)", "<row_vector[n]>'", "(<same> + <real>)", "(<same>)[<:n>]",
        "to_vector(<array[n] real>)", "<matrix[n, 2]> * <vector[2]>", "cumulative_sum(<same>)",
        "get_real(<complex_vector[n]>)", "get_imag(<complex_vector[n]>)", "softmax(<same>)", "rep_vector(<real>, <n>)",
    ),
    "row_vector": (
        *OF_REALS, "(<same> .* <same>)", "<vector[n]>'", "(<same> + <real>)", "(<same>)[<:n>]",
        "to_row_vector(<array[n] real>)", "<row_vector[2]> * <matrix[2, n]>", "cumulative_sum(<same>)",
        "get_real(<complex_row_vector[n]>)", "get_imag(<complex_row_vector[n]>)",
    ),
    "matrix": (
        *OF_REALS, "(<same> .* <same>)", "<matrix[c, r]>'", "(<same>)[<:r>, <:c>]", "<matrix[r, 2]> * <matrix[2, c]>",
        "rep_matrix(<real>, <r>, <c>)", "<vector[r]> * <row_vector[c]>", "get_imag(<complex_matrix[r, c]>)",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Function:
    """A function that the program has defined."""

    name: str
    parameters: list[Kind]
    result: Kind

    @property
    def is_density(self) -> bool:
        return self.name.endswith("_lpdf")

    def call(self, arguments: list[str]) -> str:
        first, *rest = arguments
        separator = " | " if self.is_density else ", " if rest else ""
        return f"{self.name}({first}{separator}{', '.join(rest)})"


class Expressions:
    def __init__(self, choose: Choices, places: Places) -> None:
        self.choose = choose
        self.places = places
        self.functions: list[Function] = []

    def value(self, kind: Kind, scope: Scope, depth: int = 2) -> str:
        """A bounded expression of the type."""
        reads = self.places.reads(kind, scope)
        if reads and (depth == 0 or self.choose.chance(0.4)):
            return self.choose.any(reads)
        if depth > 0 and self.choose.chance(0.12):
            test = self.test(scope, depth - 1)
            return f"({test} ? {self.value(kind, scope, depth - 1)} : {self.value(kind, scope, depth - 1)})"
        functions = [function for function in self.functions if function.result == kind]
        if functions and depth > 0 and self.choose.chance(0.5):
            function = self.choose.any(functions)
            return function.call([self._argument(of, scope, depth - 1) for of in function.parameters])
        if kind.name in BOUNDED_BY_SINE and depth > 0:
            return f"sin({self._large(kind, scope, depth - 1)})"
        return self._built(kind, scope, depth)

    def _argument(self, kind: Kind, scope: Scope, depth: int) -> str:
        """A value that is of the parameter's type, or promoted to it."""
        if kind == REAL and self.choose.chance(0.15):
            return self.value(INT, scope, 0)
        if kind == COMPLEX and self.choose.chance(0.2):
            return self.value(REAL, scope, depth)
        return self.value(kind, scope, depth)

    def _built(self, kind: Kind, scope: Scope, depth: int) -> str:
        """A number, or a value made of its parts."""
        inner = max(0, depth - 1)
        if 0 in kind.sizes:
            return self._empty(kind, scope)
        match kind.name:
            case "int":
                return self.choose.any(["1", "2", "g[2]", *scope.loops])
            case "real":
                return self.choose.any(["0.3", "-0.7", "y[2]", "X[1, 3]", "1"])
            case "complex":
                return f"({self._large(kind, scope, inner)} / 6)" if depth else self._small_complex(scope)
            case "array":
                return f"{{{self._listed(kind.elements * kind.sizes[0], scope, inner)}}}"
            case "tuple":
                return f"({self._listed(kind.elements, scope, inner)})"
            case "vector" | "complex_vector":
                return f"[{self._listed((kind.scalar,) * kind.sizes[0], scope, inner)}]'"
            case "row_vector" | "complex_row_vector":
                return f"[{self._listed((kind.scalar,) * kind.sizes[0], scope, inner)}]"
            case _:
                return f"[{self._listed((kind.row,) * kind.sizes[0], scope, inner)}]"

    def _empty(self, kind: Kind, scope: Scope) -> str:
        """A value without elements."""
        sizes = ", ".join(map(str, kind.sizes))
        if kind.name == "array":
            element = self.value(kind.elements[0], scope, 0)
            tuples = "tuple" in kind.names()  # which `rep_array` does not repeat
            return f"{{{element}}}[2:1]" if tuples else f"rep_array({element}, 0)"
        real = f"rep_{kind.name.removeprefix('complex_')}(0.3, {sizes})"
        return f"to_complex({real}, {real})" if kind.prefix else real

    def _listed(self, kinds: Iterable[Kind], scope: Scope, depth: int) -> str:
        return ", ".join(self.value(kind, scope, depth) for kind in kinds)

    def _small_complex(self, scope: Scope) -> str:
        texts = [*self.places.reads(COMPLEX, scope), "to_complex(0.3, -0.4)", "0.5i", "to_complex(<real>, 0.2)"]
        return self.filled(self.choose.any(texts), scope, 0)

    def _large(self, kind: Kind, scope: Scope, depth: int) -> str:
        """An expression of numbers that may be large."""
        match kind:
            case Kind("real"):
                sizes = {"n": self.choose.any([1, 2, 3])}
            case Kind(_, (length,)):
                sizes = {"n": length}
            case Kind(_, (rows, columns)):
                sizes = {"r": rows, "c": columns}
            case _:
                sizes = {}
        texts = LARGE[kind.name]
        if 0 in kind.sizes:
            texts = tuple(text for text in texts if not text.startswith("softmax"))
        return self.filled(self.choose.any(texts), scope, depth, sizes, kind)

    def test(self, scope: Scope, depth: int = 1) -> str:
        return self.filled(self.choose.any(TESTS), scope, depth)

    def filled(
        self, text: str, scope: Scope, depth: int, sizes: Mapping[str, int] = NO_SIZES, same: Kind = REAL
    ) -> str:
        """The text with expressions where it has types."""

        def part(found: re.Match[str]) -> str:
            wanted = found[1]
            if wanted in sizes:
                return str(sizes[wanted])
            if wanted.startswith(":"):
                return self.places.indices(sizes[wanted[1:]])
            of = same if wanted == "same" else kind_of(wanted, sizes)
            return self.value(of, scope, 0 if of == INT else depth)

        return re.sub(r"<(\S[^<>]*)>", part, text)
