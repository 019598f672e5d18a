"""Values of variables from an R dump, the older of CmdStan's two formats: `y <- c(1.5, 2)`.

It is the part of R that `dump` and `stan_rdump` write: numbers, `c(...)`, ranges `1:3`, `integer(0)`, and
`structure(c(...), .Dim = c(2, 3))` for arrays, whose first index runs fastest.
Source: CmdStan User's Guide, "RDump Format for CmdStan".
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any

import numpy as np
from lark import Lark, Token, Transformer, UnexpectedInput
from lark.exceptions import VisitError
from numpy.typing import NDArray

from .file import FileError

# The numbers between two parentheses are one token, so that large data do not become large trees.
_GRAMMAR = r"""
start: (assignment ";"?)*
assignment: name ("<-" | "=") (scalar | vector | array)
name: NAME | QUOTED
scalar: NUMBER
vector: "c" "(" NUMBERS? ")" -> numbers
      | RANGE                -> numbers
      | ("integer" | "double" | "numeric") "(" NUMBER? ")" -> zeros
array: "structure" "(" vector "," ".Dim" "=" (vector | scalar) ")"

NAME: /[A-Za-z.][\w.]*/
QUOTED: /"[^"]*"|'[^']*'|`[^`]*`/
RANGE.3: /[-+]?\d+L?\s*:\s*[-+]?\d+L?/
NUMBER.2: /[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?L?/ | /[-+]?Inf(inity)?\b/ | /-?NaN\b/ | /NA\b/
NUMBERS.1: /[^()"'`=<]*[^()"'`=<\s]/
COMMENT: /#[^\n]*/
%ignore /\s+/
%ignore COMMENT
"""
_WORDS = {"inf": math.inf, "infinity": math.inf, "nan": math.nan, "na": math.nan}


def parse_r_dump(text: str, name: str) -> dict[str, Any]:
    """The variables of a dump: ints, floats, and arrays in the order of their indices. Raises FileError.

    A number is an int unless it has a point or an exponent; an array is of ints if all its numbers are.
    `name` is used in messages.
    """
    try:
        found = _parser().parse(text)
        return _Values(name).transform(found)
    except UnexpectedInput as problem:
        where = f"line {problem.line}, column {problem.column}"
        raise FileError(
            f"{name} is not an R dump ({where}); it has lines such as `N <- 3` and `y <- c(1.5, 2, 4)`"
        ) from None
    except VisitError as problem:
        raise problem.orig_exc from None


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", maybe_placeholders=False)


class _Values(Transformer[Token, dict[str, Any]]):
    """From the tree of a dump to its values."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self._file = file

    def start(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return dict(pairs)  # of assignments to one name the last holds: `stan_rdump` appends to a file that is there

    def assignment(self, parts: list[Any]) -> tuple[str, Any]:
        return parts[0], parts[1]

    def name(self, parts: list[Token]) -> str:
        return parts[0].strip("\"'`")

    def scalar(self, parts: list[Token]) -> int | float:
        return self._number(parts[0], parts[0])

    def numbers(self, parts: list[Token]) -> NDArray[Any]:
        if not parts:
            return np.zeros(0, dtype=np.int64)
        values = [value for item in parts[0].split(",") for value in self._item(item, parts[0])]
        return np.array(values)

    def zeros(self, parts: list[Token]) -> NDArray[Any]:
        return np.zeros(int(self._number(parts[0], parts[0])) if parts else 0, dtype=np.int64)

    def array(self, parts: list[Any]) -> NDArray[Any]:
        values, shape = parts[0], np.atleast_1d(parts[1])
        if math.prod(shape) != values.size:
            sizes = " × ".join(map(str, shape))
            raise FileError(f"{self._file} has an array of {values.size} numbers whose .Dim is {sizes}")
        return values.reshape(shape.astype(int), order="F")

    def _item(self, item: str, place: Token) -> list[int] | list[int | float]:
        """A number, or the numbers of a range, which may go down."""
        if ":" not in item:
            return [self._number(item, place)]
        first, last = (int(self._number(end, place)) for end in item.split(":", 1))
        return list(range(first, last + 1) if first <= last else range(first, last - 1, -1))

    def _number(self, text: str, place: Token) -> int | float:
        text = text.strip()
        if re.fullmatch(r"[-+]?\d+L?", text):
            return int(text.removesuffix("L"))
        sign = -1.0 if text.startswith("-") else 1.0
        try:
            return sign * _WORDS[text.lstrip("+-").lower()] if text[-1:].isalpha() else float(text)
        except (KeyError, ValueError):
            raise FileError(f"{self._file} has `{text}` in line {place.line}, where a number is wanted") from None
