"""Blocks, and what may stand in and between them."""

from __future__ import annotations

from typing import Final

from ..diagnostics import Diagnostic, Mark
from ..similar import nearest
from ..situation import BLOCKS, TYPES, Situation, shown

HALVES: Final = {
    "generated": "did you mean `generated quantities`?",
    "transformed": "did you mean `transformed data` or `transformed parameters`?",
}


def outside_blocks(at: Situation) -> Diagnostic | None:
    if at.brackets or "data" not in at.acceptable:
        return None
    near = nearest(at.found, BLOCKS)
    return Diagnostic(
        "syntax-outside-block",
        f"{shown(at.found)} stands outside of all blocks",
        Mark(at.span),
        help=f"did you mean `{near}`?"
        if near
        else HALVES.get(at.found.lower())
        or "a program consists of the blocks `functions`, `data`, `transformed data`, `parameters`, "
        "`transformed parameters`, `model` and `generated quantities`, each with its `{ ... }`",
    )


def brace_after_block(at: Situation) -> Diagnostic | None:
    if at.acceptable != {"{"}:
        return None
    return Diagnostic(
        "syntax-unexpected",
        f"`{at.previous}` must be followed by `{{`",
        Mark(at.span),
        help=None if at.previous not in BLOCKS else f"`{at.previous}` is reserved: it begins a block",
    )


def unclosed_block(at: Situation) -> Diagnostic | None:
    if at.found not in BLOCKS | {""} or at.previous not in ("{", "}", ";") or not at.brackets:
        return None
    if at.found == "data" and not at.begins_line:
        return None
    bracket = at.brackets[-1]
    return Diagnostic(
        "syntax-missing-brace",
        f"a `}}` is missing before {shown(at.found) if at.found else 'the end of the file'}",
        Mark(at.span, "" if at.found else "the file ends here"),
        (Mark(bracket.span, "this is never closed"),),
    )


def only_declarations(at: Situation) -> Diagnostic | None:
    if at.block not in ("data", "parameters") or not at.acceptable >= TYPES or "NAME" in at.acceptable:
        return None
    if at.found in BLOCKS | {""}:
        return None
    untyped = at.span.source.text[at.span.end :].lstrip()[:1] in (";", ",", "<", "[")
    return Diagnostic(
        "syntax-statement-in-input",
        f"only declarations can stand in `{at.block}`",
        Mark(at.span),
        help="a declaration begins with a type: `real x;`"
        if untyped and at.found.isidentifier()
        else "statements belong in `transformed data`, `transformed parameters`, `model` or `generated quantities`",
    )


def only_functions(at: Situation) -> Diagnostic | None:
    if at.block != "functions" and at.brackets:
        return None
    if "void" not in at.acceptable or not at.found:
        return None
    return Diagnostic(
        "syntax-function",
        "expected a function definition",
        Mark(at.span),
        help="it begins with the type of the result: `real f(real x) { return x; }`",
    )


def function_outside(at: Situation) -> Diagnostic | None:
    if at.found == "void" or (at.found == "(" and at.values and at.acceptable >= {"=", ",", ";", "["}):
        return Diagnostic(
            "syntax-function",
            "functions are defined in the `functions` block",
            Mark(at.span),
            help="it is the first block of a program",
        )
    return None


def data_qualifier(at: Situation) -> Diagnostic | None:
    if at.found != "data" or "real" not in at.acceptable:
        return None
    return Diagnostic(
        "syntax-unexpected",
        "`data` cannot stand here",
        Mark(at.span),
        help="it marks an argument of a function, or begins the block `data { ... }`",
    )
