"""<upper=b>: y = b - exp(x); no bound at all where b is +inf."""

from __future__ import annotations

from typing import Any

from .. import problems
from ..definitions import Condition, InLanguage, Tensor, Transform
from ..domains import elementwise, same_sizes
from ..graph import np, pt
from ._bounds import finite, no_upper, select


def constrain(x: Tensor, upper: Tensor) -> Tensor:
    free = no_upper(upper)
    return select(free, x, finite(upper, free) - pt.exp(x))


def unconstrain(y: Tensor, upper: Tensor) -> Tensor:
    free = no_upper(upper)
    return select(free, y, pt.log(finite(upper, free) - y))


def log_jacobian(x: Tensor, upper: Tensor) -> Tensor:
    return select(no_upper(upper), pt.zeros_like(x), x)  # |dy/dx| = exp(x)


def problem(y: Any, upper: Any) -> str | None:
    return problems.elements(y, np.asarray(y) <= upper, "at most {}", upper)


def holds(y: Tensor, upper: Tensor) -> Tensor:
    return pt.le(y, upper)


def has_image(y: Tensor, upper: Tensor) -> Tensor:
    """Whether y can be unconstrained: without a bound even nan is."""
    return holds(y, upper) | pt.eq(upper, np.inf)


upper = Transform(
    "upper",
    constrain,
    unconstrain,
    log_jacobian,
    problem,
    holds,
    parameters=("upper",),
    function_name="upper_bound",
    free_domain=(same_sizes("upper", "x"),),
    domain=(same_sizes("upper", "y"), Condition(("y", "upper"), "be at most upper", elementwise(has_image))),
    in_language=InLanguage("free(L == positive_infinity() ? 0 : x); return upper_bound_constrain(x, L);"),
)
