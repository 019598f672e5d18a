"""The choices that make a random program; the number of the program decides them all."""

from __future__ import annotations

import random
from collections.abc import Sequence


class Choices:
    def __init__(self, number: int) -> None:
        self._random = random.Random(number)
        self._names = 0

    def any[T](self, options: Sequence[T]) -> T:
        return self._random.choice(options)

    def chance(self, p: float) -> bool:
        return self._random.random() < p

    def share(self) -> float:
        """A number between 0 and 1."""
        return self._random.random()

    def count(self, low: int, high: int) -> range:
        """So many times as chance says, `low` and `high` included."""
        return range(self._random.randint(low, high))

    def name(self, prefix: str) -> str:
        """A name that is not taken."""
        self._names += 1
        return f"{prefix}{self._names}"
