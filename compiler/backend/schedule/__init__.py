"""Which arrays get memory, and which loops run together.

A *statement* fills one array (or one part of it) by a nest of loops. What is computed and used in one iteration of a
common loop never touches memory. `plan` decides; the other files hold its parts.
"""

from .blocks import Data, is_beyond_cache
from .elements import NotAffine, covering_part, reshaped_index, resolve_entry, taken_index, trimmed
from .statements import Statement
from .storage import Schedule, plan
from .tree import Blocks, Group, Node, walk
from .unrolling import LONG_LOOP, UNROLL_INNER, UNROLL_SUMS, UNROLL_TOTAL

__all__ = [
    "LONG_LOOP",
    "UNROLL_INNER",
    "UNROLL_SUMS",
    "UNROLL_TOTAL",
    "Blocks",
    "Data",
    "Group",
    "Node",
    "NotAffine",
    "Schedule",
    "Statement",
    "covering_part",
    "is_beyond_cache",
    "plan",
    "reshaped_index",
    "resolve_entry",
    "taken_index",
    "trimmed",
    "walk",
]
