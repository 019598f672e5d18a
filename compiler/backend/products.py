"""Sums of logarithms as logarithms of products: how many factors are multiplied before a logarithm is taken."""

from __future__ import annotations

from .arrays import Reduction
from .schedule import Group

LOGS = 512  # factors between 1/2 and 2 whose product is sure to be a number


def rounds_between_logs(group: Group, rounds: int) -> int:
    """How many of a loop's rounds go into one product: whole vectors where possible, and no odd ones at the end."""
    factors = _factors(group) * group.together
    if not factors or not rounds:
        return max(rounds, 1)
    most = max(LOGS // factors, 1)
    even = (number for number in range(most - most % 32, most // 2, -32) if rounds % number == 0)
    return min(rounds, next(even, most))


def _factors(group: Group) -> int:
    """How many factors one iteration adds to a product, but for those of loops inside."""
    total = 0
    for child in group.children:
        if isinstance(child, Group):
            total += child.size * _factors(child) if child.unrolled else 0
        elif isinstance(child.array, Reduction) and child.array.operation == "logs":
            total += 1
    return total
