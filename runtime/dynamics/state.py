"""The numbers a Markov chain carries: plain arrays, so that a chain can be saved, moved and continued.

Nothing here imports Numba; the kernels in this folder receive these named tuples as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pplc.runtime.streams import Stream, new_stream

Vector = NDArray[np.float64]  # shape (width,)
Rows = NDArray[np.float64]  # shape (rows, width)
Record = NDArray[np.void]  # shape (1,): one structured value that compiled code can write to

BACKWARD, FORWARD = range(2)

# Places in `Trajectory.place`: which rows of `position`, `gradient` and `facts` are what. Between transitions all but
# the current one are free.
CURRENT, PROPOSAL, FREE, AHEAD = range(4)  # AHEAD + direction: where the next step in this direction ends

# Places in `Trajectory.between`: which rows of `midway` are what. It begins with those after each of the next eight
# points.
EDGE = 8  # EDGE + direction: beyond the trajectory's end
MIDDLE = 10  # between the points of a trajectory of four, in the order of time; the second of these in one of two

LINE = 8  # numbers in a cache line

REFUSED = 8  # points without a finite log density that are kept, to tell the reason afterwards

# Kinds of metric.
DIAGONAL, DENSE = range(2)

SCALARS = np.dtype(
    [
        ("size", np.int64),  # of the position; vectors are longer, see `new_chain`
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
    scale: Vector  # the diagonal F; 1 in the padding
    factor: Rows  # the dense F, lower triangular; shape (0, 0) if diagonal
    work: Rows  # shape (1, width) if dense


class Moments(NamedTuple):
    """Running estimates of means and variances (Welford), for a metric."""

    draw_mean: Rows  # shape (2, width): the estimate in use and the next one
    draw_square: Rows  # sums of squared deviations
    gradient_mean: Rows
    gradient_square: Rows
    covariance: Rows  # (size, size) sum of outer products if dense, else (0, 0)
    deviation: Vector


class Trajectory(NamedTuple):
    """Buffers of a transition; the integrator writes into them directly and rows change places, not contents.

    Momenta are known in the middle of steps. At a point, the sum of those before and after it is twice its momentum.
    """

    position: Rows  # shape (5, width)
    gradient: Rows  # shape (5, width)
    facts: Rows  # shape (5, 3): log density, energy, place on the trajectory
    place: NDArray[np.int64]  # shape (5,): which of these rows are what, see above
    midway: Rows  # shape (13, width): momenta in the middle of steps
    between: NDArray[np.int64]  # shape (13,): which of these rows are what, see above
    # Doubled momenta at the first and the last point of subtrees that wait for a neighbour, and their sum over all.
    # What follows those of the subtrees is the trajectory's: its ends in `last`, its sum in `total`.
    first: Rows  # shape (levels, width)
    last: Rows  # shape (levels + 2, width)
    total: Rows  # shape (levels + 1, width)
    ends: NDArray[np.int64]  # shape (levels + 2,): which rows of `last` are whose


class Chain(NamedTuple):
    """A chain between two transitions."""

    scalars: Record
    random: Stream
    metric: Metric
    moments: Moments
    trajectory: Trajectory
    refused: Rows  # shape (REFUSED, size): where the last of those points were that have no finite log density


def new_chain(size: int, seed: int, chain: int, max_depth: int, dense: bool) -> Chain:
    """A chain with room for trees of `max_depth` doublings; its randomness depends on (seed, chain) only.

    Vectors are rows of one array, padded with zeros: loops over them have no remainder, and start where a cache line
    does. Beyond a few lines their number is odd, lest rows compete for the same places in the cache.
    """
    scalars = np.zeros(1, SCALARS)
    scalars["size"], scalars["log_density"] = size, np.nan
    square = (size, size) if dense else (0, 0)
    lines = -(-size // LINE)
    width = LINE * (lines | 1 if lines > 8 else lines)
    levels = max(max_depth - 3, 1)  # the largest subtree joins a trajectory of its size, the smallest has eight points
    heights = {"position": 5, "gradient": 5, "midway": 13, "first": levels, "last": levels + 2, "total": levels + 1,
               "scale": 1, "work": int(dense), "moments": 8, "deviation": 1}  # fmt: skip
    rows = _divided(heights, width)
    rows["scale"][:] = 1.0
    return Chain(
        scalars=scalars,
        random=new_stream(seed, chain),
        metric=Metric(np.array([DENSE if dense else DIAGONAL]), rows["scale"][0], np.zeros(square), rows["work"]),
        moments=Moments(
            draw_mean=rows["moments"][0:2],
            draw_square=rows["moments"][2:4],
            gradient_mean=rows["moments"][4:6],
            gradient_square=rows["moments"][6:8],
            covariance=np.zeros(square),
            deviation=rows["deviation"][0],
        ),
        trajectory=Trajectory(
            rows["position"],
            rows["gradient"],
            np.zeros((5, 3)),
            np.arange(5),
            rows["midway"],
            np.arange(13),
            rows["first"],
            rows["last"],
            rows["total"],
            np.arange(levels + 2),
        ),
        refused=np.zeros((REFUSED, size)),
    )


def _divided(heights: Mapping[str, int], width: int) -> dict[str, Rows]:
    """Arrays of so many rows each, one after another in memory that begins with a cache line."""
    total = sum(heights.values()) * width
    block = np.zeros(total + LINE)
    start = -(block.ctypes.data // 8) % LINE
    found = {}
    for name, height in heights.items():
        found[name] = block[start : start + height * width].reshape(height, width)
        start += height * width
    return found
