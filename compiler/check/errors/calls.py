"""Mistakes in calls: unknown functions, ambiguous overloads, the bar."""

from __future__ import annotations

from collections.abc import Sequence

from pplc.grammar.diagnostics import Diagnostic, Mark
from pplc.grammar.source import Span
from pplc.grammar.tree import Identifier

from ... import ir
from ...library.definitions import Signature
from ...types import Type
from . import words
from .foreign import FUNCTIONS
from .words import a, did_you_mean

_SHOWN = 4  # overloads listed in a help


def unknown_function(function: Identifier, similar: str | None, density: str | None) -> Diagnostic:
    """No function has this name; `density` is the one of the distribution that has it."""
    name = function.name
    help: str | None
    if density:
        help = f"`{name}` is a distribution: write `y ~ {name}(...)`, or `{density}(y | ...)` for its density"
    else:
        help = FUNCTIONS.get(name.lower()) or did_you_mean(similar)
    return Diagnostic(
        code="unknown-function",
        title=f"there is no function `{name}`",
        mark=Mark(function.span, "unknown function"),
        help=help,
    )


def wrong_density_suffix(function: Identifier, right: str, suffix: str) -> Diagnostic:
    """`_lpdf` for a discrete distribution, or `_lpmf` for a continuous one."""
    kind = "discrete" if right.endswith("lpmf") else "continuous"
    return Diagnostic(
        code="wrong-density-suffix",
        title=f"there is no `{function.name}`, the distribution is {kind}",
        mark=Mark(function.span, f"`_{suffix}` is for the other kind"),
        help=f"write `{right}`",
    )


def no_such_function_of_distribution(function: Identifier, family: str, suffix: str) -> Diagnostic:
    """A distribution without the cdf or random number generator that is asked for."""
    what = {"rng": "random draws"}.get(suffix, "a cumulative distribution function")
    return Diagnostic(
        code="missing-distribution-function",
        title=f"the distribution `{family}` has no `{function.name}`",
        mark=Mark(function.span, f"{family} does not come with {what}"),
    )


def not_a_function(function: Identifier, type: Type, declared: Span) -> Diagnostic:
    """A variable is called."""
    return Diagnostic(
        code="not-a-function",
        title=f"`{function.name}` is a variable, it cannot be called",
        mark=Mark(function.span, f"this is {a(type)}"),
        related=(Mark(declared, "declared here"),),
        help=f"to pick an element, write `{function.name}[...]`",
    )


def value_discarded(function: Identifier, span: Span, type: Type) -> Diagnostic:
    """A function that returns something is called as a statement."""
    return Diagnostic(
        code="value-discarded",
        title=f"nothing is done with the {type} that `{function.name}` returns",
        mark=Mark(span, "its value is lost"),
        help="only functions that return nothing stand alone; assign the value, or add it with `target +=`",
    )


def missing_bar(function: Identifier, span: Span) -> Diagnostic:
    """A density called with a comma after its outcome."""
    return Diagnostic(
        code="missing-bar",
        title=f"`{function.name}` needs a bar after its first argument",
        mark=Mark(span),
        help=f"write `{function.name}(y | ...)`",
    )


def unexpected_bar(function: Identifier, span: Span) -> Diagnostic:
    """A bar in a call of a function that is no density."""
    return Diagnostic(
        code="unexpected-bar",
        title=f"only densities and cumulative functions take a bar, `{function.name}` does not",
        mark=Mark(span),
        help="put a comma in the place of the bar",
    )


def ambiguous_call(
    function: Identifier, span: Span, arguments: Sequence[ir.Expression], signatures: Sequence[Signature]
) -> Diagnostic:
    """Several overloads need equally few promotions."""
    shown = "; ".join(str(signature) for signature in signatures[:_SHOWN])
    return Diagnostic(
        code="ambiguous-call",
        title=f"this call of `{function.name}` could mean {len(signatures)} of its overloads",
        mark=Mark(span, words.arguments(argument.type for argument in arguments)),
        help=f"all of these need equally many promotions: {shown}",
    )
