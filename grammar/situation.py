"""Where the parser stands when a token cannot be read: what was expected, and what is open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from .names import constrained_types
from .source import Span

CLOSING: Final = {"(": ")", "[": "]", "{": "}", "<": ">"}
BLOCKS: Final = frozenset(
    {"functions", "data", "transformed data", "parameters", "transformed parameters", "model", "generated quantities"}
)
PLAIN_SIZES: Final = {
    "vector": 1, "row_vector": 1, "complex_vector": 1, "complex_row_vector": 1, "matrix": 2, "complex_matrix": 2,
}  # fmt: skip
PLAIN_TYPES: Final = frozenset({"int", "real", "complex", "array", "tuple", *PLAIN_SIZES})
SIZES: Final = PLAIN_SIZES | {name: known.size_counts[0] for name, known in constrained_types().items()}
TYPES: Final = PLAIN_TYPES | frozenset(SIZES)

COMPARISONS: Final = frozenset({"||", "&&", "==", "!=", "<", "<=", ">", ">=", "?"})
OPERATORS: Final = COMPARISONS | {"+", "-", "*", "/", "%", ".*", "./", "\\", "%/%", "^", ".^", "'", "<-"}
ASSIGNMENTS: Final = frozenset({"=", "+=", "-=", "*=", "/=", ".*=", "./="})
STATEMENT_WORDS: Final = frozenset(
    {"if", "for", "while", "return", "break", "continue", "print", "reject", "fatal_error", "profile", "target"}
)
RESERVED: Final = (
    TYPES | BLOCKS | STATEMENT_WORDS | {"else", "in", "void", "jacobian", "lower", "upper", "offset", "multiplier"}
)


def shown(found: str) -> str:
    """A token as messages quote it."""
    return f"`{found}`" if found else "end of the file"


@dataclass(frozen=True)
class Bracket:
    """An opening bracket that is not closed yet; `before` is the token before it, as written."""

    text: str
    span: Span
    before: str | None

    @property
    def is_block(self) -> bool:
        """Whether it opens a block of the program."""
        return self.text == "{" and self.before in BLOCKS


@dataclass(frozen=True)
class Situation:
    """Where the parser stands.

    `found` and `previous` are the unexpected token and the one before, as written ("" at an end of the file);
    `acceptable` has what could stand here: words and symbols as written, other tokens by their kind.
    """

    found: str
    span: Span
    previous: str
    previous_span: Span | None
    acceptable: frozenset[str]
    values: list[Any]
    spans: list[Span | None]

    @cached_property
    def brackets(self) -> list[Bracket]:
        """The open brackets, outermost first."""
        result: list[Bracket] = []
        for i, value in enumerate(self.values):
            before = self.values[i - 1] if i else None
            span = self.spans[i]
            if not isinstance(value, str) or span is None:
                continue
            if value in ("(", "[", "{") or (value == "<" and isinstance(before, list)):
                result.append(Bracket(value, span, " ".join(before.split()) if isinstance(before, str) else None))
            elif result and CLOSING[result[-1].text] == value:
                result.pop()
        return result

    @cached_property
    def block(self) -> str | None:
        """The name of the block whose statements are being read."""
        return next((b.before for b in reversed(self.brackets) if b.is_block), None)

    @property
    def wants_expression(self) -> bool:
        return "INTEGER" in self.acceptable and "(" in self.acceptable

    @property
    def begins_line(self) -> bool:
        return self.previous_span is not None and self.previous_span.line != self.span.line
