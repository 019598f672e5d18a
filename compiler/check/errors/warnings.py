"""What is allowed and probably not meant, or will not be allowed for ever."""

from __future__ import annotations

from pplc.grammar.diagnostics import Diagnostic, Mark, Severity
from pplc.grammar.source import Span
from pplc.grammar.tree import Identifier


def empty_program(span: Span) -> Diagnostic:
    """A program without a single block."""
    return Diagnostic(
        code="empty-program",
        title="this program has no blocks",
        mark=Mark(Span(span.source, 0, min(1, len(span.source.text)))),
        help="is it the right file?",
        severity=Severity.WARNING,
    )


def lp_in_transformed_parameters(name: str, span: Span) -> Diagnostic:
    """An `_lp` function in transformed parameters."""
    return Diagnostic(
        code="lp-in-transformed-parameters",
        title=f"`{name}` changes the target outside the model block, which is deprecated",
        mark=Mark(span),
        help="for a change of variables write a function ending in _jacobian",
        severity=Severity.WARNING,
    )


def jacobian_without_parameters(name: str, span: Span, constrain: str | None) -> Diagnostic:
    """A `_jacobian` function of data only."""
    return Diagnostic(
        code="jacobian-without-parameters",
        title=f"`{name}` adds a Jacobian adjustment although no argument depends on parameters",
        mark=Mark(span),
        help=f"`{constrain}` transforms without adjustment" if constrain else None,
        severity=Severity.WARNING,
    )


def deprecated_function(function: Identifier, instead: str) -> Diagnostic:
    """A function or distribution with a successor; `instead` says what to write."""
    return Diagnostic(
        code="deprecated-function",
        title=f"`{function.name}` is deprecated",
        mark=Mark(function.span),
        help=instead,
        severity=Severity.WARNING,
    )


def needless_declaration(identifier: Identifier, defined: Span) -> Diagnostic:
    """A forward declaration of a function that is defined."""
    return Diagnostic(
        code="needless-declaration",
        title=f"`{identifier.name}` need not be declared before its definition",
        mark=Mark(identifier.span),
        related=(Mark(defined, "defined here"),),
        help="functions can be called before they are defined; leave this line out",
        severity=Severity.WARNING,
    )


def self_assignment(span: Span) -> Diagnostic:
    """`x = x`."""
    return Diagnostic(
        code="self-assignment",
        title="a variable is assigned to itself",
        mark=Mark(span, "this changes nothing"),
        severity=Severity.WARNING,
    )


def used_in_own_declaration(identifier: Identifier, span: Span) -> Diagnostic:
    """`real x = x + 1`."""
    return Diagnostic(
        code="self-assignment",
        title=f"`{identifier.name}` has no value yet when its own declaration uses it",
        mark=Mark(span, "not yet assigned"),
        severity=Severity.WARNING,
    )


def unreachable(span: Span) -> Diagnostic:
    """A statement after return, break, continue or reject."""
    return Diagnostic(
        code="unreachable",
        title="this statement is never reached",
        mark=Mark(span, "the statement before it always leaves"),
        severity=Severity.WARNING,
    )


def unused_parameter(name: str, declared: Span) -> Diagnostic:
    """A parameter that the density does not depend on."""
    return Diagnostic(
        code="unused-parameter",
        title=f"nothing in the model depends on the parameter `{name}`",
        mark=Mark(declared, "declared here"),
        help="without a distribution or bounds on both sides its posterior is improper, and the sampler wanders off",
        severity=Severity.WARNING,
    )


def missing_bounds(name: str, used: Span, declared: Span, why: str, constraint: str) -> Diagnostic:
    """A parameter that can take values which a distribution does not allow."""
    return Diagnostic(
        code="missing-bounds",
        title=f"the parameter `{name}` can leave the range of this distribution",
        mark=Mark(used, why),
        related=(Mark(declared, "declared here"),),
        help=f"declare it {constraint}, so that the sampler meets no values that are rejected",
        severity=Severity.WARNING,
    )


def missing_jacobian(call: str, parameter: str, span: Span, derivative: str, direct: str | None) -> Diagnostic:
    """A function of a parameter has a distribution, and nothing adds the derivative of the function."""
    instead = f"write `{parameter} ~ {direct}(...)`, or " if direct else ""
    return Diagnostic(
        code="missing-jacobian",
        title=f"`{call}` has a distribution, but the target lacks the derivative of the transformation",
        mark=Mark(span, f"computed from `{parameter}`"),
        help=f"a density of `{call}` is not one of `{parameter}`: {instead}add the derivative, "
        f"`target += {derivative};`",
        severity=Severity.WARNING,
    )
