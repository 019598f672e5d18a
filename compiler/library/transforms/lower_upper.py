"""<lower=a, upper=b>: y = a + (b - a) inv_logit(x); an infinite bound leaves the other one alone."""

from __future__ import annotations

from typing import Any

from ..definitions import Tensor, Transform
from ..graph import np, pt
from . import _check
from . import lower as lower_only
from . import upper as upper_only
from ._bounds import either, finite, is_infinite, select


def constrain(x: Tensor, lower: Tensor, upper: Tensor) -> Tensor:
    no_lower, no_upper = is_infinite(lower), is_infinite(upper)
    a, b = finite(lower, no_lower), finite(upper, no_upper)
    return select(
        no_upper,
        lower_only.constrain(x, lower),
        select(no_lower, upper_only.constrain(x, upper), a + (b - a) * pt.sigmoid(x)),
    )


def unconstrain(y: Tensor, lower: Tensor, upper: Tensor) -> Tensor:
    no_lower, no_upper = is_infinite(lower), is_infinite(upper)
    a, b = finite(lower, no_lower), finite(upper, no_upper)
    return select(
        no_upper,
        lower_only.unconstrain(y, lower),
        select(no_lower, upper_only.unconstrain(y, upper), pt.log(y - a) - pt.log(b - y)),
    )


def log_jacobian(x: Tensor, lower: Tensor, upper: Tensor) -> Tensor:
    no_lower, no_upper = is_infinite(lower), is_infinite(upper)
    open_ended = either(no_lower, no_upper)
    width = select(open_ended, pt.ones_like(x), finite(upper, no_upper) - finite(lower, no_lower))
    inside = pt.log(width) + x - 2 * pt.softplus(x)  # dy/dx = (b - a) inv_logit(x) inv_logit(-x)
    return select(
        no_upper, lower_only.log_jacobian(x, lower), select(no_lower, upper_only.log_jacobian(x, upper), inside)
    )


def check(y: Any, lower: Any, upper: Any) -> str | None:
    y = np.asarray(y)
    wanted = f"between {_check.bound(lower)} and {_check.bound(upper)}"
    return _check.elements(y, (y >= lower) & (y <= upper), wanted)


lower_upper = Transform("lower_upper", constrain, unconstrain, log_jacobian, check, parameters=("lower", "upper"))
