"""PyTensor's rules about products and sums, in whose place ours stand."""

from __future__ import annotations

from functools import cache

from pytensor.compile.mode import optdb

from .canonical import products, sums
from .distribution import distribution
from .sigmoids_of_exponentials import sigmoids_of_exponentials

REPLACED = ("local_mul_canonizer", "local_add_canonizer", "local_greedy_distributor", "local_sigm_times_exp")
NAMES = ("canonical_products", "canonical_sums", "distribution", "sigmoids_of_exponentials")


@cache
def register() -> None:
    """Let PyTensor know ours under names of their own, which only a query that includes them finds."""
    optdb["canonicalize"].register("canonical_products", products)
    optdb["canonicalize"].register("canonical_sums", sums)
    for stage in ("canonicalize", "stabilize"):
        optdb[stage].register("distribution", distribution)
    optdb["stabilize"].register("sigmoids_of_exponentials", sigmoids_of_exponentials)
