"""row_stochastic_matrix[M, N]: every row is a simplex; the free numbers are an M x (N-1) matrix, column by column."""

from __future__ import annotations

from typing import Any

from ..definitions import InLanguage, Tensor, Transform
from ..domains import satisfies
from ..graph import np, pt
from . import simplex
from ._shapes import columns_of, has_elements, stack_columns


def constrain(x: Tensor, *, shape: tuple[int, int]) -> Tensor:
    rows, columns = shape
    return simplex.constrain(columns_of(x, rows, columns - 1).mT)


def unconstrain(y: Tensor) -> Tensor:
    return stack_columns(simplex.unconstrain(y))


def log_jacobian(x: Tensor, *, shape: tuple[int, int]) -> Tensor:
    rows, columns = shape
    return pt.sum(simplex.log_jacobian(columns_of(x, rows, columns - 1).mT), axis=-1)


def holds(y: Tensor) -> Tensor:
    return pt.all(simplex.holds(y), axis=-1)


def problem(y: Any) -> str | None:
    return simplex.problem(y)


row_stochastic_matrix = Transform(
    "row_stochastic_matrix",
    constrain,
    unconstrain,
    log_jacobian,
    problem,
    holds,
    constrained_core=2,
    unconstrained_core=1,
    sizes=lambda shape: has_elements(shape) if shape[0] else None,
    needs_elements=True,
    unconstrained_shape=lambda shape: (shape[0] * (shape[1] - 1),),
    takes_shape=True,
    finite_volume=True,
    function_name="stochastic_row",
    free_matrix_lacks=(0, 1),
    coordinates=lambda shape: np.s_[:, :-1],
    domain=(satisfies("a matrix whose rows are simplexes", holds, problem),),
    in_language=InLanguage(
        """
            matrix[rows(x), cols(x) + 1] y;
            for (i in 1:rows(x)) { y[i] = softmax(spread_(x[i]'))'; free(log_simplex_(y[i]')); }
            return y;""",
        """
            matrix[rows(x), cols(x) - 1] y;
            for (i in 1:rows(x)) y[i] = collapse_(log(x[i]'))';
            return y;""",
        simplex.HELPERS,
    ),
)
