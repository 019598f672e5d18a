"""A normal approximation on unconstrained space and the state of its optimiser, as plain arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pplc.runtime.streams import Stream, new_stream

Vector = NDArray[np.float64]  # shape (size,)
Rows = NDArray[np.float64]
Record = NDArray[np.void]  # shape (1,)

SCALARS = np.dtype(
    [
        ("iteration", np.int64),
        ("gradients", np.int64),  # evaluations of the density so far
        ("rate", np.float64),  # Adam's step, in units of the approximation's own scales
        ("adam_count", np.float64),  # iterations since the last change of the rate
        ("window_count", np.int64),  # iterations in the present window, and the running mean of their objective
        ("window_mean", np.float64),
        ("window_square", np.float64),
        ("previous_mean", np.float64),  # of the window before; nan if there is none
        ("previous_error", np.float64),
        ("converged", np.bool_),
    ],
    align=True,
)

PLAN = np.dtype(
    [
        ("samples", np.int64),  # draws per iteration
        ("window", np.int64),  # iterations whose objectives are compared with those of the window before
        ("tolerance", np.float64),
        ("last_rate", np.float64),  # the optimiser stops when the rate falls below it
        ("rate_factor", np.float64),
    ],
    align=True,
)

STATISTICS = np.dtype([("lp", np.float64), ("log_q", np.float64)])


class Approximation(NamedTuple):
    """position = mean + L noise, with L lower triangular, its diagonal exp(log_scale) and the rest `factor`."""

    scalars: Record
    random: Stream
    mean: Vector
    log_scale: Vector
    factor: Rows  # (size, size), strictly lower triangle in use; (0, 0) if mean-field
    gradient: Rows  # (2, size): of mean and log_scale
    factor_gradient: Rows
    moments: Rows  # (4, size): Adam's first and second moments of mean, then of log_scale
    factor_moments: NDArray[np.float64]  # (2, size, size)
    average: Rows  # (2, size): of mean and log_scale over the present window
    factor_average: Rows
    work: Rows  # (6, size); the last row is the last position inside the support


def new_approximation(mean: Vector, factor: NDArray[np.float64], seed: int, chain: int, rate: float) -> Approximation:
    """A normal with mean `mean` and, as lower triangular factor of its covariance, `factor`: a matrix, or its diagonal
    alone, shape (size,), for a mean-field approximation."""
    size = len(mean)
    square = size if factor.ndim == 2 else 0
    scalars = np.zeros(1, SCALARS)
    scalars["rate"] = rate
    scalars["previous_mean"] = np.nan
    return Approximation(
        scalars=scalars,
        random=new_stream(seed, chain),
        mean=np.array(mean),
        log_scale=np.log(np.diag(factor) if square else factor),
        factor=np.tril(factor, -1) if square else np.zeros((0, 0)),
        gradient=np.zeros((2, size)),
        factor_gradient=np.zeros((square, square)),
        moments=np.zeros((4, size)),
        factor_moments=np.zeros((2, square, square)),
        average=np.zeros((2, size)),
        factor_average=np.zeros((square, square)),
        work=np.tile(mean, (6, 1)),
    )
