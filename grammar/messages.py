"""What to say of a token that cannot stand where it does: one function per mistake, the most telling first."""

from __future__ import annotations

from typing import Final

from .diagnostics import Diagnostic, Mark
from .errors import UNCONSTRAINED
from .situation import BLOCKS, CLOSING, SIZES, TYPES, Situation
from .source import Span

COMPARISONS: Final = frozenset({"||", "&&", "==", "!=", "<", "<=", ">", ">=", "?"})
OPERATORS: Final = COMPARISONS | {"+", "-", "*", "/", "%", ".*", "./", "\\", "%/%", "^", ".^", "'", "<-"}
ASSIGNMENTS: Final = frozenset({"=", "+=", "-=", "*=", "/=", ".*=", "./="})
STATEMENT_WORDS: Final = frozenset(
    {"if", "for", "while", "return", "break", "continue", "print", "reject", "fatal_error", "profile", "target"}
)
# Kinds of tokens by what a reader calls them; how the others are written says enough.
KINDS: Final = {"NAME": "a name", "STRING": "a string", "DOTTED": "`.1`", "": "the end of the file"}
NUMBERS: Final = frozenset({"INTEGER", "REAL", "IMAGINARY"})


def unexpected(at: Situation) -> Diagnostic:
    """The mistake of the token found."""
    for mistake in MISTAKES:
        if (diagnostic := mistake(at)) is not None:
            return diagnostic
    return Diagnostic(
        "syntax-unexpected", f"unexpected {shown(at.found)}", Mark(at.span, f"expected {expected(at.acceptable)}")
    )


def shown(found: str) -> str:
    return f"`{found}`" if found else "end of the file"


def expected(acceptable: frozenset[str]) -> str:
    """The acceptable tokens, grouped and in words."""
    rest = set(acceptable)
    groups: list[str] = []
    if {"INTEGER", "("} <= rest:
        groups.append("an expression")
        rest -= NUMBERS | {"NAME", "T", "(", "[", "{", "!", "-", "+", "target", "DOTTED"}
    if {"int", "real"} <= rest:
        groups.append("a type")
        rest -= TYPES
    if {"if", "for"} <= rest:
        groups = ["a statement"] + [group for group in groups if group != "an expression"]
        rest -= STATEMENT_WORDS | {"jacobian", "{", ";"}
    if {"*", "/"} <= rest:
        groups.append("an operator")
        rest -= OPERATORS | {"[", "DOTTED", "("}
    if {"+=", "*="} <= rest:
        groups.append("an assignment")
        rest -= ASSIGNMENTS
    if {"data", "model"} <= rest:
        groups.append("a block")
        rest -= BLOCKS
    rest -= {"T"} if "NAME" in rest else set()
    if not groups and len(rest) > 6:
        return "something else"
    groups += [KINDS.get(kind) or f"`{kind}`" for kind in sorted(rest)]
    return groups[0] if len(groups) == 1 else f"{', '.join(groups[:-1])} or {groups[-1]}"


# The mistakes -------------------------------------------------------------------------------------------


def outside_blocks(at: Situation) -> Diagnostic | None:
    if at.brackets or "data" not in at.acceptable:
        return None
    return Diagnostic(
        "syntax-outside-block",
        f"{shown(at.found)} stands outside of all blocks",
        Mark(at.span),
        help="a program consists of the blocks `functions`, `data`, `transformed data`, `parameters`, "
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
    if at.found not in UNCONSTRAINED or at.block != "functions" or "matrix" not in at.acceptable:
        return None
    if "simplex" in at.acceptable:
        return None
    return Diagnostic(
        "syntax-constraint",
        "the types of arguments and results have no constraints",
        Mark(at.span),
        help=f"write `{UNCONSTRAINED[at.found]}`",
    )


def constraint_keyword(at: Situation) -> Diagnostic | None:
    if not at.acceptable <= {"lower", "upper", "offset", "multiplier"}:
        return None
    words = " or ".join(
        f"`{word} = ...`" for word in ("lower", "upper", "offset", "multiplier") if word in at.acceptable
    )
    if at.found in ("lower", "upper", "offset", "multiplier"):
        reason = "bounds cannot be joined with `offset` or `multiplier`, an integer can only have bounds"
    else:
        reason = None
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


def only_declarations(at: Situation) -> Diagnostic | None:
    if at.block not in ("data", "parameters") or not at.acceptable >= TYPES or "NAME" in at.acceptable:
        return None
    if at.found in BLOCKS | {""}:
        return None
    return Diagnostic(
        "syntax-statement-in-input",
        f"only declarations can stand in `{at.block}`",
        Mark(at.span),
        help="statements belong in `transformed data`, `transformed parameters`, `model` or `generated quantities`",
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


def dangling_else(at: Situation) -> Diagnostic | None:
    if at.found != "else":
        return None
    return Diagnostic(
        "syntax-else",
        "this `else` belongs to no `if`",
        Mark(at.span),
        help="several statements between `if` and `else` need braces: `if (a) { ... } else { ... }`",
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


def misplaced_string(at: Situation) -> Diagnostic | None:
    if not at.found.startswith('"'):
        return None
    return Diagnostic(
        "syntax-string",
        "a string cannot stand here",
        Mark(at.span),
        help="strings are for `print`, `reject`, `fatal_error` and the name of a `profile`",
    )


def assignment_as_test(at: Situation) -> Diagnostic | None:
    if at.found != "=" or "==" not in at.acceptable or not at.brackets or at.brackets[-1].is_block:
        return None
    return Diagnostic(
        "syntax-assignment", "`=` cannot stand in an expression", Mark(at.span), help="to compare, write `==`"
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
        help=None if at.previous not in OPERATORS else f"`{at.previous}` needs a value on its right",
    )


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
}
RESERVED: Final = (
    TYPES | BLOCKS | STATEMENT_WORDS | {"else", "in", "void", "jacobian", "lower", "upper", "offset", "multiplier"}
)
MISTAKES: Final = (
    brace_after_block,
    unclosed_block,
    missing_semicolon,
    closes_nothing,
    outside_blocks,
    dangling_else,
    constraint_keyword,
    comparison_in_constraint,
    constrained_argument,
    constrained_type_of_argument,
    late_constraint,
    missing_size,
    missing_second_size,
    old_array_argument,
    one_element_tuple,
    unclosed_bracket,
    only_declarations,
    only_functions,
    second_type,
    misplaced_string,
    function_outside,
    data_qualifier,
    foreign_operator,
    assignment_as_test,
    idle_expression,
    reserved_word,
    missing_operand,
)
