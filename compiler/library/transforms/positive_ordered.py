"""positive_ordered[K]: y_1 = exp(x_1), y_k = y_{k-1} + exp(x_k)."""

from __future__ import annotations

from typing import Any

from .. import problems
from ..definitions import InLanguage, Tensor, Transform
from ..domains import satisfies
from ..graph import np, pt
from . import ordered as ordered_vector


def constrain(x: Tensor) -> Tensor:
    return pt.cumsum(pt.exp(x), axis=-1)


def unconstrain(y: Tensor) -> Tensor:
    return pt.log(pt.concatenate([y[..., :1], y[..., 1:] - y[..., :-1]], axis=-1))


def log_jacobian(x: Tensor) -> Tensor:
    return pt.sum(x, axis=-1)


def holds(y: Tensor) -> Tensor:
    return ordered_vector.holds(y) & pt.all(pt.ge(y, 0), axis=-1)


def problem(y: Any) -> str | None:
    return ordered_vector.problem(y) or problems.elements(y, np.asarray(y) >= 0, "at least 0")


positive_ordered = Transform(
    "positive_ordered",
    constrain,
    unconstrain,
    log_jacobian,
    problem,
    holds,
    constrained_core=1,
    unconstrained_core=1,
    domain=(satisfies("increasing and not negative", holds, problem),),
    in_language=InLanguage("free(sum(x)); return positive_ordered_constrain(x);"),
)
