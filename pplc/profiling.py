"""Times of `profile` sections: the density terms of each are compiled on their own and timed.

The density is one function in which the compiler mixes statements, so a section cannot be timed inside it. What
sections share (a transformed parameter, say) counts in each that needs it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pplc.compiler import ir
from pplc.runtime.contract import DENSITY_TYPE

if TYPE_CHECKING:
    from .model import Model

ENOUGH = 0.05  # seconds that a measurement takes


@dataclass(frozen=True, slots=True)
class Section:
    """One label: how many terms of the density stand in its sections, and the time of one gradient of them.

    `seconds` is None where there are none: assignments alone cannot be timed apart from their uses.
    """

    label: str
    terms: int
    seconds: float | None


def section_times(model: Model, position: NDArray[np.float64]) -> list[Section]:
    """Every label of the transformed parameters and the model, in order of appearance."""
    position = np.ascontiguousarray(position)
    found = sections_of(model.program)
    return [_timed(model, label, sections, position) for label, sections in found.items()]


def sections_of(program: ir.Program) -> dict[str, list[ir.Profile]]:
    """The `profile` statements of the density by label."""
    from pplc.compiler.walk import nodes

    found: dict[str, list[ir.Profile]] = {}
    for node in nodes(program.transformed_parameters + program.model):
        if isinstance(node, ir.Profile):
            found.setdefault(node.label, []).append(node)
    return found


def _timed(model: Model, label: str, sections: list[ir.Profile], position: NDArray[np.float64]) -> Section:
    from pplc.compiler.backend.density import compile_log_density
    from pplc.compiler.library.graph import added
    from pplc.compiler.lower.program import total

    lowered = model.lowered
    spans = [section.span for section in sections]
    inside = [t for t in lowered.terms if any(s.start <= t.span.start and t.span.end <= s.end for s in spans)]
    if not inside:
        return Section(label, 0, None)
    graph = added([total(term, lowered.table) for term in inside])
    density = compile_log_density(lowered.position, graph, lowered.table.values)
    function, gradient = DENSITY_TYPE(density.address), np.empty(density.size)
    addresses = position.ctypes.data, gradient.ctypes.data
    return Section(label, len(inside), _seconds(lambda: function(*addresses)))


def _seconds(call: Callable[[], object]) -> float:
    """The time of a call, the shortest mean of a few rounds."""
    call()
    count, rounds = 1, []
    while True:
        began = time.perf_counter()
        for _ in range(count):
            call()
        took = time.perf_counter() - began
        if took > ENOUGH / 5:
            rounds.append(took / count)
            if len(rounds) == 5:
                return min(rounds)
        else:
            count *= 4
