"""Overloads: the program's own and the library's functions of a name, and the one that a call means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pplc.grammar.source import Span

from .. import ir
from ..library.definitions import Signature
from ..library.expand import signatures_of
from ..signatures import Ambiguous, Argument, Choice, Chosen, NoneFits, choose
from ..types import FunctionType, Type
from .dependence import varies
from .scopes import Scope, UserFunction, normalised, role_of


@dataclass(frozen=True, slots=True)
class Overload:
    """One function of a name; `own` is None for one of the library's."""

    signature: Signature
    own: UserFunction | None

    def type(self, name: str) -> FunctionType:
        """Its type as an argument of a higher-order function."""
        return FunctionType(self.signature.parameters, self.signature.result, role_of(name))


def overloads_of(name: str, scope: Scope) -> list[Overload]:
    """Every overload of a name: the program's own first, the latest in front, then the library's."""
    name = normalised(name)
    own = [Overload(overload.signature, overload) for overload in scope.functions(name)]
    return [*own, *(Overload(signature, None) for signature in signatures_of(name))]


def exists(name: str, scope: Scope) -> bool:
    """Whether there is any function of this name."""
    name = normalised(name)
    return bool(scope.functions(name) or signatures_of(name))


def as_arguments(arguments: Sequence[ir.Expression], scope: Scope) -> tuple[Argument, ...]:
    """What overload choice sees of the arguments."""
    return tuple(Argument(argument.type, varies(argument, scope)) for argument in arguments)


@dataclass(frozen=True, slots=True)
class Several:
    """Overloads that fit equally well."""

    overloads: tuple[Overload, ...]


type Lookup = Overload | Several | NoneFits


def look_up(name: str, arguments: Sequence[ir.Expression], scope: Scope) -> Lookup:
    """The overload of a name that these arguments mean."""
    name = normalised(name)
    given = as_arguments(arguments, scope)
    if scope.functions(name):
        overloads = overloads_of(name, scope)
        choice = choose([overload.signature for overload in overloads], given)
    else:
        choice = library_choice(name, given)
        overloads = []
    signatures = signatures_of(name)
    match choice:
        case Chosen(index):
            return overloads[index] if overloads else Overload(signatures[index], None)
        case Ambiguous(indices):
            candidates = overloads or [Overload(signature, None) for signature in signatures]
            return Several(tuple(candidates[index] for index in indices))
        case NoneFits():
            return choice


def as_function(expression: ir.Expression, scope: Scope) -> ir.FunctionReference | None:
    """The function that an argument names: a variable of the same name does not hide it from a higher-order call."""
    match expression:
        case ir.FunctionReference():
            return expression
        case ir.Reference(variable) if overloads := overloads_of(variable.name, scope):
            return function_reference(variable.name, overloads[0], expression.span)
        case _:
            return None


def function_reference(name: str, overload: Overload, span: Span) -> ir.FunctionReference:
    """One overload of a function that is passed by its name."""
    own = overload.own
    return ir.FunctionReference(
        own.function if own else None,
        None if own else name,
        type=overload.type(name),
        level=ir.Level.DATA,
        span=span,
    )


@cache
def library_choice(name: str, arguments: tuple[Argument, ...]) -> Choice:
    """The library's overload for some arguments: one that needs no promotion is found without trying them all."""
    exact = _by_arguments(name).get(tuple(argument.type for argument in arguments))
    if exact is not None and not signatures_of(name)[exact].data_only:
        return Chosen(exact)
    return choose(signatures_of(name), arguments)


@cache
def _by_arguments(name: str) -> dict[tuple[Type, ...], int]:
    """Where each overload is; functions as arguments are left to the full search, since their types may differ."""
    return {
        signature.arguments: index
        for index, signature in enumerate(signatures_of(name))
        if not any(isinstance(type, FunctionType) for type in signature.arguments)
    }
