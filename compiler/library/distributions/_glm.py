"""Generalised linear models: the predictors x beta + alpha, then the density of one outcome each.

The vectorised axis runs over the rows of x, so that every outcome keeps its own term and the terms fuse with
their sum; a row_vector x, a scalar alpha and a scalar outcome hold for all of them.
"""

from __future__ import annotations

from ..definitions import Parameter, Tensor
from ..graph import pt
from ..supports import Location, Real, Vector

X = Parameter("x", Vector(Real(finite=True)))
ALPHA = Parameter("alpha", Location())
BETA = Parameter("beta", Vector(Location()), vectorised=False)


def signatures(outcome: str, *, before: str = "", after: str = "") -> tuple[str, ...]:
    """The overloads: one outcome or one row of x may stand for many, not both."""
    many = f"array[] {outcome}" if outcome == "int" else "vector"
    rest = f"real|vector, vector{after}) => real"
    return f"({outcome}{before}, matrix, {rest}", f"({many}{before}, row_vector|matrix, {rest}"


def linear(x: Tensor, alpha: Tensor, beta: Tensor) -> Tensor:
    """x beta + alpha for each row of x; beta has as many leading axes as x, some of length one."""
    return alpha + rows_times(x, beta)


def rows_times(x: Tensor, beta: Tensor) -> Tensor:
    """x beta: one product with a matrix where the rows of x, or beta, are shared by all batch positions."""
    if x.ndim == 1:
        return pt.dot(x, beta)
    if x.ndim == 2:  # (N, P) by (1, P), the vectorised axis alone; or a batch of single rows
        return pt.dot(x, beta[0]) if beta.type.shape[0] == 1 else pt.sum(x * beta, axis=-1)
    if x.type.shape[0] == 1 and beta.type.shape[1] == 1:  # one matrix, many beta
        return pt.dot(beta[:, 0], x[0].T)
    if beta.type.shape[:2] == (1, 1):
        return pt.tensordot(x, beta[0, 0], axes=1)
    return pt.sum(x * beta, axis=-1)


def row_times(x, alpha, beta):
    """The predictor of one row, for draws (compiled by Numba)."""
    total = alpha
    for k in range(x.shape[0]):
        total += x[k] * beta[k]
    return total
