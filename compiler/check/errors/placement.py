"""Mistakes of place: something that another block or another kind of function allows."""

from __future__ import annotations

from pplc.grammar.diagnostics import Diagnostic, Mark
from pplc.grammar.source import Span


def misplaced_target(what: str, span: Span, help: str | None = None) -> Diagnostic:
    """The target is used where no density is being added up."""
    used = what if " " in what else f"`{what}`"
    return Diagnostic(
        code="misplaced-target",
        title=f"{used} can only be used in the model block and in functions ending in _lp",
        mark=Mark(span, "there is no target to add to here"),
        help=help,
    )


def misplaced_jacobian(what: str, span: Span) -> Diagnostic:
    """A Jacobian adjustment outside transformed parameters."""
    return Diagnostic(
        code="misplaced-jacobian",
        title=f"`{what}` can only be used in transformed parameters and in functions ending in _jacobian",
        mark=Mark(span, "no change of variables happens here"),
        help="in the model block, write `target +=`"
        if what == "jacobian +="
        else "since Stan 2.39 a function that adjusts nothing needs a name that ends otherwise",
    )


def misplaced_rng(name: str, span: Span, in_function: bool) -> Diagnostic:
    """Random numbers where the density is computed."""
    return Diagnostic(
        code="misplaced-rng",
        title=f"`{name}` draws at random, which only transformed data and generated quantities may do",
        mark=Mark(span, "a density has to be the same at every evaluation"),
        help="functions that draw need a name ending in _rng"
        if in_function
        else f"for a distribution write `~ {name.removesuffix('_rng')}(...)`; draw in generated quantities",
    )


def random_size(name: str, span: Span) -> Diagnostic:
    """A size drawn at random."""
    return Diagnostic(
        code="random-size",
        title="the size of a variable of a block cannot be random",
        mark=Mark(span, f"`{name}` draws at random"),
    )


def misplaced_unnormalised(name: str, normalised: str, span: Span) -> Diagnostic:
    """A density without its constants where it is not added to the target."""
    return Diagnostic(
        code="misplaced-unnormalised",
        title=f"`{name}` can only be used in the model block and in functions ending in _lpdf or _lpmf",
        mark=Mark(span, "constants matter here"),
        help=f"write `{normalised}`",
    )


def size_not_data(name: str, span: Span, block: str, declared: Span) -> Diagnostic:
    """The size of a block's variable depends on something that is not data."""
    return Diagnostic(
        code="size-not-data",
        title=f"the size of a variable of a block has to be known from the data, `{name}` is not",
        mark=Mark(span, f"declared in {block}"),
        related=(Mark(declared, "declared here"),),
        help="sizes may use variables of data and transformed data",
    )
