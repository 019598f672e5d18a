"""Constraints on transformed parameters: not transforms but conditions, checked at the end of their block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytensor.tensor as pt

from .. import ir
from ..library import registry
from . import expressions
from .scope import Check, Scope
from .values import Value

TOLERANCE = 1e-8  # as in Stan's checks

type Condition = Callable[..., Any]


def _ordered(y: Any) -> Any:
    return pt.all(pt.gt(y[..., 1:], y[..., :-1])) if y.type.shape[-1] > 1 else pt.constant(True)


def _simplex(y: Any) -> Any:
    return pt.and_(pt.all(pt.ge(y, 0)), pt.all(pt.le(pt.abs(y.sum(axis=-1) - 1), TOLERANCE)))


def _lower_triangular(y: Any) -> Any:
    diagonal = pt.diagonal(y, axis1=-2, axis2=-1)
    return pt.and_(pt.all(pt.gt(diagonal, 0)), pt.all(pt.eq(pt.triu(y, 1), 0)))


def _positive_definite(y: Any) -> Any:
    symmetric = pt.all(pt.le(pt.abs(y - y.swapaxes(-1, -2)), TOLERANCE))
    factor = pt.linalg.cholesky(y, on_error="nan")
    return pt.and_(symmetric, pt.all(pt.gt(pt.diagonal(factor, axis1=-2, axis2=-1), 0)))


def _unit_rows(y: Any) -> Any:
    return pt.all(pt.le(pt.abs((y**2).sum(axis=-1) - 1), TOLERANCE))


CONDITIONS: dict[str, Condition] = {
    "lower": lambda y, a: pt.all(pt.ge(y, a)),
    "upper": lambda y, b: pt.all(pt.le(y, b)),
    "lower_upper": lambda y, a, b: pt.and_(pt.all(pt.ge(y, a)), pt.all(pt.le(y, b))),
    "offset_multiplier": lambda y, m, s: pt.constant(True),
    "ordered": _ordered,
    "positive_ordered": lambda y: pt.and_(pt.all(pt.ge(y[..., :1], 0)), _ordered(y)),
    "simplex": _simplex,
    "sum_to_zero_vector": lambda y: pt.all(pt.le(pt.abs(y.sum(axis=-1)), TOLERANCE)),
    "sum_to_zero_matrix": lambda y: pt.and_(
        pt.all(pt.le(pt.abs(y.sum(axis=-1)), TOLERANCE)), pt.all(pt.le(pt.abs(y.sum(axis=-2)), TOLERANCE))
    ),
    "unit_vector": _unit_rows,
    "row_stochastic_matrix": _simplex,
    "column_stochastic_matrix": lambda y: _simplex(y.swapaxes(-1, -2)),
    "cholesky_factor_cov": _lower_triangular,
    "cholesky_factor_corr": lambda y: pt.and_(_lower_triangular(y), _unit_rows(y)),
    "cov_matrix": _positive_definite,
    "corr_matrix": lambda y: pt.and_(
        _positive_definite(y), pt.all(pt.le(pt.abs(pt.diagonal(y, axis1=-2, axis2=-1) - 1), TOLERANCE))
    ),
}


def declared_limits(block: Sequence[ir.Statement], scope: Scope) -> None:
    """Add a check for each constrained variable declared at the top of a block."""
    for statement in block:
        if isinstance(statement, ir.Declare) and isinstance(statement.sized, ir.Sized):
            _limit(statement, statement.sized, scope)


def _limit(declare: ir.Declare, sized: ir.Sized, scope: Scope) -> None:
    value = scope.bindings[declare.variable].value
    if sized.constraint is None or not isinstance(value, Value):
        return
    if not int(np.prod(value.shape)):
        if lack := registry.transforms()[sized.constraint.name].lack(value.shape):
            scope.checks.append(Check(pt.constant(False), declare.span, f"`{declare.variable.name}` {lack}"))
        return
    arguments = [expressions.lower(argument, scope) for argument in sized.constraint.arguments]
    graphs = [scope.table.tensor(a) for a in arguments if isinstance(a, Value)]
    condition = CONDITIONS[sized.constraint.name](scope.table.tensor(value), *graphs)
    text = f"`{declare.variable.name}` must satisfy its constraint `{sized.constraint.name}`"
    scope.checks.append(Check(condition, declare.span, text))
