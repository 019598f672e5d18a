"""Calls a distribution the way Stan does: arguments of mixed shapes are aligned, terms are computed pointwise.

A Stan argument has up to three groups of axes: batch axes in front (`batched` many, one for each loop that was
lowered as a whole), then the axis over which the call is vectorised (for a multivariate distribution, the
array's), then the core axes of the parameter's support. Within one call an argument either has the vectorised
axis or holds for all of it; the latter get an axis of length one there, and after that NumPy's broadcasting is
Stan's.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..types import Type, core_dimensions
from .definitions import Distribution, Parameter, Support, Tensor
from .graph import pt

_PARTS = {"lpdf": "log_density", "lpmf": "log_density", "cdf": "cdf", "lcdf": "log_cdf", "lccdf": "log_ccdf"}


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
    `validity` wants them. Raises LookupError if the distribution has no such function.
    """
    part = _PARTS[kind]
    function = getattr(distribution, part)
    aligned = align(distribution, arguments, argument_types, batched)
    if function is not None:
        return function(*aligned)
    if part == "cdf" and distribution.log_cdf is not None:
        return pt.exp(distribution.log_cdf(*aligned))
    raise LookupError(f"{distribution.name} has no {kind}")


def validity(
    distribution: Distribution,
    kind: str,
    arguments: Sequence[Tensor],
    argument_types: Sequence[Type],
    batched: int,
) -> list[tuple[str, Support, Tensor]]:
    """What must hold for Stan not to reject the point: (argument's name, its support, boolean per position).

    The outcome's name is "outcome". Where an argument cannot fail there is no entry. The cdfs of a discrete
    distribution are defined for every integer, so there the outcome is not checked.
    """
    aligned = align(distribution, arguments, argument_types, batched)
    checked = list(zip(parameters_of(distribution), aligned, strict=True))
    if distribution.discrete and _PARTS[kind] != "log_density":
        checked = checked[1:]
    return [
        (parameter.name, parameter.support, parameter.support.check(argument))
        for parameter, argument in checked
        if parameter.support.check is not None
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
