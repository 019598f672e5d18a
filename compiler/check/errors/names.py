"""Mistakes with names."""

from __future__ import annotations

from pplc.grammar.diagnostics import Diagnostic, Mark
from pplc.grammar.source import Span
from pplc.grammar.tree import Identifier

from ..elsewhere import Elsewhere
from .words import did_you_mean, on_line_of


def undeclared_name(name: str, span: Span, similar: str | None, elsewhere: Elsewhere | None) -> Diagnostic:
    """A variable is used that nothing in scope has the name of."""
    related = (Mark(elsewhere.span, f"declared here, in {elsewhere.block}"),) if elsewhere else ()
    if elsewhere is None:
        help = did_you_mean(similar)
    elif elsewhere.local and elsewhere.span.start < span.start:
        help = "a variable of the model block or of inner braces is not seen outside of them"
    else:
        help = "a variable is seen only after its declaration"
    return Diagnostic(
        code="undeclared-name",
        title=f"nothing named `{name}` is declared here",
        mark=Mark(span, "unknown name"),
        related=related,
        help=help,
    )


def reserved_name(identifier: Identifier) -> Diagnostic:
    """A name is used that the language keeps for itself."""
    name = identifier.name
    if name.endswith("__"):
        why, instead = "names that end in two underscores are kept for the compiler", name.rstrip("_")
    else:
        why, instead = "the language keeps this word for itself", f"{name}_"
    return Diagnostic(
        code="reserved-name",
        title=f"`{name}` cannot be used as a name",
        mark=Mark(identifier.span, why),
        help=f"choose another name, for example `{instead or 'x'}`",
    )


def unnormalised_name(identifier: Identifier) -> Diagnostic:
    """A variable has a suffix that belongs to density functions."""
    return Diagnostic(
        code="unnormalised-name",
        title=f"a variable cannot be called `{identifier.name}`",
        mark=Mark(identifier.span, "this ending belongs to densities without their constants"),
        help="choose a name without `_lupdf` or `_lupmf` at its end",
    )


def name_in_use(identifier: Identifier, declared: Span) -> Diagnostic:
    """A variable is declared twice, in the same scope or in one inside it."""
    return Diagnostic(
        code="name-in-use",
        title=f"`{identifier.name}` is already the name of another variable",
        mark=Mark(identifier.span, "declared again"),
        related=(Mark(declared, "first declared here"),),
        help="every variable in scope needs its own name, in inner blocks and loops too",
    )


def duplicate_argument(function: Identifier, identifier: Identifier, first: Identifier) -> Diagnostic:
    """Two arguments of a function have one name."""
    marks = Mark(identifier.span, "the same name again"), Mark(first.span, "the first one")
    mark, related = on_line_of(function.span, function.span, *marks)
    return Diagnostic(
        code="duplicate-argument",
        title=f"two arguments of `{function.name}` are called `{identifier.name}`",
        mark=mark,
        related=related,
    )
