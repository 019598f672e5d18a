"""Brackets and semicolons that are missing or too many."""

from __future__ import annotations

from ..diagnostics import Diagnostic, Mark
from ..situation import CLOSING, STATEMENT_WORDS, TYPES, Situation, shown
from ..source import Span


def missing_semicolon(at: Situation) -> Diagnostic | None:
    if ";" not in at.acceptable or at.wants_expression or at.previous_span is None:
        return None
    if at.previous in (";", "{", "}") or (at.previous == ")" and "{" in at.acceptable):
        return None  # a `;` could stand here, but alone or as the body of a function
    if at.found not in STATEMENT_WORDS | TYPES | {"}", ""} and not (at.begins_line and at.found[0].isalpha()):
        return None
    end = at.previous_span.end
    return Diagnostic(
        "syntax-missing-semicolon",
        "a `;` is missing before this",
        Mark(at.span),
        (Mark(Span(at.previous_span.source, end, end), "the `;` belongs here"),),
    )


def unclosed_bracket(at: Situation) -> Diagnostic | None:
    if at.found not in (";", ")", "]", "}", "{", "") or not at.brackets:
        return None
    bracket = at.brackets[-1]
    closing = CLOSING[bracket.text]
    if bracket.is_block or closing not in at.acceptable:
        return None
    return Diagnostic(
        "syntax-unclosed-bracket",
        f"expected `{closing}` before {shown(at.found)}",
        Mark(at.span),
        (Mark(bracket.span, f"this `{bracket.text}` is not closed"),),
    )


def closes_nothing(at: Situation) -> Diagnostic | None:
    if at.found not in (")", "]", ">", "}"):
        return None
    if any(CLOSING[bracket.text] == at.found for bracket in at.brackets) or at.wants_expression:
        return None
    return Diagnostic("syntax-unclosed-bracket", f"this `{at.found}` closes nothing", Mark(at.span))
