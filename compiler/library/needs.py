"""What one call of the library needs of its arguments beyond their types, and what is said where they fail it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..types import Type
from . import densities
from .definitions import Condition, Domain, Function, Parameter, Sizes, Tensor
from .evaluation import evaluate
from .expand import DistributionFunction, Implementation, TransformFunction, implementation
from .graph import np, pt
from .problems import place


@dataclass(frozen=True, slots=True)
class Needed:
    """A condition on the arguments at some positions; it does not matter where an axis `unless_empty` has no length."""

    positions: tuple[int, ...]
    condition: Condition
    unless_empty: tuple[tuple[int, int], ...] = ()  # position of an argument, its axis

    def truth(self, tensors: Sequence[Tensor]) -> Tensor:
        """Whether it holds, given all arguments of the call: truth values of any shape."""
        truth = self.condition.holds(*(tensors[position] for position in self.positions))
        for position, axis in self.unless_empty:
            truth = truth | pt.eq(tensors[position].shape[axis], 0)
        return truth

    def sentence(self, call: str, values: Sequence[Any] | None) -> str:
        """What is wrong with a call; `values` are those of the arguments at `positions`, if they are known."""
        return f"`{call}`: {_words(self.condition, values)}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """An axis of the first argument that must be as long as one of the other; axes are counted from the end.

    None as the other: it must not be empty, unless there is nothing along the axis `unless` of the other argument.
    """

    axis: int
    other: int | None
    unless: int | None

    def fails(self, sizes: Sequence[int | None], others: Sequence[int | None]) -> bool:
        """Whether the sizes of the two arguments, as far as they are known (else None), do not fit."""
        size = sizes[self.axis]
        if self.other is None:
            return size == 0 and (self.unless is None or others[self.unless] != 0)
        return None not in (size, others[self.other]) and size != others[self.other]


@dataclass(frozen=True, slots=True)
class NeededSizes:
    """Axes of the arguments at two positions that must be equally long."""

    positions: tuple[int, int]
    sizes: Sizes

    def comparisons(self, rank: int, other_rank: int) -> list[Comparison]:
        """What to compare, given the ranks of the two arguments; a number fits containers of any size."""
        pairs = self.sizes.axes
        if not pairs and rank == other_rank:
            pairs = tuple((axis, axis) for axis in range(-rank, 0))
        unless = self.sizes.unless
        if unless is not None and other_rank < -unless:
            unless = None
        return [Comparison(axis, other, unless) for axis, other in pairs if rank and (other_rank or other is None)]


@cache
def needed(name: str, arguments: tuple[Type, ...]) -> tuple[Needed | NeededSizes, ...]:
    """What a library call with arguments of these types needs of them, sizes first."""
    found = implementation(name, arguments)
    conditions: Domain
    match found:
        case Function():
            conditions = found.domain
        case DistributionFunction(distribution, part):
            taken = _taken(found)
            own = tuple(c for c in distribution.domain if part == "log_density" or not _of_density(c))
            own += {"draw": distribution.draw_domain, "log_density": ()}.get(part, distribution.cdf_domain)
            conditions = (*_as_many(taken, arguments), *own, *densities.conditions(distribution, part))
        case TransformFunction(transform, part):
            conditions = transform.domain if part == "unconstrain" else transform.free_domain
    names = argument_names(name, arguments) if conditions else ()
    unless_empty = _unless_empty(found, arguments)
    found_needs = [_of_call(condition, names, unless_empty) for condition in conditions]
    return tuple(sorted(found_needs, key=lambda needs: isinstance(needs, Needed)))


def _of_density(condition: Condition | Sizes) -> bool:
    """Whether a condition of a distribution says nothing of its cdfs and draws."""
    return "outcome" in condition.arguments or (isinstance(condition, Condition) and condition.zero)


def argument_names(name: str, arguments: tuple[Type, ...]) -> tuple[str, ...]:
    """What the arguments of a call are called in sentences about it."""
    match found := implementation(name, arguments):
        case Function():
            return _names_of_function(found)
        case DistributionFunction():
            return tuple(parameter.name for parameter in _taken(found))
        case TransformFunction(transform, part):
            sizes = ("K",) if len(arguments) == 2 else ("M", "N")
            return "y" if part == "unconstrain" else "x", *(transform.parameters or sizes)


def _taken(function: DistributionFunction) -> tuple[Parameter, ...]:
    """What a function of a distribution takes."""
    distribution = function.distribution
    return densities.drawn_from(distribution) if function.part == "draw" else densities.parameters_of(distribution)


def _as_many(taken: Sequence[Parameter], arguments: Sequence[Type]) -> Iterator[Sizes]:
    """The arguments over which a call is vectorised have one length."""
    several = [(taken[position].name, axis) for position, axis in densities.vectorised_axes(taken, arguments)]
    for name, axis in several[1:]:
        first, first_axis = several[0]
        text = f"the call is about {{1}} values of {first} and {{0}} of {name}"
        yield Sizes((name, first), ((axis, first_axis),), text)


def shown_by_terms(name: str, arguments: tuple[Type, ...]) -> tuple[int, ...]:
    """Which needs of a distribution's function, by number, make each of its terms nan: without terms nothing would.

    They are about arguments that hold for all terms; of those that are empty then, there is nothing to look at.
    """
    axes = empty_axes(name, arguments)
    if not axes:
        return ()
    numbered = enumerate(needed(name, arguments))
    shown = ((n, needs) for n, needs in numbered if isinstance(needs, Needed) and needs.condition.nan)
    several = {position for position, _ in axes}
    return tuple(n for n, needs in shown if not (several.intersection(needs.positions) or needs.condition.zero))


def empty_axes(name: str, arguments: tuple[Type, ...]) -> tuple[tuple[int, int], ...]:
    """The arguments over which a distribution's function is vectorised, and their axes: if empty, there are no terms.

    None if parameters are not looked at then.
    """
    match implementation(name, arguments):
        case DistributionFunction(distribution, part) as found if part != "draw":
            if not densities.unchecked_if_empty(distribution, part):
                return tuple(densities.vectorised_axes(_taken(found), arguments))
    return ()


def _unless_empty(function: Implementation, arguments: Sequence[Type]) -> tuple[tuple[int, int], ...]:
    match function:
        case DistributionFunction(distribution, part) if part != "draw":
            if densities.unchecked_if_empty(distribution, part):
                return tuple(densities.vectorised_axes(_taken(function), arguments))
    return ()


def _of_call(
    condition: Condition | Sizes, names: tuple[str, ...], unless_empty: tuple[tuple[int, int], ...]
) -> Needed | NeededSizes:
    positions = tuple(map(names.index, condition.arguments))
    if isinstance(condition, Sizes):
        return NeededSizes((positions[0], positions[1]), condition)
    return Needed(positions, condition, unless_empty)


def _names_of_function(function: Function) -> tuple[str, ...]:
    """The names of a function's arguments: those of the Python function that builds it, or that it says it has."""
    build = function.build
    if (names := getattr(build, "names", None)) is not None:
        return tuple(names)
    return tuple(name.strip("_") for name in inspect.signature(build).parameters)  # type: ignore[arg-type]


