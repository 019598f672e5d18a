"""Tells whether two programs lower to the same graph of the same numbers, so that one of them need not be compiled."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from pytensor.graph.traversal import toposort

import pplc
from pplc.model import Model


def graph_key(model: Model) -> Hashable:
    """Equal for models whose log densities are the same graph, data included; None where a model does not lower."""
    try:
        lowered = model.lowered
    except pplc.PplcError:
        return None
    density = lowered.log_density()  # which adds to the table
    numbers: dict[Any, Hashable] = {lowered.position: "position"}
    for variable, value in lowered.table.values.items():
        numbers[variable] = ("data", variable.type, value.shape, value.tobytes())
    steps: list[Hashable] = []
    for node in toposort([density]):
        steps.append((node.op, tuple(_named(v, numbers) for v in node.inputs)))
        numbers |= {output: (len(steps), place) for place, output in enumerate(node.outputs)}
    return lowered.size, tuple(steps), _named(density, numbers)


def _named(variable: Any, numbers: dict[Any, Hashable]) -> Hashable:
    if variable in numbers:
        return numbers[variable]
    return ("constant", variable.type, variable.data.tobytes())
