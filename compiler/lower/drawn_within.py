"""Within which bounds a variable is drawn, and which declarations no draw can meet."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor.tensor as pt

from .. import ir
from ..library import registry
from . import expressions
from .program import Lowered
from .scope import Draw, Scope
from .values import Value, only

BOUNDS = {"lower": ("lower",), "upper": ("upper",), "lower_upper": ("lower", "upper")}


def bounds_of(draw: Draw, variable: ir.Variable, lowered: Lowered, scope: Scope, axes: int) -> list[Any]:
    """The bounds of a truncated draw: the variable's declared ones and those of `T[,]`; none if unbounded.

    Each has the lanes and the vectorised axis of the outcome, or length one along them.
    """
    lower: list[Any] = []
    upper: list[Any] = []
    scope.bindings = dict(lowered.bindings)
    shape = only(lowered.bindings[variable].value).shape
    for name, argument in _declared_bounds(variable, lowered):
        value = expressions.lower(argument, scope)
        if isinstance(value, Value):
            elements = pt.broadcast_to(lowered.table.tensor(value), shape).ravel()
            drawn = draw.elements_in(shape)
            own = elements[lowered.table.input(drawn.ravel())].reshape(drawn.shape)
            graph = own if value.shape else lowered.table.tensor(value)
            (lower if name == "lower" else upper).append(graph)
    for bound, side in zip(draw.bounds, (lower, upper), strict=True):
        if bound is not None:
            tensor = lowered.table.tensor(expressions.lifted(bound, draw.frame, scope))
            side.append(pt.expand_dims(tensor, tuple(range(tensor.type.ndim, axes))))
    support = registry.distributions()[draw.statement.distribution].outcome
    if support.core or not (lower or upper):
        return []
    low = _extreme(pt.maximum, lower, -np.inf)
    high = _extreme(pt.minimum, upper, np.inf)
    if _implied(low, support.lower, above=True) and _implied(high, support.upper, above=False):
        return []
    return [low, high]


def _declared_bounds(variable: ir.Variable, lowered: Lowered) -> list[tuple[str, ir.Expression]]:
    """Which bounds a parameter is declared with; data are drawn without theirs."""
    sized = next((d.sized for d in lowered.program.parameters if d.variable is variable), None)
    if not isinstance(sized, ir.Sized) or sized.constraint is None:
        return []
    return list(zip(BOUNDS.get(sized.constraint.name, ()), sized.constraint.arguments, strict=False))


def unreachable(draw: Draw, variable: ir.Variable, lowered: Lowered) -> str | None:
    """Why draws from a statement's distribution are not what a parameter's declaration demands, if they are not."""
    sized = next((d.sized for d in lowered.program.parameters if d.variable is variable), None)
    if not isinstance(sized, ir.Sized) or sized.constraint is None or sized.constraint.name == "offset_multiplier":
        return None
    name, distribution = sized.constraint.name, draw.statement.distribution
    outcome = registry.distributions()[distribution].outcome
    if name in BOUNDS:
        bad = f"draws from `{distribution}` cannot be kept within the bounds of `{variable.name}`"
        return bad if outcome.core else None
    if outcome.constraint == name:
        return None
    return f"`{variable.name}` is declared `{name}`, which draws from `{distribution}` are not"


def _extreme(combine: Any, bounds: list[Any], default: float) -> Any:
    if not bounds:
        return pt.constant(default)
    result = bounds[0]
    for bound in bounds[1:]:
        result = combine(result, bound)
    return pt.cast(result, "float64")


def _implied(bound: Any, support: float | None, above: bool) -> bool:
    """Whether the support alone keeps outcomes within a bound."""
    number = float(bound.data) if hasattr(bound, "data") else None
    if number is None:
        return False
    if np.isinf(number):
        return True
    return support is not None and (number <= support if above else number >= support)
