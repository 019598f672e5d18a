"""The mistakes that the lexer and the parser can find, and the old syntax they know: one function for each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from .diagnostics import Diagnostic, Mark, Severity
from .names import constrained_types
from .source import Span
from .tree import SizedType, UnsizedType


def old_syntax(title: str, mark: Mark, help: str, allowed: bool) -> Diagnostic:
    """Syntax that Stan has removed: a warning where it is `allowed`, else an error."""
    severity = Severity.WARNING if allowed else Severity.ERROR
    return Diagnostic("syntax-deprecated", title, mark, help=help, severity=severity)


# Characters that look like one of the language, as word processors and web pages write them.
LOOKALIKES: Final = {
    **dict.fromkeys("∼˜～〜", "~"),
    **dict.fromkeys("−–—‐‑－", "-"),
    **dict.fromkeys("×·∗＊", "*"),
    **dict.fromkeys("÷∕", "/"),
    **dict.fromkeys("‘’′", "'"),
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "←": "=",
    "＝": "=",
    "，": ",",
    "；": ";",
    "：": ":",
    "（": "(",
    "）": ")",
}

# Tokens -----------------------------------------------------------------------------------------


def invalid_character(span: Span) -> Diagnostic:
    character = span.text
    help = None
    match character:
        case "#":
            help = 'comments begin with `//`; only `#include "FILE"` begins with `#`'
        case '"':
            help = 'a string ends on the line it begins on, with a second `"`'
        case "." if ".." in span.source.text[span.start - 1 : span.end + 1]:
            help = "a range is written `a:b`"
        case "." if method := re.match(r"([a-zA-Z]\w*)\s*\(", span.source.text[span.end :]):
            help = f"functions are called with all their arguments in parentheses: `{method[1]}(x)`"
        case ".":
            help = "names consist of letters, digits and underscores; write `_` instead of `.`"
        case "_":
            help = "names begin with a letter, and numbers have single underscores between digits only"
        case "&":
            help = "logical and is `&&`"
        case "“" | "”" | "„":
            help = 'strings stand in straight quotes: `"`'
        case _ if character in LOOKALIKES:
            help = f"write `{LOOKALIKES[character]}`"
        case "\N{NO-BREAK SPACE}" | "\N{ZERO WIDTH SPACE}":
            help = "this looks like a space; write a plain one"
        case "$" | "@":
            help = "names consist of letters, digits and underscores"
        case _ if character.isalpha():
            help = "names consist of the letters a to z and A to Z, digits and underscores"
    shown = f"`{character}`" if character.isprintable() else f"U+{ord(character):04X}"
    return Diagnostic("syntax-invalid-character", f"{shown} does not belong here", Mark(span), help=help)


def unclosed_comment(span: Span) -> Diagnostic:
    end = len(span.source.text)
    return Diagnostic(
        "syntax-unclosed-comment",
        "a comment is never closed",
        Mark(Span(span.source, end, end), "the file ends here"),
        (Mark(span, "the comment begins here"),),
        help="close it with `*/`; comments do not nest",
    )


def old_comment(span: Span) -> Diagnostic:
    return old_syntax("comments begin with `//`", Mark(span), "write `//` instead of `#`", allowed=True)


def include_not_found(name: str, folders: Sequence[Path], span: Span) -> Diagnostic:
    searched = ", ".join(f"`{folder}`" for folder in dict.fromkeys(folders))
    return Diagnostic(
        "syntax-include", f"cannot find the file `{name}`", Mark(span, "included here"), help=f"searched in {searched}"
    )


def include_recursion(name: str, span: Span) -> Diagnostic:
    return Diagnostic("syntax-include", f"`{name}` includes itself", Mark(span, "this file is already being read"))


def include_unreadable(name: str, reason: str, span: Span) -> Diagnostic:
    return Diagnostic("syntax-include", f"cannot read the file `{name}`", Mark(span, "included here"), help=reason)


# Blocks and declarations ------------------------------------------------------------------------------


def heading(block: Span) -> Span:
    """The name of a block, of the span of the whole."""
    return Span(block.source, block.start, block.start + len(block.text.partition("{")[0].rstrip()))


def after(offset: int, span: Span, symbol: str) -> int:
    """Where `symbol`, known to come, stands after an offset of a span's source."""
    return span.source.text.index(symbol, offset)


def repeated_block(name: str, second: Span, first: Span) -> Diagnostic:
    return Diagnostic(
        "syntax-block-order",
        f"a second `{name}` block",
        Mark(heading(second)),
        (Mark(heading(first), "the first is here"),),
        help="a program has at most one block of a kind: join the two",
    )


def misplaced_block(name: str, block: Span, later_name: str, later: Span) -> Diagnostic:
    return Diagnostic(
        "syntax-block-order",
        f"the `{name}` block must stand before `{later_name}`",
        Mark(heading(block)),
        (Mark(heading(later), f"`{later_name}` begins here"),),
        help="the order is: functions, data, transformed data, parameters, transformed parameters, model, "
        "generated quantities",
    )


def value_of_input(name: Span, value: Span) -> Diagnostic:
    return Diagnostic(
        "syntax-value-of-input",
        f"`{name.text}` cannot be given a value in this block",
        Mark(Span(name.source, after(name.end, name, "="), value.end)),
        help="data is read and parameters are sampled; compute values in `transformed data` or "
        "`transformed parameters`",
    )


def constrained_local(kind: SizedType) -> Diagnostic:
    constrained = constrained_types().get(kind.name)
    plain = constrained.plain if constrained else kind.name
    span = kind.span
    if kind.constraint:
        last = kind.constraint[-1].span
        span = Span(span.source, after(span.start, span, "<"), after(last.end, last, ">") + 1)
    return Diagnostic(
        "syntax-constrained-local",
        "a local variable cannot be constrained",
        Mark(span),
        help=f"write `{plain}`; constraints are for the variables of blocks other than `model`, outside of any braces",
    )


def not_a_place(span: Span) -> Diagnostic:
    return Diagnostic(
        "syntax-assignment",
        "this cannot be assigned to",
        Mark(span),
        help="the left side is a variable, an element of one, or several of these as in `(a, b[1]) = ...`",
    )


def large_tuple_index(span: Span) -> Diagnostic:
    return Diagnostic("syntax-tuple-index", "no tuple has so many elements", Mark(span))


# Old syntax -------------------------------------------------------------------------------------------


def old_array(sizes: Span, allowed: bool) -> Diagnostic:
    return old_syntax(
        "the sizes of an array stand before its type",
        Mark(sizes),
        f"write `array[{sizes.text}] TYPE NAME`",
        allowed,
    )


def old_unsized_array(span: Span, element: UnsizedType, dimensions: int, allowed: bool) -> Diagnostic:
    commas = "," * (dimensions - 1)
    return old_syntax(
        "an array's type begins with `array`",
        Mark(Span(span.source, after(span.start, span, "["), span.end)),
        f"write `array[{commas}] {element.name}`",
        allowed,
    )


def old_assignment(span: Span) -> Diagnostic:
    start = after(span.start, span, "<-")
    return old_syntax(
        "values are assigned with `=`", Mark(Span(span.source, start, start + 2)), "write `=` instead of `<-`", True
    )


def old_name(span: Span, replacement: str) -> Diagnostic:
    return old_syntax(f"`{span.text}` is an old name", Mark(span), f"write `{replacement}`", True)


def missing_bar(function: Span, first: Span) -> Diagnostic:
    title = f"the first argument of `{function.text}` is followed by a bar"
    return old_syntax(title, Mark(function), f"write `{function.text}({first.text} | ...)`", True)
