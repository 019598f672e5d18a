"""Terms that many densities share."""

from __future__ import annotations

import math

from ..definitions import Tensor
from ..elementary import log_beta, log_gamma
from ..graph import pt

LOG_2 = math.log(2)
LOG_PI = math.log(math.pi)
LOG_2PI = math.log(2 * math.pi)
HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)
INFINITY = float("inf")
NAN = float("nan")


def times_log(a: Tensor, x: Tensor) -> Tensor:
    """a * log(x) with 0 * log(0) = 0; there the gradient is zero, not nan."""
    both_zero = pt.and_(pt.eq(a, 0), pt.eq(x, 0))
    return a * pt.log(pt.switch(both_zero, 1.0, x))


def still_at_zero(x: Tensor) -> Tensor:
    """x, which does not move where it is 0, as with no exposure: log(x) has an infinite slope there.

    That times 0 would be the slope of a mixture of which it is a component.
    """
    return pt.switch(pt.eq(x, 0), 0.0, x)


def log_binomial(n: Tensor, k: Tensor) -> Tensor:
    """log(n choose k), without the cancellation of three large logarithms."""
    some = pt.and_(pt.gt(k, 0), pt.lt(k, n))
    return pt.switch(some, -pt.log1p(n) - log_beta(pt.maximum(n - k, 0) + 1, k + 1), 0.0)


def log1mexp_of_exp(x: Tensor) -> Tensor:
    """log(1 - exp(-exp(x))), which is x far to the left and 0 far to the right, with those slopes."""
    left = pt.lt(x, -37)
    return pt.switch(left, x, pt.log1mexp(-pt.exp(pt.switch(left, 0.0, pt.minimum(x, 700.0)))))


def within(inside: Tensor, log_density: Tensor) -> Tensor:
    """`log_density` where `inside` holds, -inf elsewhere."""
    return pt.switch(inside, log_density, -INFINITY)


def pick(table: Tensor, position: Tensor) -> Tensor:
    """table[..., position]: for each leading index the element of the last axis at its position, counted from 0."""
    if table.type.shape[-1] == 0:  # the caller knows that no position is possible
        return pt.sum(table, axis=-1) + NAN * position
    leading = table.type.shape[:-1]
    if all(length == 1 for length in leading):
        return pt.flatten(table)[position]
    axes = range(len(leading))
    rows = [pt.expand_dims(pt.arange(table.shape[i]), [j for j in axes if j != i]) for i in axes]
    return table[(*rows, position)]


def between_cuts(cuts: Tensor, k: Tensor) -> tuple[Tensor, Tensor]:
    """The cut points below and above category k = 1 ... K; below the first is -inf, above the last inf."""
    edge = pt.full_like(pt.sum(cuts, axis=-1, keepdims=True), INFINITY)
    edges = pt.concatenate([-edge, cuts, edge], axis=-1)
    k = pt.clip(k, 1, cuts.shape[-1] + 1)
    return pick(edges, k - 1), pick(edges, k)


def log_orderings(n: Tensor) -> Tensor:
    """log(N! / (n_1! n_2! ...)): in how many orders counts n, with sum N, can arise."""
    return log_gamma(pt.sum(n, axis=-1) + 1) - pt.sum(log_gamma(n + 1), axis=-1)