# Sentences --------------------------------------------------------------------------------------


def _words(condition: Condition, values: Sequence[Any] | None) -> str:
    """What an argument is, and what it must be."""
    name, others = condition.arguments[0], condition.arguments[1:]
    if values is None:
        return f"{name} must {condition.text}"
    if condition.problem is not None and (found := condition.problem(*values)) is not None:
        return f"{name} {found}"
    wrong = ~_truths(condition, values)
    arrays = _elementwise(values, wrong)
    if not arrays:
        pairs = zip(condition.arguments, values, strict=True)
        shown = [f"{argument} is {_number(a.item())}" for argument, a in pairs if np.size(a) == 1]
        return f"{name} must {condition.text}" + f" ({', '.join(shown)})" * bool(shown)
    index = tuple(int(i) for i in np.unravel_index(np.argmax(wrong), wrong.shape))
    where = place(index) if np.ndim(values[0]) else ""
    beside = "".join(f"; {other} is {_number(a[index])}" for other, a in zip(others, arrays[1:], strict=True))
    return f"{name}{where} is {_number(arrays[0][index])}, but must {condition.text}{beside}"


def _elementwise(values: Sequence[Any], wrong: Any) -> list[Any]:
    """The values as arrays of the shape of `wrong`, numbers repeated; none where its truths are not the elements'."""
    arrays = [np.asarray(value) for value in values]
    rank = max(array.ndim for array in arrays)
    arrays = [array.reshape(array.shape + (1,) * (rank - array.ndim)) for array in arrays]
    if rank != wrong.ndim or not wrong.any():
        return []
    try:
        return [np.broadcast_to(array, wrong.shape) for array in arrays]
    except ValueError:
        return []


def _truths(condition: Condition, values: Sequence[Any]) -> Any:
    """The condition's truth values as an array."""
    truth = condition.holds(*map(pt.as_tensor, values))
    return evaluate(pt.as_tensor(truth))


def _number(value: Any) -> str:
    return f"{value:g}" if float(value).is_integer() or abs(value) < 1e5 else f"{value:.6g}"
