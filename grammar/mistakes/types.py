"""Types: sizes, constraints, names of types."""

from __future__ import annotations

import re
from typing import Final

from ..diagnostics import Diagnostic, Mark
from ..names import constrained_types
from ..similar import nearest
from ..situation import COMPARISONS, RESERVED, SIZES, TYPES, Situation, shown

CONSTRAINTS: Final = ("lower", "upper", "offset", "multiplier")
SCALARS: Final = ("int", "real", "complex")
# What other languages call the types, and how they begin a declaration.
OTHER_TYPES: Final = {
    "float": "write `real`",
    "double": "write `real`",
    "numeric": "write `real`",
    "number": "write `real`",
    "integer": "write `int`",
    "bool": "write `int<lower=0, upper=1>`",
    "boolean": "write `int<lower=0, upper=1>`",
    "cov": "write `cov_matrix[N]`",
    "list": "write `array[N] real`, or `tuple(real, int)` for values of different types",
    "vec": "write `vector[N]`",
    "mat": "write `matrix[M, N]`",
    "arr": "write `array[N] real`",
    **dict.fromkeys(("let", "var", "val", "const", "auto", "def"), "a declaration begins with a type: `real x;`"),
}


def old_array_argument(at: Situation) -> Diagnostic | None:
    """`vector[3] x` as an argument: the grammar knows `vector[]` as old syntax."""
    if at.previous != "[" or at.acceptable != {",", "]"} or at.previous_span is None:
        return None
    return Diagnostic(
        "syntax-size",
        "the types of arguments and results have no sizes",
        Mark(at.span if at.brackets[-1].before == "array" else at.previous_span.to(at.span)),
        help="write `vector`, `matrix`, `array[] real`, `array[,] real` and so on",
    )


def constrained_argument(at: Situation) -> Diagnostic | None:
    if at.found != "<" or at.block != "functions" or "{" in at.acceptable or "NAME" not in at.acceptable:
        return None
    return Diagnostic(
        "syntax-constraint",
        "the types of arguments and results have no constraints",
        Mark(at.span),
        help="to check an argument, call `reject` in the body of the function",
    )


def constrained_type_of_argument(at: Situation) -> Diagnostic | None:
    constrained = constrained_types().get(at.found)
    if constrained is None or at.block != "functions" or "matrix" not in at.acceptable or at.found in at.acceptable:
        return None
    return Diagnostic(
        "syntax-constraint",
        "the types of arguments and results have no constraints",
        Mark(at.span),
        help=f"write `{constrained.plain}`",
    )


def constraint_keyword(at: Situation) -> Diagnostic | None:
    if not at.acceptable <= set(CONSTRAINTS):
        return None
    words = " or ".join(f"`{word} = ...`" for word in CONSTRAINTS if word in at.acceptable)
    near = nearest(at.found, at.acceptable)
    reason = f"did you mean `{near}`?" if near else None
    if at.found in CONSTRAINTS:
        reason = "bounds cannot be joined with `offset` or `multiplier`, an integer can only have bounds"
    return Diagnostic("syntax-constraint", f"expected {words}", Mark(at.span), help=reason)


def comparison_in_constraint(at: Situation) -> Diagnostic | None:
    if at.found not in COMPARISONS or not at.brackets or at.brackets[-1].text != "<":
        return None
    return Diagnostic(
        "syntax-constraint",
        f"`{at.found}` in a constraint needs parentheses",
        Mark(at.span),
        (Mark(at.brackets[-1].span, "the constraint begins here"),),
        help="write `<lower = (a > b ? a : b)>`",
    )


def late_constraint(at: Situation) -> Diagnostic | None:
    if at.found != "<" or at.previous != "]" or "NAME" not in at.acceptable or at.wants_expression:
        return None
    return Diagnostic(
        "syntax-constraint",
        "a constraint stands before the sizes",
        Mark(at.span),
        help="write `vector<lower=0>[N] x`, `array[N] real<lower=0> x`",
    )


def missing_size(at: Situation) -> Diagnostic | None:
    if at.previous not in SIZES or "[" not in at.acceptable or at.found == "<":
        return None
    sizes = "M, N" if SIZES[at.previous] == 2 else "N"
    return Diagnostic(
        "syntax-size", f"`{at.previous}` needs its size", Mark(at.span), help=f"write `{at.previous}[{sizes}]`"
    )


def missing_second_size(at: Situation) -> Diagnostic | None:
    if at.found != "]" or not at.brackets or "," not in at.acceptable or "]" in at.acceptable:
        return None
    return Diagnostic("syntax-size", "a matrix has two sizes", Mark(at.span), help="rows and columns: `matrix[M, N]`")


def one_element_tuple(at: Situation) -> Diagnostic | None:
    bracket = at.brackets[-1] if at.brackets else None
    if at.found != ")" or bracket is None or bracket.before != "tuple" or at.acceptable & {")"}:
        return None
    return Diagnostic(
        "syntax-tuple", "a comma is missing after the only type of a tuple", Mark(at.span), help="write `tuple(real,)`"
    )


