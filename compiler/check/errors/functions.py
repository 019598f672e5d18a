"""Mistakes in definitions of functions."""

from __future__ import annotations

from collections.abc import Sequence

from pplc.grammar.diagnostics import Diagnostic, Mark
from pplc.grammar.source import Span
from pplc.grammar.tree import Identifier, Parameter

from ...types import Type, Void
from .words import a, arguments, on_line_of


def overload_by_result(identifier: Identifier, other: Type, declared: Span | None) -> Diagnostic:
    """Two overloads differ in nothing but what they return."""
    where = "" if declared else " in the library"
    return Diagnostic(
        code="overload-by-result",
        title=f"`{identifier.name}` with these arguments already returns {a(other)}{where}",
        mark=Mark(identifier.span, "only the result differs"),
        related=(Mark(declared, "declared here"),) if declared else (),
        help="overloads have to differ in the types of their arguments",
    )


def library_redefinition(identifier: Identifier, types: Sequence[Type]) -> Diagnostic:
    """A function of the library is defined again."""
    return Diagnostic(
        code="library-redefinition",
        title=f"`{identifier.name}{arguments(types)}` belongs to the library and cannot be defined again",
        mark=Mark(identifier.span),
        help="choose another name, or other types of arguments",
    )


def redefinition(identifier: Identifier, types: Sequence[Type], declared: Span) -> Diagnostic:
    """A function is defined twice."""
    return Diagnostic(
        code="redefinition",
        title=f"`{identifier.name}{arguments(types)}` is defined twice",
        mark=Mark(identifier.span, "defined again"),
        related=(Mark(declared, "first defined here"),),
    )


def repeated_declaration(identifier: Identifier, declared: Span) -> Diagnostic:
    """A function is declared twice before its definition."""
    return Diagnostic(
        code="repeated-declaration",
        title=f"`{identifier.name}` is declared twice",
        mark=Mark(identifier.span, "declared again"),
        related=(Mark(declared, "first declared here"),),
        help="a body should follow, or the line be left out",
    )


def missing_definition(identifier: Identifier) -> Diagnostic:
    """A function is declared and never defined."""
    return Diagnostic(
        code="missing-definition",
        title=f"`{identifier.name}` is declared, but never defined",
        mark=Mark(identifier.span, "a body is missing"),
    )


def protected_name(identifier: Identifier) -> Diagnostic:
    """A function is given the name of one with typing rules of its own."""
    return Diagnostic(
        code="protected-function-name",
        title=f"`{identifier.name}` is a function of the library that cannot be overloaded",
        mark=Mark(identifier.span),
        help="choose another name",
    )


def unnormalised_definition(identifier: Identifier) -> Diagnostic:
    """A function called `..._lupdf` is defined."""
    name = identifier.name
    normalised = name[:-5] + name[-5:].replace("lup", "lp")
    return Diagnostic(
        code="unnormalised-definition",
        title=f"`{name}` cannot be defined, densities are defined with their constants",
        mark=Mark(identifier.span),
        help=f"define `{normalised}`; `{name}` can then be called as well",
    )


def density_result(identifier: Identifier, span: Span, result: Type) -> Diagnostic:
    """A density that does not return a real."""
    returned = "nothing" if isinstance(result, Void) else a(result)
    return Diagnostic(
        code="density-result",
        title=f"`{identifier.name}` has to return a real, as all densities and cumulative functions do",
        mark=Mark(span, f"returns {returned}"),
    )


def density_outcome(identifier: Identifier, first: Parameter | None) -> Diagnostic:
    """An `_lpdf` whose outcome is not real."""
    return _outcome(identifier, first, "real", "_lpmf")


def mass_outcome(identifier: Identifier, first: Parameter | None) -> Diagnostic:
    """An `_lpmf` whose outcome is not an integer."""
    return _outcome(identifier, first, "integer", "_lpdf")


def _outcome(identifier: Identifier, first: Parameter | None, kind: str, other: str) -> Diagnostic:
    title = f"the first argument of `{identifier.name}` has to be {kind}"
    if first is None:
        return Diagnostic("density-outcome", title, Mark(identifier.span, "there is no argument"))
    mark, related = on_line_of(identifier.span, identifier.span, Mark(first.span, "the outcome"))
    help = f"for this outcome, let the name end in `{other}`"
    return Diagnostic(code="density-outcome", title=title, mark=mark, related=related, help=help)


def missing_return(identifier: Identifier, result: Type) -> Diagnostic:
    """Some path through a function returns nothing."""
    return Diagnostic(
        code="missing-return",
        title=f"`{identifier.name}` has to return {a(result)} on every path, and may end without",
        mark=Mark(identifier.span, "this function"),
        help="end it, and every branch that is its last statement, with `return` or `reject`",
    )
