"""Mistakes in statements: assignments, loops, return."""

from __future__ import annotations

from pplc.grammar.diagnostics import Diagnostic, Mark
from pplc.grammar.source import Span
from pplc.grammar.tree import Identifier

from ...types import Int, Type, Void
from .words import a, conversion


def assignment_type(span: Span, given: Type, place: str, wanted: Type, declared: Span) -> Diagnostic:
    """A value of another type than the variable's."""
    return Diagnostic(
        code="assignment-type",
        title=f"`{place}` is {a(wanted)} and cannot be assigned {a(given)}",
        mark=Mark(span, f"this is {a(given)}"),
        related=(Mark(declared, "declared here"),),
        help=conversion(given, wanted),
    )


def compound_assignment(operator: str, span: Span, given: Type, place: str, wanted: Type) -> Diagnostic:
    """`x += e` where x + e does not have the type of x."""
    plain = operator.removesuffix("=")
    return Diagnostic(
        code="compound-assignment",
        title=f"`{place} {plain} ...` with {a(given)} cannot be assigned to `{place}`, which is {a(wanted)}",
        mark=Mark(span, f"this is {a(given)}"),
    )


def unpacking_type(span: Span, given: Type, wanted: Type) -> Diagnostic:
    """A tuple of another shape than the variables on the left."""
    return Diagnostic(
        code="assignment-type",
        title=f"the variables on the left make {a(wanted)}, and cannot be assigned {a(given)}",
        mark=Mark(span, f"this is {a(given)}"),
    )


def assignment_to_function(identifier: Identifier) -> Diagnostic:
    """A function's name on the left of an assignment."""
    return Diagnostic(
        code="assignment-to-function",
        title=f"`{identifier.name}` is a function, nothing can be assigned to it",
        mark=Mark(identifier.span, "a function"),
        help=f"declare a variable first: `real {identifier.name}_value;`",
    )


def other_block(identifier: Identifier, block: str, declared: Span) -> Diagnostic:
    """A variable of an earlier block is assigned to."""
    return Diagnostic(
        code="assignment-to-other-block",
        title=f"`{identifier.name}` belongs to {block} and can only be read here",
        mark=Mark(identifier.span, "assigned to"),
        related=(Mark(declared, "declared here"),),
        help="declare a new variable in this block",
    )


def read_only(identifier: Identifier, role: str, declared: Span) -> Diagnostic:
    """A loop variable or a function's argument is assigned to."""
    what = {"loop": "the variable of a loop", "argument": "an argument of the function"}.get(role, "read-only")
    return Diagnostic(
        code="read-only",
        title=f"`{identifier.name}` is {what} and cannot be assigned to",
        mark=Mark(identifier.span, "assigned to"),
        related=(Mark(declared, "declared here"),),
        help="copy it to a local variable first",
    )


def nested_multi_index(span: Span) -> Diagnostic:
    """`x[1:3][2] = ...`."""
    return Diagnostic(
        code="nested-multi-index",
        title="an index cannot follow one that picks several elements on the left of an assignment",
        mark=Mark(span),
        help="put all indices in one pair of brackets",
    )


def written_twice(span: Span, earlier: Span) -> Diagnostic:
    """`(a, a) = ...`."""
    return Diagnostic(
        code="written-twice",
        title="one assignment cannot write to the same variable twice",
        mark=Mark(span, "written again"),
        related=(Mark(earlier, "written here"),),
    )


def read_and_written(name: str, span: Span) -> Diagnostic:
    """`x[x[1]] = ...`."""
    return Diagnostic(
        code="read-and-written",
        title=f"`{name}` is read in an index while it is being assigned to",
        mark=Mark(span, "read here"),
        help="copy the index to a variable first",
    )


def increment_type(what: str, span: Span) -> Diagnostic:
    """Something that is no number is added to the target."""
    return Diagnostic(
        code="increment-type",
        title=f"`{what}` adds numbers, this is a function",
        mark=Mark(span, "a function"),
        help="call it",
    )


def loop_container(span: Span, type: Type) -> Diagnostic:
    """`for (x in y)` where y has no elements."""
    return Diagnostic(
        code="loop-container",
        title=f"a loop goes through an array, a vector, a row vector or a matrix, not {a(type)}",
        mark=Mark(span, f"this is {a(type)}"),
        help=f"to count, write `1:{span.text}`" if isinstance(type, Int) else None,
    )


def outside_loop(keyword: str, span: Span) -> Diagnostic:
    """`break` or `continue` where there is no loop."""
    return Diagnostic(
        code="outside-loop",
        title=f"`{keyword}` is only possible inside a loop",
        mark=Mark(span),
    )


def misplaced_return(span: Span, *, in_function: bool) -> Diagnostic:
    """A value is returned from a void function or a block."""
    return Diagnostic(
        code="misplaced-return",
        title="this function returns nothing" if in_function else "only functions return something",
        mark=Mark(span, "a value is returned"),
        help="declare the type of the value in the place of `void`" if in_function else None,
    )


def return_without_value(span: Span, result: Type | None) -> Diagnostic:
    """`return;` outside void functions."""
    if result is None or isinstance(result, Void):
        title = "only functions return"
    else:
        title = f"this function has to return {a(result)}"
    return Diagnostic(code="misplaced-return", title=title, mark=Mark(span, "nothing is returned"))


def return_type(span: Span, given: Type, wanted: Type) -> Diagnostic:
    """A value of another type than the function's."""
    return Diagnostic(
        code="return-type",
        title=f"this function returns {a(wanted)}, not {a(given)}",
        mark=Mark(span, f"this is {a(given)}"),
        help=conversion(given, wanted),
    )
