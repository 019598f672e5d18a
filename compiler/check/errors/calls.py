"""Mistakes in calls: unknown functions, arguments that fit no overload, the bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pplc.compiler import ir
from pplc.compiler.library.definitions import Signature
from pplc.compiler.signatures import (
    FunctionMismatch,
    Mismatch,
    NotData,
    Rejection,
    WrongCount,
    WrongResult,
    WrongSuffix,
    WrongType,
)  # fmt: skip
from pplc.compiler.types import FunctionType, Type
from pplc.grammar.diagnostics import Diagnostic, Mark
from pplc.grammar.source import Span
from pplc.grammar.tree import Identifier

from . import words
from .words import DATA_ONLY_HINT, a, count, did_you_mean, either, ordinal

_SHOWN = 4  # overloads listed in a help


def unknown_function(function: Identifier, span: Span, similar: str | None) -> Diagnostic:
    """No function has this name."""
    return Diagnostic(
        code="unknown-function",
        title=f"there is no function `{function.name}`",
        mark=Mark(function.span, "unknown function"),
        help=did_you_mean(similar),
    )


def wrong_density_suffix(function: Identifier, span: Span, right: str, suffix: str) -> Diagnostic:
    """`_lpdf` for a discrete distribution, or `_lpmf` for a continuous one."""
    kind = "discrete" if right.endswith("lpmf") else "continuous"
    return Diagnostic(
        code="wrong-density-suffix",
        title=f"there is no `{function.name}`, the distribution is {kind}",
        mark=Mark(function.span, f"`_{suffix}` is for the other kind"),
        help=f"write `{right}`",
    )


def no_such_function_of_distribution(function: Identifier, span: Span, family: str, suffix: str) -> Diagnostic:
    """A distribution without the cdf or random number generator that is asked for."""
    what = {"rng": "random draws"}.get(suffix, "a cumulative distribution function")
    return Diagnostic(
        code="missing-distribution-function",
        title=f"the distribution `{family}` has no `{function.name}`",
        mark=Mark(function.span, f"{family} does not come with {what}"),
    )


def not_a_function(function: Identifier, span: Span, type: Type, declared: Span) -> Diagnostic:
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


# Overloads that do not fit ------------------------------------------------------------------------


def no_overload_fits(
    name: str,
    span: Span,
    arguments: Sequence[ir.Expression],
    rejections: Sequence[Rejection],
    declared: Mapping[int, Span],
) -> Diagnostic:
    """The arguments fit none of the overloads; the nearest ones decide what is said.

    `declared` tells where an overload was declared, by the id of its signature.
    """
    nearest = rejections[0]
    related = [Mark(declared[id(r.signature)], "declared here") for r in rejections[:1] if id(r.signature) in declared]
    match nearest.mismatch:
        case WrongCount():
            return _wrong_count(name, span, arguments, rejections, related)
        case NotData(position):
            return not_data(name, span, arguments, position, related)
        case WrongType(position):
            return _wrong_type(name, span, arguments, position, rejections, related)


def _wrong_count(
    name: str, span: Span, arguments: Sequence[ir.Expression], rejections: Sequence[Rejection], related: list[Mark]
) -> Diagnostic:
    wanted = sorted({len(rejection.signature.arguments) for rejection in rejections})
    return Diagnostic(
        code="argument-count",
        title=f"`{name}` takes {either([*map(str, wanted[:-1]), count(wanted[-1], 'argument')])}, not {len(arguments)}",
        mark=Mark(span, f"here are {count(len(arguments), 'argument')}"),
        related=tuple(related),
        help=_overloads_help([rejection.signature for rejection in rejections]),
    )


def at_argument(span: Span, argument: Span, label: str, related: Sequence[Mark]) -> tuple[Mark, tuple[Mark, ...]]:
    """Where a mistake with an argument is: at the argument, unless the call has begun on an earlier line.

    Then the line of the call is where Stan and every editor look for it, and the argument is shown below.
    """
    if argument.line == span.line:
        return Mark(argument, label), tuple(related)
    begin = Span(span.source, span.start, span.source.text.index("(", span.start))
    return Mark(begin, "in this call"), (Mark(argument, label), *related)


def not_data(
    name: str, span: Span, arguments: Sequence[ir.Expression], position: int, related: Sequence[Mark]
) -> Diagnostic:
    """An argument that must not depend on parameters may."""
    mark, marks = at_argument(span, arguments[position].span, "this may depend on parameters", related)
    return Diagnostic(
        code="data-only-argument",
        title=f"the {ordinal(position)} argument of `{name}` must not depend on parameters",
        mark=mark,
        related=marks,
        help=DATA_ONLY_HINT,
    )


def _wrong_type(
    name: str,
    span: Span,
    arguments: Sequence[ir.Expression],
    position: int,
    rejections: Sequence[Rejection],
    related: list[Mark],
) -> Diagnostic:
    given = arguments[position]
    near = [r for r in rejections if isinstance(r.mismatch, WrongType) and r.mismatch.position == position]
    wanted: dict[Type, None] = {}
    for rejection in near:
        wanted[rejection.signature.arguments[position]] = None
    inside = near[0].mismatch.inside if isinstance(near[0].mismatch, WrongType) else None
    if isinstance(next(iter(wanted)), FunctionType):
        return callback(name, span, given, next(iter(wanted)), inside, related)
    mark, marks = at_argument(span, given.span, f"this is {a(given.type)}", related)
    return Diagnostic(
        code="argument-type",
        title=f"`{name}` takes {_choice(list(wanted))} as its {ordinal(position)} argument, not {a(given.type)}",
        mark=mark,
        related=marks,
        help=_overloads_help([rejection.signature for rejection in near]),
    )


def callback(
    name: str,
    span: Span,
    given: ir.Expression,
    wanted: Type,
    inside: FunctionMismatch | None,
    related: Sequence[Mark],
) -> Diagnostic:
    """The function that is passed to a higher-order function is not of the kind that it calls."""
    if not isinstance(given, ir.FunctionReference):
        label = f"this is {a(given.type)}"
    elif given.library or inside is None:
        label = "this is not a function of the program"
    else:
        label = function_difference(inside)
    mark, marks = at_argument(span, given.span, label, related)
    return Diagnostic(
        code="callback",
        title=f"`{name}` cannot use this as its function",
        mark=mark,
        related=marks,
        help=f"it calls a function of type {wanted}",
    )


def function_difference(inside: FunctionMismatch | Mismatch) -> str:
    """What separates the function that is passed from the one that is called."""
    match inside:
        case WrongSuffix(wanted, given):
            expected = "no special suffix" if not wanted else f"the suffix `_{wanted}`"
            return f"its name should have {expected}, not `_{given}`" if given else f"its name should have {expected}"
        case WrongResult(wanted_type, given_type):
            return f"it returns {a(given_type)}, and {a(wanted_type)} is needed"
        case WrongCount(wanted_count, given_count):
            return f"it has {count(given_count, 'argument')}, and {wanted_count} are needed"
        case WrongType(position, wanted_type, given_type):
            return f"its {ordinal(position)} argument is {a(given_type)}, and {a(wanted_type)} is passed"
        case NotData(position):
            return f"its {ordinal(position)} argument is marked `data`, but may be passed something else"


def _choice(types: list[Type]) -> str:
    shown = [a(type) for type in types[:_SHOWN]]
    return either(shown) if len(types) <= _SHOWN else f"{', '.join(shown)} (or {len(types) - _SHOWN} other types)"


def _overloads_help(signatures: Sequence[Signature]) -> str:
    distinct = list(dict.fromkeys(map(str, signatures)))
    more = f" and {len(distinct) - _SHOWN} more" if len(distinct) > _SHOWN else ""
    return f"the nearest overload{'s are' if len(distinct) > 1 else ' is'} {', '.join(distinct[:_SHOWN])}{more}"
