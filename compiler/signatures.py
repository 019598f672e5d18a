"""Overload choice: which of a function's signatures a list of arguments means, decided as Stan decides it.

A signature fits when every argument has its type or can be promoted to it, and no data-only argument is given
something that may depend on parameters. Of those that fit, the one with the fewest promotions is meant; when
several need equally few, the call is ambiguous.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .library.definitions import Signature
from .promotion import promotion_cost
from .types import FunctionType, Type, core_dimensions, scalar_of


@dataclass(frozen=True, slots=True)
class Argument:
    """What overload choice needs to know of an argument: its type, and whether it may depend on parameters."""

    type: Type
    varies: bool


# Why a signature does not fit ---------------------------------------------------------------------

type Mismatch = WrongCount | WrongType | NotData


@dataclass(frozen=True, slots=True)
class WrongCount:
    wanted: int
    given: int


@dataclass(frozen=True, slots=True)
class NotData:
    """Argument `position` (from 0) must not depend on parameters, but may."""

    position: int


@dataclass(frozen=True, slots=True)
class WrongType:
    """Argument `position` (from 0) has another type; `inside` says what separates two function types."""

    position: int
    wanted: Type
    given: Type
    inside: FunctionMismatch | None = None


type FunctionMismatch = WrongSuffix | WrongResult | WrongCount | WrongType | NotData


@dataclass(frozen=True, slots=True)
class WrongSuffix:
    wanted: str
    given: str


@dataclass(frozen=True, slots=True)
class WrongResult:
    wanted: Type
    given: Type


# The choice ---------------------------------------------------------------------------------------

type Choice = Chosen | Ambiguous | NoneFits


@dataclass(frozen=True, slots=True)
class Chosen:
    """The signature at `index` is meant."""

    index: int


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The signatures at `indices` fit equally well."""

    indices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rejection:
    signature: Signature
    mismatch: Mismatch


@dataclass(frozen=True, slots=True)
class NoneFits:
    """Why no signature fits, the nearest ones first."""

    rejections: tuple[Rejection, ...]


def choose(signatures: Sequence[Signature], arguments: Sequence[Argument]) -> Choice:
    """The signature that `arguments` mean."""
    types = tuple(argument.type for argument in arguments)
    costs: list[int | None] = []
    for signature in signatures:
        cost = _cost(signature, types, arguments)
        costs.append(cost)
    fitting = [cost for cost in costs if cost is not None]
    if not fitting:
        return NoneFits(_nearest_first(signatures, arguments))
    cheapest = min(fitting)
    best = tuple(index for index, cost in enumerate(costs) if cost == cheapest)
    return Chosen(best[0]) if len(best) == 1 else Ambiguous(best)


def _cost(signature: Signature, types: tuple[Type, ...], arguments: Sequence[Argument]) -> int | None:
    """How many promotions the signature needs, None if it does not fit (`mismatch` says why)."""
    if signature.arguments == types and not signature.data_only:
        return 0
    if len(signature.arguments) != len(types):
        return None
    total = 0
    for wanted, given in zip(signature.arguments, types, strict=True):
        if given is wanted:
            continue
        cost = promotion_cost(given, wanted)
        if cost is None:
            if not (isinstance(wanted, FunctionType) and isinstance(given, FunctionType)):
                return None
            if function_mismatch(wanted, given):
                return None
            cost = 0
        total += cost
    if any(data and argument.varies for data, argument in zip(signature.data_only, arguments, strict=False)):
        return None
    return total


def mismatch(signature: Signature, arguments: Sequence[Argument]) -> Mismatch | None:
    """The first reason why a signature does not fit, or None when it does."""
    if len(signature.arguments) != len(arguments):
        return WrongCount(len(signature.arguments), len(arguments))
    data_only = signature.data_only or (False,) * len(arguments)
    for position, (wanted, data, given) in enumerate(zip(signature.arguments, data_only, arguments, strict=True)):
        if promotion_cost(given.type, wanted) is None:
            if not (isinstance(wanted, FunctionType) and isinstance(given.type, FunctionType)):
                return WrongType(position, wanted, given.type)
            if inside := function_mismatch(wanted, given.type):
                return WrongType(position, wanted, given.type, inside)
        if data and given.varies:
            return NotData(position)
    return None


def function_mismatch(wanted: FunctionType, given: FunctionType) -> FunctionMismatch | None:
    """Why a function may not be passed where `wanted` is asked for; nothing is promoted inside function types.

    A function that takes data only cannot serve where it will be called with parameters.
    """
    if wanted.suffix != given.suffix:
        return WrongSuffix(wanted.suffix, given.suffix)
    if wanted.result != given.result:
        return WrongResult(wanted.result, given.result)
    if len(wanted.parameters) != len(given.parameters):
        return WrongCount(len(wanted.parameters), len(given.parameters))
    pairs = zip(wanted.parameters, given.parameters, strict=True)
    for position, ((wanted_data, wanted_type), (given_data, given_type)) in enumerate(pairs):
        if wanted_type != given_type:
            return WrongType(position, wanted_type, given_type)
        if given_data and not wanted_data:
            return NotData(position)
    return None


def _nearest_first(signatures: Sequence[Signature], arguments: Sequence[Argument]) -> tuple[Rejection, ...]:
    """Every signature with what is wrong with it, those that come closest to the arguments first."""
    rejections = [
        Rejection(signature, reason) for signature in signatures if (reason := mismatch(signature, arguments))
    ]
    return tuple(sorted(rejections, key=lambda rejection: _distance(rejection.mismatch)))


def _distance(mismatch: Mismatch) -> tuple[int, ...]:
    """Sorts mismatches: far into the argument list is near, same shape is nearer than same kind of number."""
    match mismatch:
        case NotData(position):
            return 0, -position
        case WrongType(position, wanted, given, inside):
            other_shape = core_dimensions(wanted) != core_dimensions(given)
            return 0, -position, 2 if inside else 1, other_shape, scalar_of(wanted) != scalar_of(given)
        case WrongCount(wanted_count, given_count):
            return 1, abs(wanted_count - given_count)
