"""Constraint functions: `X_constrain`, `X_unconstrain`, and `X_jacobian`, which adds to the log density as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytensor.tensor as pt

from .. import ir
from ..library.definitions import Transform
from ..library.expand import TransformFunction
from ..library.functions._axes import align, length, real
from ..library.transforms._shapes import columns_of, stack_columns
from ..types import Int, Real, Type, core_dimensions
from . import expressions
from .scope import Scope, Term
from .values import AnyValue, Value


def constraint_call(
    function: TransformFunction, values: Sequence[AnyValue], e: ir.LibraryCall, scope: Scope
) -> AnyValue:
    """The value of a call; the sizes that some take after their first argument must be known."""
    from .calls import apply

    transform = function.transform
    sizes = tuple(expressions.agreed(v) for v in values if isinstance(v, Value) and isinstance(v.type, Int))
    free = _Free(transform, e.arguments[0].type, sizes if transform.constrained_core else ())
    if function.part == "unconstrain":
        return apply(free.unconstrain, values, e, scope)
    if function.part == "jacobian":
        amount = apply(free.log_jacobian, values, replace(e, type=Real()), scope)
        assert isinstance(amount, Value)
        scope.terms.append(Term(amount, scope.lanes, e.span, "jacobian"))
    return apply(free.constrain, values, e, scope)


class _Free:
    """A transform as its functions apply it: bounds beside containers, matrices of free numbers as matrices."""

    def __init__(self, transform: Transform, argument: Type, sizes: tuple[int, ...]) -> None:
        """`argument` is the type of the first argument, `sizes` those the call names."""
        self.transform, self.sizes, self.axes = transform, sizes, core_dimensions(argument)
        self.lacks = transform.free_matrix_lacks

    def constrain(self, *arguments: Any) -> Any:
        x, rest, sizes = self._prepared(arguments)
        return self.transform.constrain(x, *rest, **sizes)

    def log_jacobian(self, *arguments: Any) -> Any:
        batch = arguments[0].ndim - self.axes
        x, rest, sizes = self._prepared(arguments)
        amount = self.transform.log_jacobian(x, *rest, **sizes)
        if not self.transform.constrained_core:
            amount = amount + pt.zeros_like(x)
        return amount.sum(axis=tuple(range(batch, amount.ndim))) if amount.ndim > batch else amount

    def unconstrain(self, *arguments: Any) -> Any:
        y, *rest = align(*map(real, arguments)) if not self.transform.constrained_core else arguments
        x = self.transform.unconstrain(y, *rest)
        if self.lacks:
            return columns_of(x, length(y, -2) - self.lacks[0], length(y, -1) - self.lacks[1]).mT
        return x

    def _prepared(self, arguments: Sequence[Any]) -> tuple[Any, Sequence[Any], dict[str, Any]]:
        """The free numbers as the transform takes them, the bounds, and the sizes of one constrained value."""
        if not self.transform.constrained_core:
            x, *rest = align(*map(real, arguments))
            return x, rest, {}
        x = arguments[0]  # after it the sizes, which are known
        sizes: tuple[int, ...] = self.sizes * 2 if len(self.sizes) == 1 else self.sizes
        if sizes and self.transform.unconstrained_shape(sizes) != (length(x, -1),):
            (wanted,) = self.transform.unconstrained_shape(sizes)
            raise ValueError(f"{wanted} free numbers are needed")
        if self.lacks:
            sizes = (length(x, -2) + self.lacks[0], length(x, -1) + self.lacks[1])
            x = stack_columns(x)
        return x, (), {"shape": sizes} if self.transform.takes_shape else {}
