"""simplex[K]: the softmax of the isometric image z of K-1 free numbers.

log |det| of the map to the first K-1 coordinates is sum(log y) + log(K)/2, and since z sums to zero
sum(log y) = -K log(sum(exp(z))).
"""

from __future__ import annotations

from typing import Any

from .. import predicates, problems
from ..definitions import InLanguage, Tensor, Transform
from ..domains import not_empty, satisfies
from ..graph import np, pt
from . import _isometry
from ._isometry import collapse, spread
from ._shapes import has_elements, length


def _scaled(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """exp(z - max z), its sum, and max z; the maximum is a constant to derivatives, whatever it is."""
    from pytensor.gradient import disconnected_grad

    z = spread(x, length(x))
    largest = disconnected_grad(pt.max(z, axis=-1, keepdims=True))
    weights = pt.exp(z - largest)
    return weights, pt.sum(weights, axis=-1, keepdims=True), largest


def constrain(x: Tensor) -> Tensor:
    weights, total, _ = _scaled(x)
    return weights / total


def unconstrain(y: Tensor) -> Tensor:
    return collapse(pt.log(y), length(y))


def log_jacobian(x: Tensor) -> Tensor:
    _, total, largest = _scaled(x)
    size = length(x) + 1
    return 0.5 * float(np.log(size)) - size * (largest + pt.log(total))[..., 0]


def holds(y: Tensor) -> Tensor:
    return predicates.sums_to(y, 1) & pt.all(pt.ge(y, 0), axis=-1)


def problem(y: Any) -> str | None:
    y = np.asarray(y)
    total = np.sum(y, axis=-1)
    return problems.elements(y, y >= 0, "at least 0") or problems.rows(
        total, np.abs(total - 1) <= problems.TOLERANCE, "sum to one", "sum"
    )


HELPERS = (
    _isometry.IN_LANGUAGE
    + """
real log_simplex_(vector x) { return 0.5 * log(rows(x)) + sum(log(x)); }
"""
)

simplex = Transform(
    "simplex",
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
    finite_volume=True,
    coordinates=lambda shape: np.s_[:-1],
    domain=(not_empty("y"), satisfies("a simplex", holds, problem)),
    in_language=InLanguage(
        "vector[rows(x) + 1] y = softmax(spread_(x)); free(log_simplex_(y)); return y;",
        "return collapse_(log(x));",
        HELPERS,
    ),
)
