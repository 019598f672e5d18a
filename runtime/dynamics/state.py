"""The numbers a Markov chain carries: plain arrays, so that a chain can be saved, moved and continued.

Nothing here imports Numba; the kernels in this folder receive these named tuples as they are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]  # shape (size,)
Rows = NDArray[np.float64]  # shape (rows, size)
Record = NDArray[np.void]  # shape (1,): one structured value that compiled code can write to

# Rows of `Chain.position` and `Chain.gradient`.
BACKWARD, FORWARD, PROPOSAL, CURRENT = range(4)

REFUSED = 8  # points without a finite log density that are kept, to tell the reason afterwards

# Kinds of metric.
DIAGONAL, DENSE = range(2)

SCALARS = np.dtype(
    [
        ("iteration", np.int64),  # transitions done, warmup included
        ("divergences", np.int64),  # after warmup
        ("refused", np.int64),  # of these, the ones where the log density was not finite
        ("gradients", np.int64),  # evaluations of the density so far
        ("log_density", np.float64),  # at the current position
        ("step_size", np.float64),  # the one in use
        ("tuned_step_size", np.float64),  # dual averaging's mean: what sampling will use
        ("log_step", np.float64),  # dual averaging: iterate, mean of iterates, centre, mean error, count
        ("log_step_mean", np.float64),
        ("log_step_centre", np.float64),
        ("acceptance_error", np.float64),
        ("step_count", np.float64),
        ("foreground", np.float64),  # draws in the two running estimates of variance
        ("background", np.float64),
        ("metric_updates", np.int64),
        ("window_end", np.int64),  # where the present window of adaptation closes
        ("window_size", np.int64),
    ],
    align=True,
)

# What is kept of every draw; the names are ArviZ's.
STATISTICS = np.dtype(
    [
        ("lp", np.float64),
        ("energy", np.float64),
        ("acceptance_rate", np.float64),
        ("step_size", np.float64),
        ("tree_depth", np.int64),
        ("n_steps", np.int64),
        ("diverging", np.bool_),
    ],
    align=True,
)


class Metric(NamedTuple):
    """A linear map F with F F' = inverse mass matrix; momenta are kept whitened, so only F knows the metric.

    With position q and momentum p ~ normal(0, I): dq/dt = F p and dp/dt = F' gradient. Kinetic energies and
    U-turn checks are then plain dot products of p whatever the metric is.
    """

    kind: NDArray[np.int64]  # shape (1,): DIAGONAL or DENSE
    scale: Vector  # the diagonal F
    factor: Rows  # the dense F, lower triangular; shape (0, 0) if diagonal
    work: Rows  # shape (2, size) if dense


class Moments(NamedTuple):
    """Running estimates of means and variances (Welford), for a metric."""

    draw_mean: Rows  # shape (2, size): the estimate in use and the next one
    draw_square: Rows  # sums of squared deviations
    gradient_mean: Rows
    gradient_square: Rows
    covariance: Rows  # (size, size) sum of outer products if dense, else (0, 0)
    deviation: Vector


class Trajectory(NamedTuple):
    """Buffers of a transition; the integrator writes into them directly and rows are swapped, not copied."""

    position: Rows  # shape (4, size), rows as named above
    gradient: Rows
    momentum: Rows  # shape (2 * depth + 4, size)
    total: Rows  # shape (depth + 2, size): summed momenta of pending subtrees; the last row is the trajectory's
    slot: NDArray[np.int64]  # which rows of `momentum` hold the ends of subtrees, a spare one and the two edges


class Chain(NamedTuple):
    """A chain between two transitions."""

    scalars: Record
    random: NDArray[np.uint64]  # shape (4,): see `generator`
    metric: Metric
    moments: Moments
    trajectory: Trajectory
    refused: Rows  # shape (REFUSED, size): where the last of those points were that have no finite log density


def new_chain(size: int, seed: int, chain: int, max_depth: int, dense: bool) -> Chain:
    """A chain with room for trees of `max_depth` doublings; its randomness depends on (seed, chain) only."""
    scalars = np.zeros(1, SCALARS)
    scalars["log_density"] = np.nan
    square = (size, size) if dense else (0, 0)
    return Chain(
        scalars=scalars,
        random=np.random.SeedSequence(seed, spawn_key=(chain,)).generate_state(4, np.uint64),
        metric=Metric(
            np.array([DENSE if dense else DIAGONAL]), np.ones(size), np.zeros(square), np.zeros((2 * dense, size))
        ),
        moments=Moments(*(np.zeros((2, size)) for _ in range(4)), np.zeros(square), np.zeros(size)),
        trajectory=Trajectory(
            np.zeros((4, size)),
            np.zeros((4, size)),
            np.zeros((2 * max_depth + 5, size)),
            np.zeros((max_depth + 2, size)),
            np.zeros(max_depth + 4, np.int64),
        ),
        refused=np.zeros((REFUSED, size)),
    )
