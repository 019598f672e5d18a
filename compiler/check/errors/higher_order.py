"""Mistakes in calls of higher-order functions."""

from __future__ import annotations

from collections.abc import Sequence

from pplc.grammar.diagnostics import Diagnostic, Mark
from pplc.grammar.source import Span

from ... import ir
from ...signatures import FunctionMismatch, NotData, Rejection, WrongCount, WrongType
from ...types import FunctionType, Type
from .overloads import function_difference
from .words import DATA_ONLY_HINT, a, arguments, count, ordinal


def function_expected(name: str, span: Span, given: ir.Expression | None, wanted: FunctionType) -> Diagnostic:
    """The first argument has to be a function."""
    return Diagnostic(
        code="callback",
        title=f"the first argument of `{name}` has to be the name of a function",
        mark=Mark(given.span, f"this is {a(given.type)}") if given else Mark(span, "there is no argument"),
        help=f"the function has a type that begins like {wanted}",
    )


def unfit_function(
    name: str, given: ir.FunctionReference, wanted: FunctionType, reason: FunctionMismatch, declared: Span | None
) -> Diagnostic:
    """The function that is passed does not take or return what it has to."""
    return Diagnostic(
        code="callback",
        title=f"`{name}` cannot use `{given.span.text}` as its function",
        mark=Mark(given.span, function_difference(reason)),
        related=(Mark(declared, "declared here"),) if declared else (),
        help=f"the function has to be of the type {wanted}, with further arguments after these",
    )


def forwarded_arguments(name: str, given: Sequence[ir.Expression], rejection: Rejection) -> Diagnostic:
    """The arguments after the function are not what it and the solver take."""
    expected = rejection.signature.arguments
    takes = f"with `{given[0].span.text}`, `{name}` takes (function, {arguments(expected)[1:]}"
    match rejection.mismatch:
        case WrongCount(wanted, found):
            place = given[min(wanted + 1, len(given) - 1)]
            return Diagnostic(
                code="argument-count",
                title=f"`{name}` takes {count(wanted + 1, 'argument')} here, not {found + 1}",
                mark=Mark(place.span, "the first one too many" if found > wanted else "more has to follow"),
                help=takes,
            )
        case NotData(position):
            return Diagnostic(
                code="data-only-argument",
                title=f"the {ordinal(position + 1)} argument of `{name}` must not depend on parameters",
                mark=Mark(given[position + 1].span, "this may depend on parameters"),
                help=DATA_ONLY_HINT,
            )
        case WrongType(position, wanted_type, given_type):
            return Diagnostic(
                code="argument-type",
                title=f"`{name}` takes {a(wanted_type)} as its {ordinal(position + 1)} argument, not {a(given_type)}",
                mark=Mark(given[position + 1].span, f"this is {a(given_type)}"),
                help=takes,
            )


def slice_type(name: str, given: ir.Expression, element: Type | None) -> Diagnostic:
    """What is cut into slices is no array, or an array of something that cannot be sliced."""
    trouble = f"its elements cannot be {a(element)}" if element else f"this is {a(given.type)}"
    return Diagnostic(
        code="slice-type",
        title=f"`{name}` cuts an array into slices, {trouble}",
        mark=Mark(given.span, f"this is {a(given.type)}"),
        help="the elements may be ints, reals, vectors, row vectors or matrices, in any number of dimensions",
    )
