"""The results of a block in one draw, as rows of numbers: one of reals, one of integers, one of complex numbers.

However many results there are, the compiled code is given three addresses only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from .values import Kind, Slot

type Shape = tuple[int, ...]
KINDS: dict[Kind, str] = {"f": "floats", "i": "ints", "c": "complexs"}  # the rows, by the kind of number


@dataclass(frozen=True, slots=True)
class Place:
    """Where the numbers of one result stand in their row."""

    slot: Slot
    shape: Shape
    start: int

    @property
    def stop(self) -> int:
        return self.start + math.prod(self.shape)

    def line(self, value: str) -> str:
        """The statement that puts a value there."""
        row = f"_{KINDS[self.slot.kind]}"
        return f"{row}[{self.start}:{self.stop}] = {value}.flat" if self.slot.rank else f"{row}[{self.start}] = {value}"

    def taken(self, rows: NDArray[Any]) -> NDArray[Any]:
        """The result in each of these rows."""
        return rows[:, self.start : self.stop].reshape(len(rows), *self.shape)


def placed(results: Iterable[tuple[Slot, Shape]]) -> list[Place]:
    """The results side by side."""
    width = dict.fromkeys(KINDS, 0)
    places = []
    for slot, shape in results:
        places.append(Place(slot, shape, width[slot.kind]))
        width[slot.kind] += math.prod(shape)
    return places


def widths(places: Sequence[Place]) -> dict[Kind, int]:
    """How long the rows are."""
    return {kind: max((place.stop for place in places if place.slot.kind == kind), default=0) for kind in KINDS}
