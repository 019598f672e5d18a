"""The order in which sums over known rows are shortened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytensor.scalar as ps
import pytensor.tensor as pt
from pytensor.graph.fg import FunctionGraph
from pytensor.graph.traversal import graph_inputs
from pytensor.tensor.elemwise import Elemwise
from pytensor.tensor.math import Sum

from ...library.graph import added
from ..pipeline import is_off, simplify
from . import least_squares, repeated
from .definition import RowRewrite
from .expressions import Data

# Exact reductions to few rows first; what is left may still repeat.
ROW_REWRITES: tuple[RowRewrite, ...] = (least_squares.rewrite, repeated.rewrite)

MOST_TERMS = 1000  # of a sum of arrays, that are looked at one by one


def specialise(
    value: Any, conditions: Sequence[Any], data: Mapping[Any, np.ndarray]
) -> tuple[Any, list[Any], dict[Any, np.ndarray]]:
    """See the package."""
    outputs = [value, *conditions]
    inputs = list(graph_inputs(outputs))
    variables = [v for v in inputs if not hasattr(v, "data")]
    active = [rewrite for rewrite in ROW_REWRITES if not is_off(rewrite.name)]
    if not active or not any(v in data and np.size(data[v]) >= repeated.FEWEST for v in variables):
        return value, list(conditions), {}
    graph = FunctionGraph(variables, outputs, clone=True, copy_inputs=False)
    simplify(graph)
    known = Data({v: data[v] for v in variables if v in data})
    replaced = False
    for node in list(graph.toposort()):
        if isinstance(node.op, Sum) and node.outputs[0].type.ndim == 0:
            total = _shortened(node.inputs[0], known, active)
            if total is not None:
                graph.replace(node.outputs[0], total, import_missing=True)
                replaced = True
    new_value, *new_conditions = graph.outputs
    if repeated.rewrite in active:
        for number, condition in enumerate(new_conditions):
            short = repeated.shorten_condition(condition, known)
            if short is not None:
                new_conditions[number] = short
                replaced = True
    if not replaced:
        return value, list(conditions), {}
    return new_value, new_conditions, known.new


def _shortened(argument: Any, data: Data, active: Sequence[RowRewrite]) -> Any | None:
    """The sum of an array's elements with some terms over fewer rows; None where there is nothing to gain."""
    if argument.type.ndim == 0 or argument.type.dtype != "float64" or None in argument.type.shape:
        return None
    if data.known(argument):
        return None
    whole = _first(argument, data, active)
    if whole is not None:
        return whole
    terms = _terms(argument, argument.type.shape)
    if len(terms) < 2:
        return None
    totals, rest = [], []
    for sign, term in terms:
        total = _first(term, data, active)
        if total is None:
            rest.append((sign, term))
        else:
            totals.append(sign * total)
    if not totals:
        return None
    if rest:
        sign, left = rest[0]
        left = left if sign > 0 else -left
        for sign, term in rest[1:]:
            left = left + term if sign > 0 else left - term
        totals.append(pt.sum(left))
    return added(totals)


def _first(term: Any, data: Data, active: Sequence[RowRewrite]) -> Any | None:
    for rewrite in active:
        total = rewrite.shorten(term, data)
        if total is not None:
            return total
    return None


def _terms(variable: Any, shape: tuple[int, ...]) -> list[tuple[float, Any]]:
    """The terms of a sum, all of the full shape, with their signs.

    A sum with a stretched term counts as one, and so do all of them where they are too many: sums may share terms.
    """
    found: list[tuple[float, Any]] = []
    pending = [(1.0, variable)]
    while pending:
        sign, term = pending.pop()
        node = term.owner
        signs = None
        if node is not None and isinstance(node.op, Elemwise) and all(o.type.shape == shape for o in node.inputs):
            match node.op.scalar_op:
                case ps.Add():
                    signs = [sign] * len(node.inputs)
                case ps.Sub():
                    signs = [sign, -sign]
        if signs is None:
            found.append((sign, term))
        else:
            pending.extend(reversed(list(zip(signs, node.inputs, strict=True))))
        if len(found) + len(pending) > MOST_TERMS:
            return [(1.0, variable)]
    return found
