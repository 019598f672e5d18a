"""Mistakes in distribution statements."""

from __future__ import annotations

from collections.abc import Sequence

from pplc.grammar.diagnostics import Diagnostic, Mark
from pplc.grammar.source import Span
from pplc.grammar.tree import Identifier

from ...types import Type
from . import words
from .foreign import DISTRIBUTIONS
from .words import a


def suffix_in_tilde(distribution: Identifier) -> Diagnostic:
    """`y ~ normal_lpdf(...)`."""
    family = distribution.name.rpartition("_")[0]
    return Diagnostic(
        code="suffix-in-tilde",
        title="a ~ statement names the distribution, not its density function",
        mark=Mark(distribution.span),
        help=f"write `~ {family}(...)`, or `target += {distribution.name}(y | ...)`",
    )


def cdf_in_tilde(distribution: Identifier) -> Diagnostic:
    """`y ~ normal_cdf(...)`."""
    family, _, suffix = distribution.name.rpartition("_")
    return Diagnostic(
        code="cdf-in-tilde",
        title="a cumulative distribution function cannot follow `~`",
        mark=Mark(distribution.span),
        help=f"write `target += {family}_l{suffix}(y | ...)`",
    )


def unknown_distribution(distribution: Identifier, similar: str | None) -> Diagnostic:
    """Neither the library nor the program has this distribution."""
    name = distribution.name
    define = f"to define it, write a function `{name}_lpdf` or `{name}_lpmf`"
    return Diagnostic(
        code="unknown-distribution",
        title=f"there is no distribution `{name}`",
        mark=Mark(distribution.span, "unknown distribution"),
        help=DISTRIBUTIONS.get(name.lower()) or words.did_you_mean(similar) or define,
    )


def truncation_bound(span: Span, type: Type) -> Diagnostic:
    """A bound of `T[,]` that is not a number."""
    return Diagnostic(
        code="truncation-bound",
        title=f"the bounds of a truncation have to be single numbers, not {a(type)}",
        mark=Mark(span, f"this is {a(type)}"),
    )


def no_truncation(distribution: Identifier, suffix: str, types: Sequence[Type]) -> Diagnostic:
    """Truncation of a distribution without the cdfs it takes."""
    name = distribution.name
    return Diagnostic(
        code="no-truncation",
        title=f"`{name}` cannot be truncated here, there is no `{name}_{suffix}` for these arguments",
        mark=Mark(distribution.span),
        help=f"truncation needs `{name}_lcdf` and `{name}_lccdf` of {words.arguments(types)}",
    )
