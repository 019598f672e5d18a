"""cholesky_factor_cov[M, N]: lower triangular with a positive diagonal, filled row by row, the diagonal through exp."""

from __future__ import annotations

from functools import cache
from typing import Any

from .. import predicates, problems
from ..definitions import Condition, InLanguage, Tensor, Transform
from ..domains import satisfies
from ..graph import np, pt
from ._triangle import fill, take


@cache
def places(rows: int, columns: int) -> tuple[Any, Any, Any]:
    """Rows and columns of the free entries in order, and where among them the diagonal stands."""
    i, j = np.tril_indices(rows, 0, columns)
    return i, j, np.flatnonzero(i == j)


def constrain(x: Tensor, *, shape: tuple[int, int]) -> Tensor:
    rows, columns, diagonal = places(*shape)
    return fill(pt.set_subtensor(x[..., diagonal], pt.exp(x[..., diagonal])), rows, columns, shape)


def unconstrain(y: Tensor) -> Tensor:
    rows, columns, diagonal = places(*y.type.shape[-2:])
    x = take(y, rows, columns)
    return pt.set_subtensor(x[..., diagonal], pt.log(x[..., diagonal]))


def log_jacobian(x: Tensor, *, shape: tuple[int, int]) -> Tensor:
    _, _, diagonal = places(*shape)
    return pt.sum(x[..., diagonal], axis=-1)


def holds(y: Tensor) -> Tensor:
    return predicates.lower_triangular(y)


def problem(y: Any) -> str | None:
    return problems.lower_triangular(y)


def free_count(shape: tuple[int, ...]) -> tuple[int, ...]:
    rows, columns = shape
    return (columns * (columns + 1) // 2 + (rows - columns) * columns,)


def _sizes(shape: tuple[int, ...]) -> str | None:
    rows, columns = shape
    return None if rows >= columns else f"must have as many rows as columns, or more, but has {rows} and {columns}"


def _are_as_many(rows: Tensor, columns: Tensor) -> Tensor:
    return pt.ge(rows, columns)


def _are_enough(x: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    return pt.eq(x.shape[-1], *free_count((rows, columns)))


HELPERS = """
matrix triangle_(vector x, int M, int N) {
  matrix[M, N] L = rep_matrix(0, M, N);
  int at = 0;
  for (i in 1:M) for (j in 1:min(i, N)) {
    at += 1;
    L[i, j] = i == j ? exp(x[at]) : x[at];
  }
  return L;
}
real log_diagonal_(vector x, int M, int N, int more) {
  real total = 0;
  int at = 0;
  for (i in 1:M) for (j in 1:min(i, N)) {
    at += 1;
    if (i == j) total += (more ? N - i + 2 : 1) * x[at];
  }
  return total;
}
vector free_triangle_(matrix L) {
  int M = rows(L), N = cols(L);
  vector[(N * (N + 1)) %/% 2 + (M - N) * N] x;
  int at = 0;
  for (i in 1:M) for (j in 1:min(i, N)) {
    at += 1;
    x[at] = i == j ? log(L[i, j]) : L[i, j];
  }
  return x;
}
"""

cholesky_factor_cov = Transform(
    "cholesky_factor_cov",
    constrain,
    unconstrain,
    log_jacobian,
    problem,
    holds,
    constrained_core=2,
    unconstrained_core=1,
    unconstrained_shape=free_count,
    takes_shape=True,
    sizes=_sizes,
    needs_elements=True,
    size_counts=(1, 2),
    coordinates=lambda shape: places(*shape)[:2],
    free_domain=(
        Condition(("M", "N"), "be at least N", _are_as_many, nan=False),
        Condition(("x", "M", "N"), "have N (N + 1) / 2 + (M - N) N elements", _are_enough, nan=False),
    ),
    domain=(satisfies("a Cholesky factor", holds, problem),),
    in_language=InLanguage(
        "free(log_diagonal_(x, K, N, 0)); return triangle_(x, K, N);",
        "return free_triangle_(x);",
        HELPERS,
    ),
)
