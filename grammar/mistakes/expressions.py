"""Expressions: operators, tests, missing operands."""

from __future__ import annotations

import re
from typing import Final

from ..diagnostics import Diagnostic, Mark
from ..situation import CLOSING, OPERATORS, Situation, shown

FOREIGN_OPERATORS: Final = {
    "**": "powers are written `^`, elementwise `.^`",
    "++": "write `x += 1`",
    "--": "write `x -= 1`",
    "<>": "unequal is written `!=`",
    "=<": "write `<=`",
    "=>": "write `>=`",
    "%=": "write `x = x % y`",
    "^=": "write `x = x ^ y`",
    "|": "logical or is `||`",
    "and": "logical and is written `&&`",
    "or": "logical or is written `||`",
    "%%": "the remainder is written `%`",
    "%*%": "matrices are multiplied with `*`",
}


def assignment_as_test(at: Situation) -> Diagnostic | None:
    if at.found != "=" or "==" not in at.acceptable or not at.brackets or at.brackets[-1].is_block:
        return None
    return Diagnostic(
        "syntax-assignment", "`=` cannot stand in an expression", Mark(at.span), help="to compare, write `==`"
    )


def foreign_operator(at: Situation) -> Diagnostic | None:
    text, start = at.span.source.text, at.span.start
    before = text[:start].rstrip()  # for `i++;`, where the token found is the `;`
    candidates = (text[start - 1 : start] + at.found, text[start : start + 2], before[-2:], at.found)
    operator = next((candidate for candidate in candidates if candidate in FOREIGN_OPERATORS), None)
    if operator is None:
        return None
    return Diagnostic(
        "syntax-operator", f"there is no operator `{operator}`", Mark(at.span), help=FOREIGN_OPERATORS[operator]
    )


def indexed_transpose(at: Situation) -> Diagnostic | None:
    if at.found != "[" or at.previous != "'":
        return None
    return Diagnostic(
        "syntax-unexpected",
        "a transpose is not indexed directly",
        Mark(at.span),
        help="put it in parentheses: `(x')[i]`",
    )


def missing_operand(at: Situation) -> Diagnostic | None:
    if not at.wants_expression or {"if", "for"} <= at.acceptable:
        return None
    if at.previous in ("{", "[") and at.found == CLOSING[at.previous]:
        return Diagnostic(
            "syntax-expression",
            "an array needs at least one element",
            Mark(at.span),
            help="empty literals have no type",
        )
    return Diagnostic(
        "syntax-expression",
        f"expected an expression, found {shown(at.found) if at.found else 'the end of the file'}",
        Mark(at.span),
        help=_operand_help(at),
    )


def misplaced_string(at: Situation) -> Diagnostic | None:
    if not at.found.startswith('"'):
        return None
    return Diagnostic(
        "syntax-string",
        "a string cannot stand here",
        Mark(at.span),
        help="strings are for `print`, `reject`, `fatal_error` and the name of a `profile`",
    )


def _operand_help(at: Situation) -> str | None:
    if at.found == "'":
        return 'strings stand in double quotes: `"`'
    return f"`{at.previous}` needs a value on its right" if at.previous in OPERATORS else None


def named_argument(at: Situation) -> Diagnostic | None:
    """`normal(mu = 0, sigma = 1)`."""
    if at.found != "=" or "==" not in at.acceptable or not at.brackets or at.brackets[-1].text != "(":
        return None
    start = at.brackets[-1].span.start
    called = re.search(r"(\w+)\s*$", at.span.source.text[:start])
    if called is None or called[1] in ("if", "while", "for"):
        return None
    return Diagnostic(
        "syntax-assignment",
        "arguments have no names",
        Mark(at.span),
        help=f"their order says what they are: `{called[1]}(a, b)`; to compare, write `==`",
    )
