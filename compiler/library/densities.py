"""Calls a distribution the way Stan does: arguments of mixed shapes are aligned, terms are computed pointwise.

A Stan argument has up to three groups of axes: batch axes in front (`batched` many, one for each loop that was
lowered as a whole), then the axis over which the call is vectorised (for a multivariate distribution, the
array's), then the core axes of the parameter's support. Within one call an argument either has the vectorised
axis or holds for all of it; the latter get an axis of length one there, and after that NumPy's broadcasting is
Stan's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from ..types import Type, core_dimensions
from .definitions import Condition, Distribution, Parameter, Support, Tensor
from .functions._axes import frozen
from .graph import np, pt
from .supports import Integer, Real

_PARTS = {"lpdf": "log_density", "lpmf": "log_density", "cdf": "cdf", "lcdf": "log_cdf", "lccdf": "log_ccdf"}
LOG_SMALLEST = -745.1332191019412  # of half the smallest number, which rounds to 0: exp of all below is 0


def pointwise(
    distribution: Distribution,
    kind: str,
    arguments: Sequence[Tensor],
    argument_types: Sequence[Type],
    batched: int,
) -> Tensor:
    """The terms of `NAME_kind(outcome | parameters...)`, of shape (*batch, vectorised?), neither summed nor multiplied.

    `kind` is "lpdf", "lpmf", "cdf", "lcdf" or "lccdf"; `arguments` has the outcome first. The call's value is
    the sum over the vectorised axis, for "cdf" the product. Outcomes and parameters are assumed to lie where
    the supports of `checked_arguments` want them. Raises LookupError if the distribution has no such function.
    """
    part = _PARTS[kind]
    function = getattr(distribution, part)
    aligned = align(distribution, arguments, argument_types, batched)
    if function is None and part == "cdf" and distribution.log_cdf is not None:
        function = partial(_exponential, distribution.log_cdf)
    if function is None:
        raise LookupError(f"{distribution.name} has no {kind}")
    if part == "log_density" or distribution.discrete:
        return function(*aligned)
    return _between_ends(distribution, part, function, aligned)


def _exponential(log_cdf: Callable[..., Tensor], *aligned: Tensor) -> Tensor:
    """exp(log_cdf): where that underflows to 0 it stands still, however fast its logarithm moves.

    There the chain rule would have 0 times infinity. So each argument is a constant there; as x where it moves and the
    constant x are the same number, the two logarithms are one once gradients have been taken.
    """
    moves = frozen(pt.gt(log_cdf(*aligned), LOG_SMALLEST))
    return pt.exp(log_cdf(*(x if x.dtype != "float64" else pt.switch(moves, x, frozen(x)) for x in aligned)))


def _between_ends(
    distribution: Distribution, part: str, function: Callable[..., Tensor], aligned: list[Tensor]
) -> Tensor:
    """A cdf that is known at and beyond the ends of the support: there it depends on nothing."""
    outcome, *parameters = aligned
    lower, upper = distribution.outcome.lower, distribution.outcome.upper
    below = pt.le(outcome, -np.inf if lower is None else lower)
    above = pt.ge(outcome, np.inf if upper is None else upper)
    inside = 0.5 * (lower + upper) if lower is not None and upper is not None else 0.0 if lower is None else lower + 1.0
    value = function(pt.switch(pt.or_(below, above), inside, outcome), *parameters)
    first, last = {"cdf": (0.0, 1.0), "log_cdf": (-np.inf, 0.0), "log_ccdf": (0.0, -np.inf)}[part]
    return pt.switch(below, first, pt.switch(above, last, value))


def checked_arguments(
    distribution: Distribution,
    kind: str,
    arguments: Sequence[Tensor],
    argument_types: Sequence[Type],
    batched: int,
) -> list[tuple[str, Support, Tensor]]:
    """The aligned arguments that can make Stan reject the point: (argument's name, its support, argument).

    The outcome's name is "outcome". The cdfs of a discrete distribution are defined for every integer, so there the
    outcome is not checked; those of a continuous one also at the ends of its support and at infinity.
    """
    aligned = align(distribution, arguments, argument_types, batched)
    by_name = {p.name: argument for p, argument in zip(parameters_of(distribution), aligned, strict=True)}
    checked = [(parameter, by_name[parameter.name]) for parameter in _checked(distribution, _PARTS[kind])]
    return [(p.name, p.support, argument) for p, argument in checked if p.support.holds is not None]


def unchecked_if_empty(distribution: Distribution, part: str) -> bool:
    """Whether the parameters of its density or cdfs may be anything where there are no outcomes, as in Stan."""
    return distribution.unchecked_if_empty if part == "log_density" else distribution.cdfs_unchecked_if_empty


def draw_validity(distribution: Distribution, arguments: Sequence[Tensor]) -> list[tuple[str, Support, Tensor]]:
    """What must hold for `NAME_rng(arguments)` to be a draw: (argument's name, its support, boolean per position).

    As `checked_arguments`, and numbers must not be nan.
    """
    return [
        (parameter.name, parameter.support, (parameter.support.holds or _is_number)(argument))
        for parameter, argument in zip(drawn_from(distribution), arguments, strict=True)
        if parameter.support.holds is not None or not parameter.support.integer
    ]


def conditions(distribution: Distribution, part: str) -> tuple[Condition, ...]:
    """What one of the distribution's functions needs of each argument by itself.

    What makes a density reject a point is checked with every evaluation (`nan` is False); that a number is not nan
    shows in the result.
    """
    found = []
    if part == "draw":
        for parameter in drawn_from(distribution):
            support = parameter.support
            if support.holds is not None or not support.integer:
                found.append(_lies(parameter.name, support, support.holds or _is_number))
            if support.implied is not None:
                found.append(_implied(parameter))
        return tuple(found)
    if part == "log_density" and distribution.takes is not None:
        outcome = distribution.outcome
        assert outcome.holds is not None
        found.append(Condition(("outcome",), f"be {outcome.text}", outcome.holds, zero=True))
    for parameter in _checked(distribution, part):
        support = parameter.support
        if support.holds is not None:
            found.append(_lies(parameter.name, support, support.holds))
        elif not support.integer and support.implied is None:
            found.append(Condition((parameter.name,), "be a number", _is_number))
        if support.implied is not None:
            found.append(_implied(parameter))
    return tuple(found)


def _lies(name: str, support: Support, holds: Callable[[Tensor], Tensor]) -> Condition:
    return Condition((name,), f"be {support.text}", holds, nan=False, problem=support.problem)


def _implied(parameter: Parameter) -> Condition:
    """What a density finds out by itself."""
    support = parameter.support
    assert support.implied is not None
    return Condition((parameter.name,), f"be {support.text}", support.implied, problem=support.problem)


def _checked(distribution: Distribution, part: str) -> list[Parameter]:
    """The outcome, as far as a function looks at where it lies, and the parameters."""
    if part == "log_density":
        outcome, *parameters = parameters_of(distribution)
        taken = outcome if distribution.takes is None else replace(outcome, support=distribution.takes)
        return [taken, *parameters]
    support = distribution.outcome
    closed = [] if support.integer else [Parameter("outcome", Real(support.lower, support.upper))]
    own = {argument.name: argument for argument in distribution.cdf_arguments}
    return [own.get(parameter.name, parameter) for parameter in (*closed, *distribution.parameters)]


def drawn_from(distribution: Distribution) -> tuple[Parameter, ...]:
    """What `NAME_rng` takes: the parameters, and what else tells how large the outcome is."""
    parameters = tuple(map(_drawn_with, distribution.parameters))
    match distribution.draw_needs:
        case "size":
            return (Parameter("size", Integer(lower=1), vectorised=False), *parameters)
        case "total":
            return (*parameters, Parameter("total", Integer(lower=0), vectorised=False))
        case _:
            return parameters


def _drawn_with(parameter: Parameter) -> Parameter:
    """A scale or rate may be infinite in a density, which is zero then, but there is no such draw."""
    support = parameter.support
    within = support.holds
    half_line = support.lower is not None and support.upper is None and not (support.integer or support.core)
    if within is None or not half_line or support.finite:
        return parameter

    def holds(x: Tensor) -> Tensor:
        return within(x) & (pt.abs(x) < np.inf)

    return replace(parameter, support=replace(support, text=f"finite and {support.text}", holds=holds, finite=True))


def _is_number(x: Tensor) -> Tensor:
    return pt.le(pt.abs(x), np.inf)


def vectorised_axes(taken: Sequence[Parameter], argument_types: Sequence[Type]) -> list[tuple[int, int]]:
    """The positions of arguments over which a call is vectorised, and the axes, counted from the end."""
    return [
        (position, -1 - parameter.support.core)
        for position, (parameter, type) in enumerate(zip(taken, argument_types, strict=True))
        if core_dimensions(type) > parameter.support.core
    ]


def align(
    distribution: Distribution, arguments: Sequence[Tensor], argument_types: Sequence[Type], batched: int
) -> list[Tensor]:
    """The arguments with a vectorised axis of length one wherever another argument has a longer one."""
    parameters = parameters_of(distribution)
    vectorised = [
        core_dimensions(type) > parameter.support.core
        for type, parameter in zip(argument_types, parameters, strict=True)
    ]
    if not any(vectorised):
        return list(arguments)
    axis = batched
    return [
        argument if has_axis else pt.expand_dims(argument, axis)
        for argument, has_axis in zip(arguments, vectorised, strict=True)
    ]


def parameters_of(distribution: Distribution) -> tuple[Parameter, ...]:
    """The outcome, as a parameter named "outcome", and the parameters."""
    return (Parameter("outcome", distribution.outcome), *distribution.parameters)
