"""Statements: loops, branches, assignments, expressions that stand alone."""

from __future__ import annotations

import re
from typing import Final

from ..diagnostics import Diagnostic, Mark
from ..situation import OPERATORS, TYPES, Situation, shown

HEADERS: Final = {
    "for": "the range of a loop stands in parentheses: `for (n in 1:N)`",
    "while": "the condition of `while` stands in parentheses: `while (x < 1)`",
    "if": "the condition of `if` stands in parentheses: `if (x < 1)`",
}


def dangling_else(at: Situation) -> Diagnostic | None:
    if at.found != "else":
        return None
    return Diagnostic(
        "syntax-else",
        "this `else` belongs to no `if`",
        Mark(at.span),
        help="remove the `;` before it"
        if re.search(r"\}\s*;\s*$", at.span.source.text[: at.span.start])
        else "several statements between `if` and `else` need braces: `if (a) { ... } else { ... }`",
    )


def idle_expression(at: Situation) -> Diagnostic | None:
    if at.found not in (";", "}") or "~" not in at.acceptable:
        return None
    return Diagnostic(
        "syntax-expression-statement",
        "this expression does nothing",
        Mark(at.span, "expected `=`, `~` or another operator"),
        help="assign it to a variable, or add it to the log density with `target +=`",
    )


def bare_header(at: Situation) -> Diagnostic | None:
    """`for n in 1:N`, `if x > 0`."""
    if at.previous not in HEADERS or at.acceptable != {"("}:
        return None
    return Diagnostic(
        "syntax-loop" if at.previous == "for" else "syntax-condition",
        f"`{at.previous}` must be followed by `(`",
        Mark(at.span),
        help=HEADERS[at.previous],
    )


def counting_loop(at: Situation) -> Diagnostic | None:
    """`for (int n = 1; ...)`, `for (n = 1:N)`."""
    text = at.span.source.text[: at.span.start]
    if not re.search(r"\bfor\s*\(\s*\w*\s*$", text) or at.found not in TYPES | {"="}:
        return None
    return Diagnostic(
        "syntax-loop", f"a loop does not begin with {shown(at.found)}", Mark(at.span), help="write `for (n in 1:N)`"
    )


def other_else(at: Situation) -> Diagnostic | None:
    """`elif (...) {` and its kind, read as a call."""
    if at.found != "{" or "~" not in at.acceptable:
        return None
    word = re.search(r"\b(elif|elseif|elsif)\b[^;{}]*$", at.span.source.text[: at.span.start])
    if word is None:
        return None
    return Diagnostic(
        "syntax-else", f"`{word[1]}` is not a word of the language", Mark(at.span), help="write `else if (...) {`"
    )


def one_bound(at: Situation) -> Diagnostic | None:
    """`T[0]`, `T(0, )`."""
    in_truncation = bool(at.brackets) and at.brackets[-1].before == "T" and at.found == "]"
    if not (in_truncation and "," in at.acceptable) and not (at.previous == "T" and at.acceptable == {"["}):
        return None
    return Diagnostic(
        "syntax-truncation",
        f"unexpected {shown(at.found)} in a truncation",
        Mark(at.span),
        help="a truncation has two bounds in brackets, of which one can be left out: `T[0, ]`, `T[ , 1]`, `T[0, 1]`",
    )


def target_assignment(at: Situation) -> Diagnostic | None:
    """`target = ...`, `target + = ...`."""
    if at.previous != "target" or at.found not in ("=", "+", "<-"):
        return None
    return Diagnostic(
        "syntax-assignment", "the target can only be added to", Mark(at.span), help="write `target += ...`"
    )


def assignment_of_other_languages(at: Situation) -> Diagnostic | None:
    """`x := 1`."""
    if at.found != ":" or not at.acceptable >= {"=", "~"} or not at.span.source.text.startswith(":=", at.span.start):
        return None
    return Diagnostic(
        "syntax-assignment", "there is no assignment `:=`", Mark(at.span), help="values are assigned with `=`"
    )


def several_outcomes(at: Situation) -> Diagnostic | None:
    """`a, b ~ normal(0, 1)`."""
    if at.found != "," or "~" not in at.acceptable:
        return None
    return Diagnostic(
        "syntax-unexpected",
        "unexpected `,` between the outcomes of a distribution",
        Mark(at.span),
        help="each variable needs a statement of its own: `a ~ normal(0, 1); b ~ normal(0, 1);`",
    )


def declared_distribution(at: Situation) -> Diagnostic | None:
    """`real x ~ normal(0, 1)`."""
    if at.found != "~" or not at.acceptable >= {",", ";", "="} or "(" in at.acceptable:
        return None
    return Diagnostic(
        "syntax-unexpected",
        "a declaration does not give a distribution",
        Mark(at.span),
        help=f"declare `{at.previous}` first, then write `{at.previous} ~ ...` as a statement of its own",
    )


def after_distribution(at: Situation) -> Diagnostic | None:
    """Something other than a truncation after `y ~ normal(0, 1)`."""
    if at.acceptable != {";", "T"} or at.found not in OPERATORS | {"["}:
        return None
    if at.found == "[":
        help = "a truncation is written `T[lower, upper]`"
    else:
        help = "a distribution is not a value to calculate with; transform its arguments or the outcome"
    return Diagnostic(
        "syntax-truncation", f"unexpected {shown(at.found)} after a distribution", Mark(at.span), help=help
    )
