"""sum_to_zero_vector[K]: an isometric image of K-1 free numbers."""

from __future__ import annotations

from typing import Any

from .. import predicates, problems
from ..definitions import InLanguage, Tensor, Transform
from ..domains import not_empty, satisfies
from ..graph import np, pt
from . import _isometry
from ._isometry import collapse, spread
from ._shapes import has_elements, length


def constrain(x: Tensor) -> Tensor:
    return spread(x, length(x))


def unconstrain(y: Tensor) -> Tensor:
    return collapse(y, length(y))


def log_jacobian(x: Tensor) -> Tensor:
    return pt.zeros_like(x.sum(axis=-1))  # an isometry


def holds(y: Tensor) -> Tensor:
    return predicates.sums_to(y, 0)


def problem(y: Any) -> str | None:
    total = np.sum(y, axis=-1)
    return problems.rows(total, np.abs(total) <= problems.TOLERANCE, "sum to zero", "sum")


sum_to_zero_vector = Transform(
    "sum_to_zero_vector",
    constrain,
    unconstrain,
    log_jacobian,
    problem,
    holds,
    constrained_core=1,
    unconstrained_core=1,
    sizes=has_elements,
    needs_elements=True,
    unconstrained_shape=lambda shape: (shape[0] - 1,),
    function_name="sum_to_zero",
    coordinates=None,
    domain=(not_empty("y"), satisfies("a vector that sums to zero", holds, problem)),
    in_language=InLanguage(
        "return spread_(x);",
        "return collapse_(x);",
        _isometry.IN_LANGUAGE,
    ),
)
