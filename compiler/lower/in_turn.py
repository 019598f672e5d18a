"""Short loops that must run in order, inside loops whose iterations are independent: step by step, all lanes at once.

Each step is one piece of graph for all lanes that get so far. A recurrence over time thus runs for all individuals
together, instead of making generated code of the loop over the individuals.
"""

from __future__ import annotations

import numpy as np

from .. import ir
from ..rewrite.pipeline import is_off
from ..types import Int
from ..walk import nodes, reachable
from . import statements
from .frames import ROOT, Lanes, chosen
from .scope import Binding, Scope
from .values import Value

FEWEST_LANES = 8  # fewer are no gain
MOST_NODES = 1000  # of the typed program, over all steps: 700 take 3 s more to compile than generated code does


def is_short(statement: ir.For, lower: Lanes, upper: Lanes, scope: Scope) -> bool:
    """Whether a loop from `lower` to `upper`, over the lanes in force, has few enough steps."""
    if is_off("in_turn") or scope.lanes.size < FEWEST_LANES:
        return False
    if any(isinstance(node, ir.Return | ir.Break) for node in nodes(statement.body)):
        return False
    size = sum(1 for _ in reachable(statement.body))
    return scope.copies * _steps(lower, upper) * size <= MOST_NODES


def run(statement: ir.For, lower: Lanes, upper: Lanes, scope: Scope) -> None:
    """Lower a loop from `lower` to `upper`, over the lanes in force, step by step."""
    lanes, copies, steps = scope.lanes, scope.copies, _steps(lower, upper)
    scope.copies = copies * steps
    for step in range(steps):
        now = lower + step
        going = now <= upper
        number = Value(now, Int(), lanes) if np.ptp(now) else Value(np.asarray(now.flat[0]), Int(), ROOT)
        scope.frame = lanes if going.all() else chosen(lanes, going)
        scope.bindings[statement.variable] = Binding(number, lanes)
        statements.execute_as_graph(statement.body, scope)
    scope.frame, scope.copies = lanes, copies


def _steps(lower: Lanes, upper: Lanes) -> int:
    return int((upper - lower).max(initial=-1)) + 1
