"""Which loops have independent iterations: decided on the actual elements they touch, not on their syntax.

While the body of a loop is lowered for all iterations at once, every read and write of a variable declared
outside the loop is recorded with the iteration that does it. Two iterations that touch the same element, at
least one of them writing, make the loop sequential; several that only add to it are a sum.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ..ir import Variable
    from .scope import Loop

NOBODY, SEVERAL = -1, -2


class Access(Enum):
    READ = "reads"
    WRITE = "writes"
    ADD = "adds to"


class Dependent(Exception):
    """The iterations of a loop depend on each other, or the loop needs more than batching can express.

    `variable` and `loop` say through what, where giving each iteration a copy of the variable may help.
    """

    variable: Variable | None = None
    loop: Loop | None = None


@dataclass
class Log:
    """Who touched each element of one variable, in one loop."""

    size: int
    touched: dict[Access, NDArray[np.int64]] = field(default_factory=dict)

    def copy(self) -> Log:
        """A log that can be written on without changing this one."""
        return Log(self.size, {access: who.copy() for access, who in self.touched.items()})

    def record(self, access: Access, elements: NDArray[np.int64], lanes: NDArray[np.int64]) -> None:
        """Note that iteration lanes[i] touches elements[i] (arrays that broadcast); raise Dependent on a conflict."""
        elements, lanes = np.broadcast_arrays(elements, lanes)
        elements, lanes = elements.ravel(), lanes.ravel()
        for other in Access:
            if other in self.touched and _conflict(access, other):
                previous = self.touched[other][elements]
                if ((previous != NOBODY) & (previous != lanes)).any():
                    raise Dependent("an iteration uses what another one writes")
        known = self.touched.setdefault(access, np.full(self.size, NOBODY))
        previous = known[elements]
        shared = elements[(previous != NOBODY) & (previous != lanes)]
        known[elements] = lanes
        clash = elements[known[elements] != lanes]
        if access is Access.WRITE and (len(clash) or len(shared)):
            raise Dependent("several iterations write the same element")
        known[clash] = SEVERAL
        known[shared] = SEVERAL


def _conflict(one: Access, other: Access) -> bool:
    return not (one is other is Access.READ or one is other is Access.ADD)
