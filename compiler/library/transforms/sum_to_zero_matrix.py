"""sum_to_zero_matrix[M, N]: every row and every column sums to zero; an isometry along both axes.

Along each axis it is the vector's isometry with the first element moved to the end (and the sign changed,
which two axes undo).
"""

from __future__ import annotations

from typing import Any

from .. import predicates, problems
from ..definitions import InLanguage, Tensor, Transform
from ..domains import satisfies
from ..graph import np, pt
from . import _isometry
from ._isometry import collapse, spread
from ._shapes import columns_of, has_elements, stack_columns


def constrain(x: Tensor, *, shape: tuple[int, int]) -> Tensor:
    rows, columns = shape
    transposed = columns_of(x, rows - 1, columns - 1)  # (..., N-1, M-1)
    y = spread(spread(transposed, rows - 1).mT, columns - 1)
    y = pt.concatenate([y[..., 1:], y[..., :1]], axis=-1)
    return pt.concatenate([y[..., 1:, :], y[..., :1, :]], axis=-2)


def unconstrain(y: Tensor) -> Tensor:
    rows, columns = y.type.shape[-2:]
    y = pt.concatenate([y[..., -1:], y[..., :-1]], axis=-1)
    y = pt.concatenate([y[..., -1:, :], y[..., :-1, :]], axis=-2)
    return stack_columns(collapse(collapse(y, columns).mT, rows).mT)


def log_jacobian(x: Tensor, *, shape: tuple[int, int]) -> Tensor:
    return pt.zeros_like(x.sum(axis=-1))  # an isometry


def holds(y: Tensor) -> Tensor:
    return pt.all(predicates.sums_to(y, 0), axis=-1) & pt.all(predicates.sums_to(y.mT, 0), axis=-1)


def problem(y: Any) -> str | None:
    return _sums_problem(np.sum(y, axis=-1), "row") or _sums_problem(np.sum(y, axis=-2), "column")


def _sums_problem(sums: Any, of: str) -> str | None:
    return problems.rows(sums, np.abs(sums) <= problems.TOLERANCE, f"have {of}s that sum to zero", f"{of} sum")


sum_to_zero_matrix = Transform(
    "sum_to_zero_matrix",
    constrain,
    unconstrain,
    log_jacobian,
    problem,
    holds,
    constrained_core=2,
    unconstrained_core=1,
    sizes=has_elements,
    needs_elements=True,
    unconstrained_shape=lambda shape: ((shape[0] - 1) * (shape[1] - 1),),
    takes_shape=True,
    function_name="sum_to_zero",
    free_matrix_lacks=(1, 1),
    coordinates=None,
    domain=(satisfies("a matrix whose rows and columns sum to zero", holds, problem),),
    in_language=InLanguage(
        """
            int M = rows(x), N = cols(x);
            matrix[M + 1, N] y;
            matrix[M + 1, N + 1] z;
            for (j in 1:N) { vector[M + 1] v = spread_(x[:, j]); y[:, j] = append_row(v[2:], v[1]); }
            for (i in 1:M + 1) { vector[N + 1] v = spread_(y[i]'); z[i] = append_row(v[2:], v[1])'; }
            return z;""",
        """
            int M = rows(x), N = cols(x);
            matrix[M, N - 1] y;
            matrix[M - 1, N - 1] z;
            for (i in 1:M) y[i] = collapse_(append_row(x[i, N], x[i, :N - 1]'))';
            for (j in 1:N - 1) z[:, j] = collapse_(append_row(y[M, j], y[:M - 1, j]));
            return z;""",
        _isometry.IN_LANGUAGE,
    ),
)
