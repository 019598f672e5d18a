"""column_stochastic_matrix[M, N]: every column is a simplex; its free numbers stand one column after the other."""

from __future__ import annotations

from typing import Any

from ..definitions import InLanguage, Tensor, Transform
from ..domains import satisfies
from ..graph import np, pt
from . import simplex
from ._shapes import columns_of, has_elements, stack_columns


def constrain(x: Tensor, *, shape: tuple[int, int]) -> Tensor:
    rows, columns = shape
    return simplex.constrain(columns_of(x, rows - 1, columns)).mT


def unconstrain(y: Tensor) -> Tensor:
    return stack_columns(simplex.unconstrain(y.mT).mT)


def log_jacobian(x: Tensor, *, shape: tuple[int, int]) -> Tensor:
    rows, columns = shape
    return pt.sum(simplex.log_jacobian(columns_of(x, rows - 1, columns)), axis=-1)


def holds(y: Tensor) -> Tensor:
    return pt.all(simplex.holds(y.mT), axis=-1)


def problem(y: Any) -> str | None:
    return simplex.problem(np.swapaxes(y, -1, -2))


column_stochastic_matrix = Transform(
    "column_stochastic_matrix",
    constrain,
    unconstrain,
    log_jacobian,
    problem,
    holds,
    constrained_core=2,
    unconstrained_core=1,
    sizes=lambda shape: has_elements(shape) if shape[1] else None,
    needs_elements=True,
    unconstrained_shape=lambda shape: ((shape[0] - 1) * shape[1],),
    takes_shape=True,
    finite_volume=True,
    function_name="stochastic_column",
    free_matrix_lacks=(1, 0),
    coordinates=lambda shape: np.s_[:-1],
    domain=(satisfies("a matrix whose columns are simplexes", holds, problem),),
    in_language=InLanguage(
        """
            matrix[rows(x) + 1, cols(x)] y;
            for (j in 1:cols(x)) { y[:, j] = softmax(spread_(x[:, j])); free(log_simplex_(y[:, j])); }
            return y;""",
        """
            matrix[rows(x) - 1, cols(x)] y;
            for (j in 1:cols(x)) y[:, j] = collapse_(log(x[:, j]));
            return y;""",
        simplex.HELPERS,
    ),
)
