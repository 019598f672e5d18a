"""Arguments that fit no overload: what is wrong with the one that keeps the nearest overload from fitting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pplc.grammar.diagnostics import Diagnostic, Mark
from pplc.grammar.source import Span

from ... import ir
from ...library import registry
from ...library.definitions import Signature
from ...signatures import (
    FunctionMismatch,
    Mismatch,
    NotData,
    Rejection,
    WrongCount,
    WrongResult,
    WrongSuffix,
    WrongType,
)
from ...types import Array, FunctionType, Int, Matrix, Real, Type, Vector
from . import words
from .words import DATA_ONLY_HINT, a, alternatives, conversion, count, either, on_line_of, ordinal

_SHOWN = 4  # overloads listed in a help


@dataclass(frozen=True, slots=True)
class RefusedCall:
    """A call whose arguments fit no overload.

    `function` is the density's name where a `~` statement names a distribution; its outcome then stands outside
    the parentheses. `declared` is where the nearest overload is, if it is the program's own.
    """

    name: str
    function: str
    span: Span
    arguments: Sequence[ir.Expression]
    rejections: Sequence[Rejection]
    declared: Span | None
    tilde: bool = False

    @property
    def nearest(self) -> Mismatch:
        """What keeps the nearest overload from fitting."""
        return self.rejections[0].mismatch

    def argument_names(self) -> tuple[str, ...]:
        """What the arguments of a distribution of the library are called, () for any other function."""
        family, _, suffix = self.function.rpartition("_")
        distribution = registry.distributions().get(family)
        if distribution is None or self.declared:
            return ()
        names = tuple(parameter.name for parameter in distribution.parameters)
        return names if suffix == "rng" else ("outcome", *names)

    def role(self, position: int) -> str:
        """What an argument is to the function: `its outcome`, `mu`, `its third argument`."""
        names = self.argument_names()
        if position < len(names):
            return "its outcome" if names[position] == "outcome" else f"`{names[position]}`"
        if self.tilde:
            return "its outcome" if position == 0 else f"its {ordinal(position - 1)} argument"
        return f"its {ordinal(position)} argument"

    def mark(self, position: int, label: str) -> tuple[Mark, tuple[Mark, ...]]:
        """The mark on an argument, and where the function and the argument were declared."""
        argument = self.arguments[position]
        related = [Mark(self.declared, f"`{self.name}` is declared here")] if self.declared else []
        if isinstance(argument, ir.Reference):
            related.append(Mark(argument.variable.span, "declared here"))
        begin = Span(self.span.source, self.span.start, self.span.source.text.index("(", self.span.start))
        return on_line_of(self.span, begin, Mark(argument.span, label), *related)


def no_overload_fits(call: RefusedCall) -> Diagnostic:
    """The arguments fit none of the overloads; the nearest ones decide what is said."""
    match call.nearest:
        case WrongCount():
            return _wrong_count(call)
        case NotData(position):
            return _not_data(call, position)
        case WrongType(position):
            return _wrong_type(call, position)


def _wrong_count(call: RefusedCall) -> Diagnostic:
    outside = int(call.tilde)  # the outcome is not counted where it stands before the ~
    wanted = sorted({len(rejection.signature.arguments) - outside for rejection in call.rejections})
    given = len(call.arguments) - outside
    names = call.argument_names()[outside:]
    if names:
        help = f"its arguments are {', '.join(names)}"
    else:
        help = _overloads_help([rejection.signature for rejection in call.rejections])
    return Diagnostic(
        code="argument-count",
        title=f"`{call.name}` takes {either([*map(str, wanted[:-1]), count(wanted[-1], 'argument')])}, not {given}",
        mark=Mark(call.span, f"here {'is' if given == 1 else 'are'} {count(given, 'argument')}"),
        related=(Mark(call.declared, f"`{call.name}` is declared here"),) if call.declared else (),
        help=help,
    )


def _not_data(call: RefusedCall, position: int) -> Diagnostic:
    mark, related = call.mark(position, "this may depend on parameters")
    return Diagnostic(
        code="data-only-argument",
        title=f"{call.role(position).replace('its', 'the', 1)} of `{call.name}` must not depend on parameters",
        mark=mark,
        related=related,
        help=DATA_ONLY_HINT,
    )


def _wrong_type(call: RefusedCall, position: int) -> Diagnostic:
    given = call.arguments[position].type
    near = [r for r in call.rejections if isinstance(r.mismatch, WrongType) and r.mismatch.position == position]
    wanted = list(dict.fromkeys(rejection.signature.arguments[position] for rejection in near))
    if isinstance(wanted[0], FunctionType):
        return _wrong_function(call, position, wanted[0], near[0].mismatch)
    mark, related = call.mark(position, f"this is {a(given)}")
    return Diagnostic(
        code="argument-type",
        title=f"`{call.name}` takes {alternatives(wanted)} as {call.role(position)}, not {a(given)}",
        mark=mark,
        related=related,
        help=_type_help(call, position, given, [rejection.signature for rejection in near]),
    )


def _type_help(call: RefusedCall, position: int, given: Type, near: Sequence[Signature]) -> str | None:
    """How to come to a type that fits; the overloads if they are few and say more than the title."""
    wanted = [signature.arguments[position] for signature in near]
    if given == Matrix() and call.argument_names():
        if position:
            relative = f"multi_{call.name}"
            known = relative.removesuffix("_lpdf") in registry.distributions()
            return f"for vectors with a covariance matrix there is `{relative}`" if known else None
        return (
            "`to_vector(x)` makes it a vector, whose elements then have this distribution"
            if Vector() in wanted
            else None
        )
    if call.argument_names() and set(wanted) <= {Int(), Array(Int(), 1)} and position == 0:
        return "counts and categories are ints: declare it as `int` or `array[N] int`"
    if reordered := _reordered(call):
        return reordered
    if given not in (Real(), Int(), Matrix()):
        helps = (conversion(given, type) for type in wanted if type != Real())
        if help := next(filter(None, helps), None):
            return help
    return None if call.argument_names() or len(near) > _SHOWN else _overloads_help(near)


def _reordered(call: RefusedCall) -> str | None:
    """An overload that takes the same arguments in another order."""
    given = sorted(str(argument.type) for argument in call.arguments)
    for rejection in call.rejections:
        if sorted(map(str, rejection.signature.arguments)) == given:
            return f"in another order they fit: {words.arguments(rejection.signature.arguments)}"
    return None


def _overloads_help(signatures: Sequence[Signature]) -> str:
    plain_first = sorted(map(str, signatures), key=lambda signature: "complex" in signature)
    distinct = list(dict.fromkeys(plain_first))
    more = f" and {len(distinct) - _SHOWN} more" if len(distinct) > _SHOWN else ""
    return f"the nearest overload{'s are' if len(distinct) > 1 else ' is'} {', '.join(distinct[:_SHOWN])}{more}"


# Functions as arguments ---------------------------------------------------------------------------


def _wrong_function(call: RefusedCall, position: int, wanted: Type, mismatch: Mismatch) -> Diagnostic:
    """The function that is passed is not of the kind that is called."""
    given = call.arguments[position]
    inside = mismatch.inside if isinstance(mismatch, WrongType) else None
    if not isinstance(given, ir.FunctionReference):
        label = f"this is {a(given.type)}"
    elif given.library or inside is None:
        label = "this is not a function of the program"
    else:
        label = function_difference(inside)
    mark, related = call.mark(position, label)
    return Diagnostic(
        code="callback",
        title=f"`{call.name}` cannot use `{given.span.text}` as its function",
        mark=mark,
        related=related,
        help=f"it calls a function of type {wanted}",
    )


def ambiguous_function(name: str, given: ir.FunctionReference, types: Sequence[FunctionType]) -> Diagnostic:
    """Several overloads of the function that is passed fit."""
    return Diagnostic(
        code="ambiguous-call",
        title=f"`{name}` could use {len(types)} of the overloads of `{given.span.text}`",
        mark=Mark(given.span),
        help=f"all of these fit equally well: {'; '.join(map(str, types))}",
    )


def function_difference(inside: FunctionMismatch) -> str:
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
