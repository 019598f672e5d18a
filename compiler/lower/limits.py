"""Constraints on transformed parameters: not transforms but conditions, checked at the end of their block."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytensor.tensor as pt

from .. import ir
from ..library import registry
from . import expressions
from .bounds import check_size
from .scope import Check, Scope
from .values import Value


def declared_limits(block: Sequence[ir.Statement], scope: Scope) -> None:
    """Add a check for each constrained variable declared at the top of a block."""
    for statement in block:
        if isinstance(statement, ir.Declare) and isinstance(statement.sized, ir.Sized):
            _limit(statement, statement.sized, scope)


def _limit(declare: ir.Declare, sized: ir.Sized, scope: Scope) -> None:
    value = scope.bindings[declare.variable].value
    if sized.constraint is None or not isinstance(value, Value):
        return
    transform = registry.transforms()[sized.constraint.name]
    if not int(np.prod(value.shape)):
        if lack := transform.lack(value.shape):
            scope.checks.append(Check(pt.constant(False), declare.span, f"`{declare.variable.name}` {lack}"))
        return
    graphs = []
    for argument in sized.constraint.arguments:
        bound = expressions.lower(argument, scope)
        assert isinstance(bound, Value)
        check_size(bound, argument, declare.variable.name, value.shape)
        graphs.append(scope.table.tensor(bound))
    condition = pt.all(transform.holds(scope.table.tensor(value), *graphs))
    text = f"`{declare.variable.name}` must satisfy its constraint `{transform.name}`"
    scope.checks.append(Check(condition, declare.span, text))
