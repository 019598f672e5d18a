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
    from pplc.compiler.lower.walk import nodes

    found: dict[str, list[ir.Profile]] = {}
    for node in nodes(model.program.transformed_parameters + model.program.model):
        if isinstance(node, ir.Profile):
            found.setdefault(node.label, []).append(node)
    return [_timed(model, label, sections, position) for label, sections in found.items()]


def _timed(model: Model, label: str, sections: list[ir.Profile], position: NDArray[np.float64]) -> Section:
    import pytensor.tensor as pt

    from pplc.compiler.backend.density import compile_log_density
    from pplc.compiler.lower.program import total

    lowered = model.lowered
    spans = [section.span for section in sections]
    inside = [t for t in lowered.terms if any(s.start <= t.span.start and t.span.end <= s.end for s in spans)]
    if not inside:
        return Section(label, 0, None)
    totals = [total(term, lowered.table) for term in inside]
    graph = pt.add(*totals) if len(totals) > 1 else totals[0]
    density = compile_log_density(lowered.position, graph, lowered.table.values)
    return Section(label, len(inside), _seconds(lambda: density(position)))


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


def table(sections: list[Section]) -> str:
    """The sections as lines of text."""
    width = max((len(section.label) for section in sections), default=0)
    lines = []
    for section in sections:
        took = "not measured: no density terms" if section.seconds is None else f"{section.seconds * 1e6:.3g} us"
        lines.append(f"{section.label:<{width}}  {section.terms:>3} terms  {took}")
    return "\n".join(lines)
