"""<upper=b>: y = b - exp(x); no bound at all where b is +inf."""

from __future__ import annotations

from typing import Any

from ..definitions import Tensor, Transform
from ..graph import np, pt
from . import _check
from ._bounds import finite, no_upper, select


def constrain(x: Tensor, upper: Tensor) -> Tensor:
    free = no_upper(upper)
    return select(free, x, finite(upper, free) - pt.exp(x))


def unconstrain(y: Tensor, upper: Tensor) -> Tensor:
    free = no_upper(upper)
    return select(free, y, pt.log(finite(upper, free) - y))


def log_jacobian(x: Tensor, upper: Tensor) -> Tensor:
    return select(no_upper(upper), pt.zeros_like(x), x)  # |dy/dx| = exp(x)


def check(y: Any, upper: Any) -> str | None:
    return _check.elements(y, np.asarray(y) <= upper, f"at most {_check.bound(upper)}")


upper = Transform("upper", constrain, unconstrain, log_jacobian, check, parameters=("upper",))
