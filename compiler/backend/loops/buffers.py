"""The memory of arrays that a schedule stores: given buffers, local arrays, and what shares them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import prod

from ..arrays import Array, CallOutput, Index, Source, Update, linear, operands_of
from ..schedule import Schedule, walk


class Buffers:
    """Where arrays stand; local arrays come into being when they are first asked for."""

    def __init__(self, schedule: Schedule, given: dict[int, Source], wanted: Sequence[Array]) -> None:
        self.schedule, self.wanted = schedule, wanted
        self.known = given
        self.locals: dict[str, tuple[str, int]] = {}  # name -> (type, size)
        self.read: set[str] = set()  # names of buffers that somebody reads
        self.block = Index()  # which block of rows the loops are at
        self.side_by_side = self._written_side_by_side()
        self.in_place = self._share_in_place()

    def _written_side_by_side(self) -> dict[int, int]:
        """How many iterations' worth of memory an array needs that is used up in one, where there are several."""
        return {
            id(statement.array): path[0].together
            for statement, path in walk(self.schedule.tree)
            if path and path[0].together > 1 and self.schedule.contracted.get(id(statement.array), 0)
        }

    def _share_in_place(self) -> set[int]:
        """An Update writes into its base's memory when nobody else reads the base; these updates, by id."""
        readers = self._readers()
        wanted = set(map(id, self.wanted))
        in_place: set[int] = set()
        for array in self.schedule.stored.values():
            if not isinstance(array, Update) or array.base is None or array.base.size != array.size:
                continue
            base = id(array.base)
            elsewhere = base in self.known or base in wanted or readers[base] > 1
            if isinstance(array.base, Update | CallOutput) and not elsewhere:
                in_place.add(id(array))
                self.known[base] = self.of(array)
        return in_place

    def _readers(self) -> Counter[int]:
        """How many arrays are computed from each."""
        readers: Counter[int] = Counter()
        seen: set[int] = set()
        waiting: list[Array] = [*self.schedule.stored.values(), *self.wanted]
        while waiting:
            array = waiting.pop()
            if id(array) not in seen:
                seen.add(id(array))
                readers.update(map(id, operands_of(array)))
                waiting += operands_of(array)
        return readers

    def of(self, array: Array) -> Source:
        """The memory of a stored array."""
        if isinstance(array, Source):
            return array
        found = self.known.get(id(array))
        if found is None:
            name = f"w{len(self.locals)}"
            dropped = self.schedule.contracted.get(id(array), 0)
            times = self.side_by_side.get(id(array), 1)
            rows = self._rows(array)
            size = rows * prod(array.shape[1:]) if rows else times * prod(array.shape[dropped:])
            self.locals[name] = (array.storage, max(size, 1))
            found = self.known[id(array)] = Source(array.shape, array.kind, name)
        return found

    def _rows(self, array: Array) -> int:
        """How many rows an array has memory for, if those of a block are enough."""
        block = self.schedule.blocked.get(id(array))
        return block.rows if block else 0

    def offset(self, array: Array, index: tuple[Index, ...]) -> Index:
        """Where an element stands in its array's buffer."""
        buffer = self.of(array)
        if rows := self._rows(array):
            return linear((index[0] + self.block * -rows, *index[1:]), array.shape)
        dropped = self.schedule.contracted.get(id(array), 0)
        lane = index[0].constant % self.side_by_side[id(array)] if id(array) in self.side_by_side else 0
        start = Index(buffer.offset + lane * prod(array.shape[dropped:]))
        return linear(index[dropped:], array.shape[dropped:]) + start

    def whole(self, array: Array) -> str:
        """All of an array, as the argument of a call."""
        buffer = self.of(array)
        return f"{buffer.buffer}[{buffer.offset}:]" if buffer.offset else buffer.buffer
