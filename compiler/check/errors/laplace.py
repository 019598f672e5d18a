"""Mistakes in calls of the embedded Laplace approximation."""

from __future__ import annotations

from collections.abc import Sequence

from pplc.grammar.diagnostics import Diagnostic, Mark
from pplc.grammar.source import Span

from ... import ir
from ...signatures import FunctionMismatch, Mismatch, NotData, Rejection, WrongCount, WrongType
from ...types import Type
from .overloads import function_difference
from .words import DATA_ONLY_HINT, a, arguments, count, ordinal

_CONTROL_NAMES = (
    "the initial guess", "the tolerance", "max_num_steps", "solver", "max_steps_line_search", "allow_fallthrough",
)  # fmt: skip


def _usage(name: str) -> str:
    control = ", (theta_0, tolerance, max_num_steps, solver, max_steps_line_search, allow_fallthrough)"
    likelihood = "y, index, mean" if name.endswith(("_lpmf", "logit_rng", "log_rng")) else "likelihood, (arguments)"
    return f"the call is {name}({likelihood}, block_size, covariance, (arguments){control if '_tol' in name else ''})"


def likelihood_expected(name: str, span: Span, given: ir.Expression | None) -> Diagnostic:
    """The call does not begin with a function and its arguments."""
    mark = _instead_of_function(span, given)
    return Diagnostic(
        code="laplace-likelihood",
        title=f"`{name}` takes a likelihood function first, and its arguments in a tuple",
        mark=mark,
        help=_usage(name),
    )


def _instead_of_function(span: Span, given: ir.Expression | None) -> Mark:
    """What stands where a function should: a variable is marked itself, otherwise the call."""
    match given:
        case None | ir.FunctionReference():
            return Mark(span, "too few arguments")
        case ir.Reference():
            return Mark(given.span, f"this is {a(given.type)}")
        case _:
            return Mark(span, f"instead of the function there is {a(given.type)}")


def likelihood_arguments(
    name: str, span: Span, given: Sequence[ir.Expression], reason: Mismatch, wanted: Sequence[Type]
) -> Diagnostic:
    """The arguments of a known likelihood are not what it takes."""
    match reason:
        case WrongCount(_, found):
            place, label = (given[found - 1].span if found else span), "more has to follow"
        case WrongType(position) | NotData(position):
            place, label = given[position].span, f"this is {a(given[position].type)}"
    return Diagnostic(
        code="laplace-likelihood",
        title=f"`{name}` begins with the arguments {arguments(wanted)} of its likelihood",
        mark=Mark(place, label),
        help=_usage(name),
    )


def covariance_expected(name: str, span: Span, given: ir.Expression | None) -> Diagnostic:
    """No covariance function and its arguments follow the block size."""
    mark = _instead_of_function(span, given)
    return Diagnostic(
        code="laplace-covariance",
        title=f"`{name}` takes a covariance function after the block size, and its arguments in a tuple",
        mark=mark,
        help=_usage(name),
    )


def block_size_missing(name: str, last: Span) -> Diagnostic:
    """The call ends before the block size."""
    return Diagnostic(
        code="laplace-block-size",
        title=f"`{name}` takes the block size of the Hessian after the likelihood",
        mark=Mark(Span(last.source, last.end - 1, last.end), "nothing follows"),
        help=_usage(name),
    )


def block_size(name: str, given: ir.Expression) -> Diagnostic:
    """The block size is no int, or depends on parameters."""
    return Diagnostic(
        code="laplace-block-size",
        title=f"the block size for `{name}` has to be an int that does not depend on parameters",
        mark=Mark(given.span, f"this is {a(given.type)}"),
        help=_usage(name),
    )


def solve_needs_data(name: str, given: ir.Expression) -> Diagnostic:
    """`laplace_latent_solve` of something that depends on parameters."""
    return Diagnostic(
        code="data-only-argument",
        title=f"outside generated quantities, the arguments of `{name}` must not depend on parameters",
        mark=Mark(given.span, "this may depend on parameters"),
        help=DATA_ONLY_HINT,
    )


def tuple_expected(name: str, function: ir.FunctionReference, given: ir.Expression) -> Diagnostic:
    """The arguments of a function are not in a tuple."""
    return Diagnostic(
        code="laplace-tuple",
        title=f"`{name}` takes the arguments of `{function.span.text}` in a tuple, not as {a(given.type)}",
        mark=Mark(given.span, f"this is {a(given.type)}"),
        help=f"a tuple of one element is written `({given.span.text},)`",
    )


