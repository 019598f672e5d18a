"""<lower=a, upper=b>: y = a + (b - a) inv_logit(x); an infinite bound leaves the other one alone."""

from __future__ import annotations

from typing import Any

from .. import problems
from ..definitions import Condition, InLanguage, Tensor, Transform
from ..domains import elementwise, relation, same_sizes
from ..graph import np, pt
from . import lower as lower_only
from . import upper as upper_only
from ._bounds import either, finite, no_lower, no_upper, select


def constrain(x: Tensor, lower: Tensor, upper: Tensor) -> Tensor:
    below, above = no_lower(lower), no_upper(upper)
    a, b = finite(lower, below), finite(upper, above)
    return select(
        above,
        lower_only.constrain(x, lower),
        select(below, upper_only.constrain(x, upper), a + (b - a) * pt.sigmoid(x)),
    )


def unconstrain(y: Tensor, lower: Tensor, upper: Tensor) -> Tensor:
    below, above = no_lower(lower), no_upper(upper)
    a, b = finite(lower, below), finite(upper, above)
    return select(
        above,
        lower_only.unconstrain(y, lower),
        select(below, upper_only.unconstrain(y, upper), pt.log(y - a) - pt.log(b - y)),
    )


def log_jacobian(x: Tensor, lower: Tensor, upper: Tensor) -> Tensor:
    below, above = no_lower(lower), no_upper(upper)
    open_ended = either(below, above)
    width = select(open_ended, pt.ones_like(x), finite(upper, above) - finite(lower, below))
    inside = pt.log(width) + x - 2 * pt.softplus(x)  # dy/dx = (b - a) inv_logit(x) inv_logit(-x)
    return select(above, lower_only.log_jacobian(x, lower), select(below, upper_only.log_jacobian(x, upper), inside))


def problem(y: Any, lower: Any, upper: Any) -> str | None:
    y = np.asarray(y)
    return problems.elements(y, (y >= lower) & (y <= upper), "between {} and {}", lower, upper)


def holds(y: Tensor, lower: Tensor, upper: Tensor) -> Tensor:
    return lower_only.holds(y, lower) & upper_only.holds(y, upper)


def _has_image(y: Tensor, lower: Tensor, upper: Tensor) -> Tensor:
    return lower_only.has_image(y, lower) & upper_only.has_image(y, upper)


def _leave_room(lower: Tensor, upper: Tensor) -> Tensor:
    """Bounds of which one is infinite need not be compared."""
    return pt.lt(lower, upper) | pt.eq(lower, -np.inf) | pt.eq(upper, np.inf)


lower_upper = Transform(
    "lower_upper",
    constrain,
    unconstrain,
    log_jacobian,
    problem,
    holds,
    parameters=("lower", "upper"),
    finite_volume=True,
    function_name="lower_upper_bound",
    free_domain=(
        same_sizes("lower", "x"),
        same_sizes("upper", "x"),
        relation("lower", "upper", "less than upper", _leave_room, nan=False),
    ),
    domain=(
        same_sizes("lower", "y"),
        same_sizes("upper", "y"),
        Condition(("y", "lower", "upper"), "be at least lower and at most upper", elementwise(_has_image)),
    ),
    in_language=InLanguage(
        """
            if (L == negative_infinity()) free(U == positive_infinity() ? 0 : x);
            else if (U == positive_infinity()) free(x);
            else free(log(U - L) + log_inv_logit(x) + log1m_inv_logit(x));
            return lower_upper_bound_constrain(x, L, U);""",
    ),
)
