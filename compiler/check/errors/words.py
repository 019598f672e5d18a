"""Turns of phrase that error messages share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pplc.grammar.diagnostics import Mark
from pplc.grammar.source import Span

from ...types import Array, FunctionType, Int, Matrix, Real, RowVector, String, Type, Vector, Void

DATA_ONLY_HINT = (
    "local variables count as depending on parameters, and so do function arguments without the word `data`"
)


def on_line_of(whole: Span, name: Span, mark: Mark, *related: Mark) -> tuple[Mark, tuple[Mark, ...]]:
    """Where a mistake inside something is: at `mark`, unless it lies below the line where `whole` begins.

    The beginning is where Stan and every editor look for it; then `name` is marked there, `mark` is shown below.
    """
    if mark.span.line == whole.line:
        return mark, related
    return Mark(name, "in this"), (mark, *related)


def a(type: Type) -> str:
    """`an int`, `a vector`, `an array[] real`."""
    match type:
        case Int() | Array():
            return f"an {type}"
        case FunctionType():
            return f"a function {type}"
        case Void():
            return "nothing (void)"
        case String():
            return "a text in quotes"
        case _:
            return f"a {type}"


def either(names: Sequence[str]) -> str:
    """`x`, `x or y`, `x, y or z`."""
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def arguments(types: Iterable[Type]) -> str:
    """`(int, real)`."""
    return f"({', '.join(map(str, types))})"


def alternatives(types: Sequence[Type], shown: int = 5) -> str:
    """`a real`, `a real, vector or matrix`, `a real, vector, row_vector, matrix, ...`."""
    first, *others = types
    if len(types) > shown:
        return f"{a(first)}, {', '.join(map(str, others[: shown - 1]))} or another of {len(types)} types"
    return either([a(first), *map(str, others)])


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 argument`, `2 arguments`; the plural where it does not end in s."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"


def ordinal(position: int) -> str:
    """`first` for 0, `second` for 1, ..., `11th`."""
    words = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    if position < len(words):
        return words[position]
    number = position + 1
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number // 10 % 10 != 1 else "th"
    return f"{number}{ending}"


def conversion(given: Type, wanted: Type) -> str | None:
    """How to turn one type into the other, where there is an obvious way."""
    match given, wanted:
        case Real(), Int():
            return "`to_int(x)` turns a real that does not depend on parameters into an int"
        case (Vector(), RowVector()) | (RowVector(), Vector()):
            return "transpose it: `x'`"
        case (Array(Real() | Int(), 1) | RowVector() | Matrix(), Vector()):
            return "`to_vector(x)` makes it a vector"
        case (Array(Real() | Int(), 1), RowVector()):
            return "`to_row_vector(x)` makes it a row vector"
        case (Vector() | RowVector(), Array(Real(), 1)):
            return "`to_array_1d(x)` makes it an array"
        case (Array(RowVector(), 1) | Array(Real() | Int(), 2), Matrix()):
            return "`to_matrix(x)` makes an array of arrays or of row vectors a matrix"
        case (Real() | Int(), Vector()):
            return "`rep_vector(x, n)` repeats a number n times"
        case (Real() | Int(), RowVector()):
            return "`rep_row_vector(x, n)` repeats a number n times"
        case (Real() | Int(), Matrix()):
            return "`rep_matrix(x, m, n)` repeats a number"
        case (Real() | Int(), Array()):
            return "`rep_array(x, n)` repeats a number n times"
        case _:
            return None


def did_you_mean(name: str | None) -> str | None:
    """The help for a misspelt name, if something near it is known."""
    return f"did you mean `{name}`?" if name else None