def second_type(at: Situation) -> Diagnostic | None:
    if at.found not in TYPES or at.previous != "," or "NAME" not in at.acceptable or at.wants_expression:
        return None
    return Diagnostic(
        "syntax-reserved-word",
        f"`{at.found}` is a type, not a name",
        Mark(at.span),
        help="variables declared together have the same type; end the declaration with `;` to begin another",
    )


def constraint_without_brackets(at: Situation) -> Diagnostic | None:
    """`real lower=0 x`."""
    if at.found not in CONSTRAINTS or at.previous not in TYPES:
        return None
    return Diagnostic(
        "syntax-constraint",
        "constraints stand in angle brackets",
        Mark(at.span),
        help=f"write `{at.previous}<{at.found} = ...>`",
    )


def digit_first(at: Situation) -> Diagnostic | None:
    """`real 2nd;`."""
    if at.wants_expression or "NAME" not in at.acceptable or not at.found[:1].isdigit():
        return None
    return Diagnostic(
        "syntax-unexpected", f"unexpected {shown(at.found)}", Mark(at.span), help="names begin with a letter"
    )


def dot_in_name(at: Situation) -> Diagnostic | None:
    """`real beta.1;`, as names are in R."""
    if not re.fullmatch(r"\.\d+", at.found) or not at.previous.isidentifier() or at.wants_expression:
        return None
    return Diagnostic(
        "syntax-unexpected",
        f"unexpected {shown(at.found)}",
        Mark(at.span),
        help="names consist of letters, digits and underscores; write `_` instead of `.`",
    )


def reserved_word(at: Situation) -> Diagnostic | None:
    if not at.found.isidentifier() or "NAME" not in at.acceptable or at.found not in RESERVED:
        return None
    what = "the name of a type" if at.found in TYPES else "a reserved word"
    return Diagnostic(
        "syntax-reserved-word",
        f"`{at.found}` is {what} and cannot be used here",
        Mark(at.span),
        help=None if at.wants_expression else "choose another name",
    )


def constraint_without_value(at: Situation) -> Diagnostic | None:
    if at.previous not in CONSTRAINTS or at.acceptable != {"="}:
        return None
    return Diagnostic(
        "syntax-constraint", f"`{at.previous}` needs a value", Mark(at.span), help=f"write `{at.previous} = ...`"
    )


def late_size(at: Situation) -> Diagnostic | None:
    """`vector<lower=0> x[N]`."""
    if at.acceptable != {"["} or at.previous != ">" or not at.found.isidentifier():
        return None
    return Diagnostic(
        "syntax-size", "the size stands before the name", Mark(at.span), help=f"write `vector<...>[N] {at.found}`"
    )


def sizes_of_scalar(at: Situation) -> Diagnostic | None:
    """`real[N] x`."""
    if at.found != "[" or at.previous not in SCALARS:
        return None
    return Diagnostic(
        "syntax-size",
        f"`{at.previous}` has no size",
        Mark(at.span),
        help=f"an array is written `array[N] {at.previous} x`",
    )


def constraint_in_parentheses(at: Situation) -> Diagnostic | None:
    """`real(lower=0) x`."""
    if at.found != "(" or at.previous not in TYPES - {"tuple", "array"}:
        return None
    return Diagnostic(
        "syntax-constraint",
        "constraints stand in angle brackets",
        Mark(at.span),
        help=f"write `{at.previous}<lower = 0>`",
    )


def needless_second_size(at: Situation) -> Diagnostic | None:
    """`vector[M, N] x`."""
    if at.found != "," or not at.brackets or at.brackets[-1].text != "[" or "," in at.acceptable:
        return None
    declared = re.search(r"(\w+)\s*(<[^<>]*>)?\s*$", at.span.source.text[: at.brackets[-1].span.start])
    if declared is None or SIZES.get(declared[1]) != 1:
        return None
    return Diagnostic(
        "syntax-size",
        f"`{declared[1]}` has one size",
        Mark(at.span),
        help=f"several of them are an array: `array[M] {declared[1]}[N] x`",
    )


def missing_element_type(at: Situation) -> Diagnostic | None:
    """`array[N] x`."""
    if at.previous != "]" or not at.acceptable >= {"real", "int"} or "NAME" in at.acceptable:
        return None
    if not at.found.isidentifier() or at.found in RESERVED:
        return None
    return Diagnostic(
        "syntax-size", "the type of the elements is missing", Mark(at.span), help=f"write `array[N] real {at.found}`"
    )


def unknown_type(at: Situation) -> Diagnostic | None:
    """`float x` in a block of declarations, where `float` is found, or of statements, where `x` is."""
    if at.block in ("data", "parameters") and at.acceptable >= TYPES and "NAME" not in at.acceptable:
        name, span = at.found, at.span
    elif at.found.isidentifier() and at.acceptable >= {"=", "~"} and at.previous.isidentifier():
        name, span = at.previous, at.previous_span or at.span
    else:
        return None
    if name in RESERVED or not name.isidentifier():
        return None
    near = nearest(name, TYPES) if len(name) > 3 else None
    help = OTHER_TYPES.get(name.lower()) or (f"did you mean `{near}`?" if near else None)
    return Diagnostic("syntax-type", f"there is no type `{name}`", Mark(span), help=help) if help else None