def unfit_function(
    name: str, given: ir.FunctionReference, reason: FunctionMismatch, required: Sequence[Type], result: Type
) -> Diagnostic:
    """The function cannot be a likelihood or a covariance."""
    begins = f"first takes {a(required[0])} and returns {a(result)}" if required else f"returns {a(result)}"
    return Diagnostic(
        code="callback",
        title=f"`{name}` cannot use `{given.span.text}` as its function",
        mark=Mark(given.span, function_difference(reason)),
        help=f"it needs a function that {begins}",
    )


def tuple_does_not_fit(
    name: str, function: ir.FunctionReference, given: ir.Expression, rejection: Rejection, skipped: int
) -> Diagnostic:
    """The elements of the tuple are not what the function takes."""
    match rejection.mismatch:
        case WrongCount(wanted, found):
            label = f"{count(found, 'argument')}, and {wanted} are needed"
        case NotData(position):
            label = f"the {ordinal(position)} must not depend on parameters"
        case WrongType(position, wanted_type, given_type):
            label = f"the {ordinal(position)} is {a(given_type)}, and {a(wanted_type)} is needed"
    after = " after its first" if skipped else ""
    return Diagnostic(
        code="laplace-tuple",
        title=f"`{function.span.text}` cannot be called with the arguments that `{name}` is to pass it",
        mark=Mark(given.span, label),
        help=f"it takes {arguments(rejection.signature.arguments)}{after}",
    )


def extra_arguments(name: str, extra: Sequence[ir.Expression]) -> Diagnostic:
    """Something follows where the call should end."""
    if "_tol" in name:
        help = "the control arguments are one tuple"
    else:
        help = "the forms with `_tol` in their name take a tuple of control arguments"
    return Diagnostic(
        code="argument-count",
        title=f"`{name}` takes nothing after this, here are {len(extra)} more",
        mark=Mark(extra[0].span, "one too many"),
        help=help,
    )


def control_missing(name: str, span: Span, size: int) -> Diagnostic:
    """A form with `_tol` without its control arguments."""
    return Diagnostic(
        code="laplace-control",
        title=f"`{name}` takes a tuple of {size} control arguments at the end",
        mark=Mark(span, "there is none"),
        help=_usage(name),
    )


def control_tuple(name: str, given: ir.Expression) -> Diagnostic:
    """The control arguments are not in a tuple."""
    return Diagnostic(
        code="laplace-control",
        title=f"the control arguments of `{name}` are a tuple, not {a(given.type)}",
        mark=Mark(given.span, f"this is {a(given.type)}"),
        help=_usage(name),
    )


def control_type(name: str, given: ir.Expression, reason: Mismatch) -> Diagnostic:
    """A control argument of another type than the solver takes."""
    elements = given.elements if isinstance(given, ir.TupleLiteral) else ()
    place, help = given.span, _usage(name)
    match reason:
        case WrongCount(wanted, found):
            title = f"`{name}` takes {wanted} control arguments, not {found}"
            label = count(found, "argument")
            if elements:
                place = elements[min(found - 1 if wanted > found else wanted, len(elements) - 1)].span
        case NotData(position):
            title = f"{_CONTROL_NAMES[position]} for `{name}` must not depend on parameters"
            label, help = "this may depend on parameters", DATA_ONLY_HINT
            place = elements[position].span if elements else place
        case WrongType(position, wanted_type, given_type):
            title = f"{_CONTROL_NAMES[position]} for `{name}` has to be {a(wanted_type)}, not {a(given_type)}"
            label = f"this is {a(given_type)}"
            place = elements[position].span if elements else place
    return Diagnostic(code="laplace-control", title=title, mark=Mark(place, label), help=help)


def no_higher_derivatives(likelihood: ir.FunctionReference, call: ir.LibraryCall) -> Diagnostic:
    """The likelihood calls a function whose higher derivatives are not known."""
    return Diagnostic(
        code="laplace-derivatives",
        title=f"`{call.name}` has no higher derivatives, which the Laplace approximation takes of its likelihood",
        mark=Mark(likelihood.span, f"calls `{call.name}`"),
        related=(Mark(call.span, "here"),),
    )
