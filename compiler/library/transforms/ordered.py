"""ordered[K]: y_1 = x_1, y_k = y_{k-1} + exp(x_k)."""

from __future__ import annotations

from typing import Any

from .. import predicates, problems
from ..definitions import InLanguage, Tensor, Transform
from ..domains import satisfies
from ..graph import np, pt


def constrain(x: Tensor) -> Tensor:
    return pt.cumsum(pt.concatenate([x[..., :1], pt.exp(x[..., 1:])], axis=-1), axis=-1)


def unconstrain(y: Tensor) -> Tensor:
    return pt.concatenate([y[..., :1], pt.log(y[..., 1:] - y[..., :-1])], axis=-1)


def log_jacobian(x: Tensor) -> Tensor:
    return pt.sum(x[..., 1:], axis=-1)


def holds(y: Tensor) -> Tensor:
    return predicates.increasing(y)


def problem(y: Any) -> str | None:
    y = np.asarray(y)
    if (index := problems.first(np.isnan(y))) is not None:
        return f"must be increasing, but element {problems.place(index)} is nan"
    if (index := problems.first(~(y[..., 1:] > y[..., :-1]))) is not None:
        after = (*index[:-1], index[-1] + 1)
        here, there = problems.place(after), problems.place(index)
        return f"must be increasing, but element {here} is {y[after]:.10g}, after {y[index]:.10g} at {there}"
    return None


ordered = Transform(
    "ordered",
    constrain,
    unconstrain,
    log_jacobian,
    problem,
    holds,
    constrained_core=1,
    unconstrained_core=1,
    domain=(satisfies("increasing", holds, problem),),
    in_language=InLanguage("free(sum(x[2:])); return ordered_constrain(x);"),
)
