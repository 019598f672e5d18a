"""What to say of a token that cannot stand where it does: the first of the mistakes in `mistakes/` that it is."""

from __future__ import annotations

from typing import Final

from .diagnostics import Diagnostic, Mark
from .mistakes import blocks, brackets, expressions, statements, types
from .situation import ASSIGNMENTS, BLOCKS, OPERATORS, STATEMENT_WORDS, TYPES, Situation, shown

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


# The most telling first.
MISTAKES: Final = (
    blocks.brace_after_block,
    blocks.unclosed_block,
    statements.bare_header,
    brackets.missing_semicolon,
    brackets.closes_nothing,
    blocks.outside_blocks,
    statements.other_else,
    statements.dangling_else,
    types.constraint_keyword,
    types.constraint_without_value,
    types.comparison_in_constraint,
    types.constrained_argument,
    types.constrained_type_of_argument,
    types.late_constraint,
    types.late_size,
    types.missing_size,
    types.sizes_of_scalar,
    types.constraint_in_parentheses,
    types.constraint_without_brackets,
    types.digit_first,
    types.dot_in_name,
    statements.one_bound,
    types.missing_second_size,
    types.needless_second_size,
    types.missing_element_type,
    types.old_array_argument,
    types.one_element_tuple,
    brackets.unclosed_bracket,
    types.unknown_type,
    blocks.only_declarations,
    blocks.only_functions,
    types.second_type,
    expressions.misplaced_string,
    blocks.function_outside,
    blocks.data_qualifier,
    statements.counting_loop,
    statements.target_assignment,
    statements.assignment_of_other_languages,
    statements.several_outcomes,
    statements.declared_distribution,
    statements.after_distribution,
    expressions.foreign_operator,
    expressions.indexed_transpose,
    expressions.named_argument,
    expressions.assignment_as_test,
    statements.idle_expression,
    types.reserved_word,
    expressions.missing_operand,
)
