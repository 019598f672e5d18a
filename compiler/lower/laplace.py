"""The embedded Laplace approximation of a marginal likelihood, as a graph around the mode that one operation finds.

With theta the mode, g and -W gradient and Hessian of the log likelihood and K the prior covariance,
log p(y) = log p(y | theta) - theta' g / 2 - log det(I + K W) / 2 (Rasmussen, Williams 2006, section 3.4). Derivatives
come from the graph of one Newton step at the mode: its value is the mode, its derivative the implicit one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytensor.tensor as pt
from pytensor.gradient import disconnected_grad
from pytensor.graph.replace import clone_replace

from .. import ir
from ..codegen.graphs import gradient
from ..codegen.higher_order.laplace_call import blocks_differ, sorted_arguments
from ..codegen.higher_order.laplace_op import mode
from ..types import Real, Vector
from . import calls, errors, expressions
from .accesses import Dependent
from .frames import ROOT
from .scope import Scope
from .values import AnyValue, Value, is_concrete, leaves, only


def marginal(e: ir.LibraryCall, scope: Scope) -> AnyValue:
    """The value of `laplace_marginal` and its relatives, outside loops over lanes."""
    if scope.lanes is not ROOT:
        raise Dependent(f"`{e.name}` runs once per iteration")
    call = sorted_arguments(e)
    for limit in call.limits:
        value = _number(limit.number, scope)
        if not limit.holds(value):
            raise errors.outside_domain(limit.number.span, limit.sentence(e.name).format(f"{value:g}"))
    likelihood = call.likelihood
    given = [expressions.lower(argument, scope) for argument in call.given]
    block, max_steps = (int(_number(part, scope)) for part in (call.block, call.max_steps))
    (called,) = leaves(expressions.lower(call.covariance, scope))
    if called.concrete and all(map(is_concrete, given)):
        raise Dependent(f"`{e.name}` of what is known runs once, as generated code")
    covariance = scope.table.tensor(called)
    size = covariance.type.shape[0]
    if size % block:
        raise errors.outside_domain(call.block.span, blocks_differ(e.name).format(block, size))

    theta = pt.TensorType("float64", (size,))("theta")
    checks = len(scope.checks)
    log_likelihood = scope.table.tensor(calls.applied(likelihood, [Value(theta, Vector()), *given], e.span, scope))
    slope = gradient(log_likelihood, theta)
    curvature = _curvature(slope, theta, size, block)
    start = pt.zeros((size,))
    if call.start is not None:
        start = scope.table.tensor(only(expressions.lower(call.start, scope)))
    found = mode(e, likelihood, given, covariance, start, block, max_steps, _number(call.tolerance, scope), scope.table)
    for number, check in enumerate(scope.checks[checks:], checks):
        scope.checks[number] = replace(check, condition=clone_replace(check.condition, {theta: found}))

    at_mode, w = clone_replace([slope, curvature], {theta: found})
    identity = pt.eye(size)
    newton = disconnected_grad(pt.linalg.inv(identity + covariance @ w))
    # The mode, with the derivatives that the implicit function theorem gives it.
    theta_hat = found - newton @ (found - covariance @ at_mode)
    fitted, slope, w = map(pt.as_tensor, clone_replace([log_likelihood, slope, curvature], {theta: theta_hat}))
    _, log_determinant = pt.linalg.slogdet(identity + covariance @ w)
    return Value(fitted - 0.5 * (theta_hat * slope).sum() - 0.5 * log_determinant, Real())


def _number(e: ir.Expression, scope: Scope) -> float:
    """A number that is known."""
    return float(only(expressions.lower(e, scope)).known)


def _curvature(slope: Any, theta: Any, size: int, block: int) -> Any:
    """Minus the Hessian, block-diagonal: derivatives along directions that meet each block once."""
    columns = []
    for offset in range(block):
        chosen = [float(i % block == offset) for i in range(size)]
        columns.append(-gradient((slope * chosen).sum(), theta))
    rows = pt.stack(columns, axis=1)  # row i: the derivatives of element i's block
    places = [[i // block * block + offset for offset in range(block)] for i in range(size)]
    result = pt.zeros((size, size + block))
    for offset in range(block):
        at = [place[offset] for place in places]
        result = result[list(range(size)), at].set(rows[:, offset])
    return result[:, :size]
