"""Many terms added up by group, in several copies of the sums: x[group[n]] += v[n] for n = 0, 1, 2, ...

An addition to memory has to wait for the one before it where both are to the same group, some nine cycles, and data are
often sorted by group. Neighbouring terms therefore go to copies of their own, which are added up in the end.
"""

from __future__ import annotations

from math import prod

from ..arrays import Array, Constant, Index, Part, Reduction, Reindex, Shape, Update, is_zero, variable
from .elementwise import elementwise

COPIES = 4
TERMS = 8  # of each sum, on average, below which filling and adding up the copies is not worth it
LARGEST = 1024  # sums, whose copies still live on the stack and in the first level of the cache


def worth_copies(target: Shape, part: Part) -> bool:
    """Whether the part adds a long row of numbers to few sums, known by number."""
    by_group = any(isinstance(entry, tuple) for entry in part.index)
    size = prod(target)
    return part.add and by_group and len(part.value.shape) == 1 and size <= min(LARGEST, part.value.size // TERMS)


def added_in_copies(base: Array, part: Part) -> Array:
    """The base with the part's values added."""
    each = part.value.size // COPIES
    shape, kind = (COPIES, *base.shape), base.kind
    sums = Update(shape, kind, Constant(shape, kind, 0.0 if kind == "float" else 0), (_neighbours(part, each),))
    axes = tuple(range(1, len(shape)))
    total: Array = Reduction(base.shape, kind, "sum", sums, (0,), (*axes, 0))
    if not is_zero(base):
        total = elementwise("{0} + {1}", kind, 1, base, total)
    rest = part.value.size % COPIES
    if rest:
        total = Update(base.shape, kind, total, (_moved(part, (rest,), variable(0) + Index(each * COPIES)),))
    return total


def _neighbours(part: Part, each: int) -> Part:
    """The same, with the copy as the first axis of the target and the second of the value."""
    moved = _moved(part, (each, COPIES), variable(0) * COPIES + variable(1))
    return Part(moved.value, (variable(1), *moved.index), True)


def _moved(part: Part, shape: Shape, place: Index) -> Part:
    """The values at `place` alone, which is written in axis numbers of the new shape."""
    at = (place,)
    entries = (
        entry.substitute(at) if isinstance(entry, Index) else (entry[0], tuple(one.substitute(at) for one in entry[1]))
        for entry in part.index
    )
    return Part(Reindex(shape, part.value.kind, part.value, at), tuple(entries), True)
