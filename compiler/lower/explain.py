"""Why a log density is not finite somewhere: the first check that fails or the terms that are not finite."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor.tensor as pt
from numpy.typing import NDArray
from pplc.grammar.diagnostics import Diagnostic
from pytensor.graph.replace import clone_replace
from pytensor.graph.traversal import toposort

from ..codegen.higher_order.solve_op import Solution
from ..codegen.loop_op import GeneratedLoop
from ..library.evaluation import evaluate
from .program import Lowered, total

MOST_LINES = 5


def explain(lowered: Lowered, position: NDArray[np.float64]) -> str:
    """In words, with lines of the program; an empty string if the log density is finite."""

    def value(graph: Any) -> NDArray[Any]:
        return value_at(lowered, position, graph)

    lines = []
    for check in lowered.checks:
        if not bool(value(pt.as_tensor(check.condition))):
            lines.append(f"line {check.span.line}: `{_first_line(check.span.text)}`: {check.text}")
    for term in lowered.terms:
        number = float(value(total(term, lowered.table)))
        if not np.isfinite(number):
            lines.append(f"line {term.span.line}: `{_first_line(term.span.text)}` is {number:g}")
    if not lines:
        return ""
    more = [f"and {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else []
    return "\n".join([*lines[:MOST_LINES], *more])


def stopped(lowered: Lowered, position: NDArray[np.float64]) -> Diagnostic | None:
    """What stops an operation of the graph, if anything does: a solver also where only its derivatives are too much."""
    for node in toposort([lowered.log_density()]):
        if isinstance(node.op, Solution | GeneratedLoop):
            problem = node.op.failure([value_at(lowered, position, source) for source in node.inputs])
            if problem is not None:
                return problem
    return None


def value_at(lowered: Lowered, position: NDArray[np.float64], graph: Any) -> NDArray[Any]:
    """The value of a graph over the position, worked out without compiling anything."""
    where: dict[Any, Any] = {lowered.position: pt.constant(position).astype("float64")}
    where |= {variable: pt.constant(array) for variable, array in lowered.table.values.items()}
    [bound] = clone_replace([graph], where, rebuild_strict=False)
    return evaluate(bound)


def _first_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[0] + (" ..." if len(lines) > 1 else "")
