"""unit_vector[K]: y = x / |x|, with a standard normal density on the free |x|."""

from __future__ import annotations

from typing import Any

from .. import predicates, problems
from ..definitions import Condition, InLanguage, Tensor, Transform
from ..domains import not_empty, satisfies
from ..graph import np, pt
from ._shapes import has_elements


def constrain(x: Tensor) -> Tensor:
    return x / pt.sqrt(pt.sum(x**2, axis=-1, keepdims=True))


def unconstrain(y: Tensor) -> Tensor:
    return y


def log_jacobian(x: Tensor) -> Tensor:
    return -0.5 * pt.sum(x**2, axis=-1)  # not a determinant: x has one dimension more than y


def holds(y: Tensor) -> Tensor:
    return predicates.sums_to(y**2, 1)


def _has_direction(x: Tensor) -> Tensor:
    squared = pt.sum(x**2, axis=-1)
    return pt.gt(squared, 0) & pt.lt(squared, np.inf)


def problem(y: Any) -> str | None:
    norm = np.sum(np.square(y), axis=-1)
    return problems.rows(norm, np.abs(norm - 1) <= problems.TOLERANCE, "have length one", "squared length")


unit_vector = Transform(
    "unit_vector",
    constrain,
    unconstrain,
    log_jacobian,
    problem,
    holds,
    constrained_core=1,
    unconstrained_core=1,
    sizes=has_elements,
    needs_elements=True,
    finite_volume=True,
    free_domain=(not_empty("x"), Condition(("x",), "have a positive, finite length", _has_direction, nan=False)),
    domain=(not_empty("y"), satisfies("a vector of length one", holds, problem)),
    in_language=InLanguage("free(-0.5 * dot_self(x)); return unit_vector_constrain(x);"),
)
