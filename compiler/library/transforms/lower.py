"""<lower=a>: y = a + exp(x); no bound at all where a is -inf."""

from __future__ import annotations

from typing import Any

from .. import problems
from ..definitions import Condition, InLanguage, Tensor, Transform
from ..domains import elementwise, same_sizes
from ..graph import np, pt
from ._bounds import finite, no_lower, select


def constrain(x: Tensor, lower: Tensor) -> Tensor:
    free = no_lower(lower)
    return select(free, x, finite(lower, free) + pt.exp(x))


def unconstrain(y: Tensor, lower: Tensor) -> Tensor:
    free = no_lower(lower)
    return select(free, y, pt.log(y - finite(lower, free)))


def log_jacobian(x: Tensor, lower: Tensor) -> Tensor:
    return select(no_lower(lower), pt.zeros_like(x), x)  # dy/dx = exp(x)


def problem(y: Any, lower: Any) -> str | None:
    return problems.elements(y, np.asarray(y) >= lower, "at least {}", lower)


def holds(y: Tensor, lower: Tensor) -> Tensor:
    return pt.ge(y, lower)


def has_image(y: Tensor, lower: Tensor) -> Tensor:
    """Whether y can be unconstrained: without a bound even nan is."""
    return holds(y, lower) | pt.eq(lower, -np.inf)


lower = Transform(
    "lower",
    constrain,
    unconstrain,
    log_jacobian,
    problem,
    holds,
    parameters=("lower",),
    function_name="lower_bound",
    free_domain=(same_sizes("lower", "x"),),
    domain=(same_sizes("lower", "y"), Condition(("y", "lower"), "be at least lower", elementwise(has_image))),
    in_language=InLanguage("free(L == negative_infinity() ? 0 : x); return lower_bound_constrain(x, L);"),
)
